"""Every loss says what the literature says, and is worth what theory says where training is won."""

from collections.abc import Callable
from math import exp, log, log1p
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from ganstudy.cli.contracts import title
from ganstudy.cli.contracts.losses import LOSS
from ganstudy.losses.loss import Loss, TwoTermLoss
from ganstudy.losses.registry import LOSSES, make_loss

LOG_2 = log(2)
ONE_SIDED = -0.9 * log(0.45) - 0.1 * log(0.55), -log(0.55)
"""The terms at D* = 0.9 / 2."""

# What the table of published values fixes: logit, real, fake, discriminator, generator, Brier score.
TABLE: dict[str, tuple[float | None, ...]] = {
    "minimax": (0.0, LOG_2, LOG_2, 2 * LOG_2, -LOG_2, 0.25),
    "non_saturating": (0.0, LOG_2, LOG_2, 2 * LOG_2, LOG_2, 0.25),
    "smoothed": (0.0, LOG_2, LOG_2, 2 * LOG_2, LOG_2, 0.25),
    "one_sided": (log(0.45 / 0.55), *ONE_SIDED, sum(ONE_SIDED), -log(0.45), 0.2525),
    "mse": (0.0, 0.25, 0.25, 0.5, 0.25, 0.25),
    "lsgan": (0.5, 0.125, 0.125, 0.25, 0.125, 0.25),
    "wgan_clip": (None, None, None, 0.0, None, None),
    "wgan_gp": (None, None, None, 0.0, None, None),
    "hinge": (None, None, None, 2.0, None, None),
    "relativistic": (None, None, None, LOG_2, LOG_2, None),
    "r3gan": (None, None, None, LOG_2, LOG_2, None),
    "dragan": (None, None, None, None, None, None),
}


def sigmoid(c: float) -> float:
    return 1 / (1 + exp(-c))


# D's loss for logits (c of a real sample, g of a generated one) and G's, from the definitions; `u` and `w`
# draw the labels of real and generated samples.
FORMULAS: dict[str, tuple[Callable[..., float], Callable[..., float]]] = {
    "minimax": (
        lambda c, g, u, w: -log(sigmoid(c)) - log(1 - sigmoid(g)),
        lambda c, g, u: log(1 - sigmoid(g)),
    ),
    "non_saturating": (
        lambda c, g, u, w: -log(sigmoid(c)) - log(1 - sigmoid(g)),
        lambda c, g, u: -log(sigmoid(g)),
    ),
    "smoothed": (
        lambda c, g, u, w: (
            -(1 - 0.2 * u) * log(sigmoid(c))
            - 0.2 * u * log(1 - sigmoid(c))
            - 0.2 * w * log(sigmoid(g))
            - (1 - 0.2 * w) * log(1 - sigmoid(g))
        ),
        lambda c, g, u: -(1 - 0.2 * u) * log(sigmoid(g)) - 0.2 * u * log(1 - sigmoid(g)),
    ),
    "one_sided": (
        lambda c, g, u, w: -0.9 * log(sigmoid(c)) - 0.1 * log(1 - sigmoid(c)) - log(1 - sigmoid(g)),
        lambda c, g, u: -log(sigmoid(g)),
    ),
    "mse": (
        lambda c, g, u, w: (sigmoid(c) - 1) ** 2 + sigmoid(g) ** 2,
        lambda c, g, u: (sigmoid(g) - 1) ** 2,
    ),
    "lsgan": (lambda c, g, u, w: 0.5 * (c - 1) ** 2 + 0.5 * g**2, lambda c, g, u: 0.5 * (g - 1) ** 2),
    "wgan_clip": (lambda c, g, u, w: g - c, lambda c, g, u: -g),
    "wgan_gp": (lambda c, g, u, w: g - c, lambda c, g, u: -g),
    "hinge": (lambda c, g, u, w: max(0, 1 - c) + max(0, 1 + g), lambda c, g, u: -g),
    "relativistic": (lambda c, g, u, w: log1p(exp(g - c)), lambda c, g, u: log1p(exp(c - g))),
    "r3gan": (lambda c, g, u, w: log1p(exp(g - c)), lambda c, g, u: log1p(exp(c - g))),
    "dragan": (
        lambda c, g, u, w: -log(sigmoid(c)) - log(1 - sigmoid(g)),
        lambda c, g, u: -log(sigmoid(g)),
    ),
}

