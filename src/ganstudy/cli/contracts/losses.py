"""What a loss promises."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from ganstudy.cli.contracts import BrokenError, expect
from ganstudy.core.errors import UserError
from ganstudy.losses.loss import Loss, TwoTermLoss
from ganstudy.training.capture.captured_step import capture

REPLICAS, BATCH = 3, 5
EXTREME = 1e4
FREE = 0.3
"""A logit for losses whose optimal one is free: it is a constant, and any within [-1, 1] serves."""


def _drawn(seed: int = 0) -> tuple[Tensor, ...]:
    """Logits of real and of generated samples, and U(0, 1) numbers for either, `[replicas, batch]`."""
    random = torch.Generator().manual_seed(seed)
    real, fake = torch.randn(2, REPLICAS, BATCH, generator=random, dtype=torch.float64)
    u, w = torch.rand(2, REPLICAS, BATCH, generator=random, dtype=torch.float64)
    return real, fake, u, w


def _both(loss: Loss, real: Tensor, fake: Tensor, u: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
    return loss.discriminator(real, fake, (u, w)), loss.generator(fake, real, u)


def it_answers_for_each_example_of_each_replica(loss: Loss) -> None:
    given = _drawn()
    for name, found in zip(("discriminator", "generator"), _both(loss, *given), strict=True):
        expect(
            found.shape == (REPLICAS, BATCH),
            f"{name} gives {list(found.shape)} for logits {list(given[0].shape)}; should be one for each "
            "example",
        )
    together = torch.stack(_both(loss, *given))
    for i in range(REPLICAS):
        for j in range(BATCH):
            alone = torch.stack(_both(loss, *(t[i : i + 1, j : j + 1] for t in given)))
            expect(
                torch.allclose(alone[:, 0, 0], together[:, i, j], rtol=1e-9, atol=1e-12),
                "an example's loss depends on the others of its batch or on other replicas",
            )


def its_values_at_match_are_what_it_computes(loss: Loss) -> None:
    declared = loss.at_match
    logit = torch.full((1, 1), FREE if declared.logit is None else declared.logit, dtype=torch.float64)
    for u in (0.0, 0.3, 1.0):
        label = torch.full_like(logit, u)
        discriminator, generator = _both(loss, logit, logit, label, label)
        found = {"discriminator": discriminator, "generator": generator}
        if isinstance(loss, TwoTermLoss):
            found |= {"real": loss.real(logit, label), "fake": loss.fake(logit, label)}
        for name, value in found.items():
            said = getattr(declared, name)
            expect(
                said is None or abs(value.item() - said) < 1e-6,
                f"at match {name} is {value.item():.6g}, but at_match says {said}",
            )


def its_brier_score_at_match_is_that_of_the_optimal_answer(loss: Loss) -> None:
    brier, logit = loss.at_match.brier, loss.at_match.logit
    expect(loss.brier_of in (None, "probability", "score"), f"brier_of is '{loss.brier_of}'")
    if loss.brier_of is None:
        expect(brier is None, "at_match has a Brier score, but brier_of names no probability")
        return
    expect(logit is not None, "a probability has a logit at match; at_match has none")
    assert logit is not None
    d = 1 / (1 + math.exp(-logit)) if loss.brier_of == "probability" else logit
    expected = ((1 - d) ** 2 + d**2) / 2
    expect(
        brier is not None and abs(brier - expected) < 1e-9,
        f"at_match.brier is {brier}, but an answer of {d:.4g} has {expected:.6g}",
    )


def its_two_terms_add_up(loss: Loss) -> None:
    if isinstance(loss, TwoTermLoss):
        real, fake, u, w = _drawn()
        both = loss.real(real, u) + loss.fake(fake, w)
        expect(
            torch.allclose(both, loss.discriminator(real, fake, (u, w)), rtol=1e-9, atol=1e-12),
            "discriminator is not the sum of real and fake",
        )


def it_and_its_gradients_stay_finite_for_extreme_logits(loss: Loss) -> None:
    u = torch.full((1, 1), 0.5)
    for c in (-EXTREME, EXTREME):
        for g in (-EXTREME, EXTREME):
            real, fake = (torch.tensor([[x]], requires_grad=True) for x in (c, g))
            values = _both(loss, real, fake, u, u)
            total = torch.cat(values).sum()
            gradients = torch.autograd.grad(total, (real, fake), allow_unused=True)
            found = [*values, *(gradient for gradient in gradients if gradient is not None)]
            expect(
                all(torch.isfinite(x).all() for x in found),
                f"not finite, or its gradient, for logits {c:g} (real) and {g:g} (generated)",
            )


def it_draws_labels_only_if_it_says_so(loss: Loss) -> None:
    real, fake, u, w = _drawn()
    one, other = (torch.stack(_both(loss, real, fake, u * x, w * x)) for x in (1.0, 0.5))
    expect(
        loss.label_noise in (None, "per_batch", "fixed"),
        f"label_noise is '{loss.label_noise}'; should be per_batch, fixed or None",
    )
    expect(
        loss.label_noise is not None or torch.equal(one, other),
        "it uses u, but label_noise is None; should be 'per_batch' or 'fixed'",
    )


def it_can_be_replayed(loss: Loss) -> None:
    """Training writes its arithmetic down once. What it decides in Python would stay as it was then."""

    def gradients(*given: Tensor) -> Sequence[Tensor]:
        real, fake = (x.detach().requires_grad_() for x in given[:2])
        values = _both(loss, real, fake, *given[2:])
        found = torch.autograd.grad(
            torch.stack(values).sum(), (real, fake), allow_unused=True, materialize_grads=True
        )
        return [*(value.detach() for value in values), *found]

    given = [tuple(x.float() for x in _drawn(seed)) for seed in range(4)]
    try:
        replay = capture(gradients, *given[0])
    except UserError as error:
        raise BrokenError(str(error)) from None
    for others in given[1:]:
        pairs = zip(replay(*others), gradients(*others), strict=True)
        expect(
            all(torch.allclose(a, b, rtol=1e-5, atol=1e-6) for a, b in pairs),
            "replayed it gives other values than anew; compute from what is given, by tensors' operations",
        )


LOSS = [
    it_answers_for_each_example_of_each_replica,
    its_values_at_match_are_what_it_computes,
    its_brier_score_at_match_is_that_of_the_optimal_answer,
    its_two_terms_add_up,
    it_and_its_gradients_stay_finite_for_extreme_logits,
    it_draws_labels_only_if_it_says_so,
    it_can_be_replayed,
]