every_loss = pytest.mark.parametrize("name", LOSSES)
logits = st.floats(-10, 10, width=32)
shares = st.floats(0, 1, width=32)


@pytest.fixture(scope="module")
def loss_of(make_cell: Callable[..., Any]) -> Callable[..., Loss]:
    """`loss_of(name, **options)`, its settings read from params.yaml's schema."""
    return lambda name, **options: make_loss(make_cell({"loss": name, **options}).settings)


def one(value: float) -> Tensor:
    """A replica with a batch of one."""
    return torch.tensor([[value]], dtype=torch.float64)


def parts(loss: Loss, c: float, g: float, u: float = 0.3, w: float = 0.3) -> dict[str, float]:
    """D's loss (and its terms, if it has them) and G's, on single logits."""
    found = {
        "discriminator": loss.discriminator(one(c), one(g), (one(u), one(w))).item(),
        "generator": loss.generator(one(g), one(c), one(u)).item(),
    }
    if isinstance(loss, TwoTermLoss):
        found |= {"real": loss.real(one(c), one(u)).item(), "fake": loss.fake(one(g), one(w)).item()}
    return found


def test_all_published_losses_are_there() -> None:
    assert set(TABLE) <= set(LOSSES)
    assert set(TABLE) == set(FORMULAS)


@every_loss
@pytest.mark.parametrize("clause", LOSS, ids=title)
def test_every_loss_keeps_the_contract(
    clause: Callable[[Loss], None], name: str, loss_of: Callable[..., Loss]
) -> None:
    clause(loss_of(name))


@every_loss
def test_every_loss_names_its_source(name: str, loss_of: Callable[..., Loss]) -> None:
    assert loss_of(name).paper


@pytest.mark.parametrize("name", TABLE)
def test_declared_values_at_match_are_the_published_ones(name: str, loss_of: Callable[..., Loss]) -> None:
    declared = loss_of(name).at_match
    assert declared == pytest.approx(TABLE[name], abs=1e-12)


def test_the_figures_that_people_remember(loss_of: Callable[..., Loss]) -> None:
    one_sided = loss_of("one_sided").at_match
    assert one_sided.discriminator == pytest.approx(1.3763, abs=5e-5)
    assert one_sided.generator == pytest.approx(0.7985, abs=5e-5)
    assert one_sided.brier == pytest.approx(0.2525, abs=1e-12)
    assert torch.tensor(one_sided.logit).sigmoid().item() == pytest.approx(0.45)
    assert loss_of("non_saturating").at_match.discriminator == pytest.approx(1.3863, abs=5e-5)
    assert loss_of("minimax").at_match.generator == pytest.approx(-0.6931, abs=5e-5)


def test_a_constant_discriminator_pays_the_penalty_as_well(make_cell: Callable[..., Any]) -> None:
    loss = make_loss(make_cell({"loss": "dragan", "penalty": 10.0}).settings)
    assert loss.penalty is not None
    penalty = loss.penalty(torch.zeros(1, 1), torch.zeros(1, 1))
    total = parts(loss, 0, 0)["discriminator"] + penalty.item()
    assert total == pytest.approx(2 * LOG_2 + 10, rel=1e-5)


def test_the_discriminators_that_estimate_a_probability_are_the_five_of_the_table(
    loss_of: Callable[..., Loss],
) -> None:
    found = {name: loss_of(name).brier_of for name in TABLE}
    probability = {"minimax", "non_saturating", "smoothed", "one_sided", "mse"}
    assert {name for name, of in found.items() if of == "probability"} == probability
    assert {name for name, of in found.items() if of == "score"} == {"lsgan"}


@pytest.mark.parametrize("name", FORMULAS)
@given(c=logits, g=logits, u=shares, w=shares)
def test_each_loss_is_its_formula(
    name: str, loss_of: Callable[..., Loss], c: float, g: float, u: float, w: float
) -> None:
    discriminator, generator = FORMULAS[name]
    found = parts(loss_of(name), c, g, u, w)
    assert found["discriminator"] == pytest.approx(discriminator(c, g, u, w), rel=1e-6, abs=1e-9)
    assert found["generator"] == pytest.approx(generator(c, g, u), rel=1e-6, abs=1e-9)


@given(share=st.floats(0.05, 0.95))
@pytest.mark.parametrize(
    ("name", "optimum"),
    [
        ("minimax", lambda p: log(p / (1 - p))),
        ("non_saturating", lambda p: log(p / (1 - p))),
        ("mse", lambda p: log(p / (1 - p))),
        ("one_sided", lambda p: log(0.9 * p / (1 - 0.9 * p))),
        ("lsgan", lambda p: p),
    ],
)
def test_the_optimal_discriminator_answers_with_the_share_of_real_samples(
    name: str, optimum: Callable[[float], float], loss_of: Callable[..., Loss], share: float
) -> None:
    """Where a share p of all samples is real, p · real(C) + (1 - p) · fake(C) is least at D = p."""
    loss = loss_of(name)
    assert isinstance(loss, TwoTermLoss)
    C = torch.tensor([optimum(share) + step for step in (-0.1, 0.0, 0.1)], dtype=torch.float64)
    C.requires_grad_()
    risk = share * loss.real(C, torch.zeros(3)) + (1 - share) * loss.fake(C, torch.zeros(3))
    (gradient,) = torch.autograd.grad(risk.sum(), C)
    assert gradient[1].item() == pytest.approx(0, abs=1e-9)
    assert risk[1] < min(risk[0], risk[2])


def test_smoothed_labels_leave_the_optimum_at_one_half(loss_of: Callable[..., Loss]) -> None:
    loss = loss_of("smoothed", smoothing=0.2)
    u = torch.linspace(0, 1, 1001, dtype=torch.float64)
    C = torch.zeros(1001, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(loss.discriminator(C, C, (u, u.flip(0))).mean(), C)
    assert gradient.sum().item() == pytest.approx(0, abs=1e-12)


def test_the_least_loss_under_smoothed_labels(loss_of: Callable[..., Loss]) -> None:
    """Perfect separation still pays the entropy of the labels: 0.063 for s = 0.01, 0.650 for s = 0.2."""
    u = (torch.arange(20_000, dtype=torch.float64) + 0.5) / 20_000
    for smoothing, least in ((0.01, 0.063), (0.2, 0.650)):
        loss = loss_of("smoothed", smoothing=smoothing)
        # The best constant answers are the labels' means.
        best = torch.full_like(u, log((1 - smoothing / 2) / (smoothing / 2)))
        assert loss.discriminator(best, -best, (u, u)).mean().item() == pytest.approx(least, abs=5e-4)


@given(c=logits, g=logits, u=shares, w=shares)
def test_no_smoothing_is_the_non_saturating_loss(
    loss_of: Callable[..., Loss], c: float, g: float, u: float, w: float
) -> None:
    plain, smoothed = loss_of("non_saturating"), loss_of("smoothed", smoothing=0)
    assert parts(smoothed, c, g, u, w) == pytest.approx(parts(plain, c, g), abs=1e-12)


@given(g=st.floats(-15, 15))
def test_the_saturating_gradient_is_minus_d_and_the_other_minus_its_complement(
    loss_of: Callable[..., Loss], g: float
) -> None:
    fake = one(g).requires_grad_()
    d = sigmoid(g)
    for name, expected in (("minimax", -d), ("non_saturating", -(1 - d))):
        (gradient,) = torch.autograd.grad(loss_of(name).generator(fake, None, one(0)).sum(), fake)
        assert gradient.item() == pytest.approx(expected, rel=1e-9)


def test_what_is_said_of_losses_without_torch_is_so(loss_of: Callable[..., Loss]) -> None:
    """`ganstudy check` imports no loss, and knows some by name."""
    losses = {name: loss_of(name) for name in LOSSES}
    assert all(LOSSES[name].brier_of == loss.brier_of for name, loss in losses.items())
    assert all(LOSSES[name].has_penalty == (loss.penalty is not None) for name, loss in losses.items())
