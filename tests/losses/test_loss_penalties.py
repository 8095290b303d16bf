"""Penalties on critics whose gradient norm is known."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from ganstudy.losses.penalties import Critic, DraganPenalty, Penalty, squared_gradient_norm
from ganstudy.losses.registry import LOSSES, make_loss
from ganstudy.training.cell import Cell

REPLICAS, BATCH, PACK, DIMS = 2, 5, 3, 4
WEIGHT = 0.7
UNIT_SLOPE: dict[str, dict[str, Any]] = {
    "wgan_gp": {"loss": "wgan_gp"},
    "dragan": {"loss": "dragan", "slope_of": "logit"},
    "dragan_normal": {"loss": "dragan", "slope_of": "logit", "perturbation": "normal"},
}

Examples = tuple[Tensor, Tensor]


@pytest.fixture(scope="module")
def penalty_of(make_cell: Callable[..., Cell]) -> Callable[..., Penalty]:
    """`penalty_of(entry)`: the penalty of an entry under `losses:`."""

    def found(entry: str | dict[str, Any]) -> Penalty:
        named = {"loss": entry} if isinstance(entry, str) else entry
        penalty = make_loss(make_cell({"penalty": WEIGHT, **named}).settings).penalty
        assert penalty is not None
        return penalty

    return found


@pytest.fixture(scope="module")
def examples() -> Examples:
    """Real and generated, `[replicas, batch, pack, dims]`."""
    random = torch.Generator().manual_seed(0)
    real, fake = torch.randn(2, REPLICAS, BATCH, PACK, DIMS, generator=random)
    return real, 3 * fake + 1


def linear(length: float) -> Critic:
    """C(x) = w · x over a pack's samples and dimensions together, ‖w‖ = `length`."""
    w = torch.linspace(-1, 2, PACK * DIMS).reshape(PACK, DIMS)
    w = length * w / w.norm()
    return lambda x: (x * w).sum(dim=(-2, -1)) + 5


def constant(x: Tensor) -> Tensor:
    return 0 * x.sum(dim=(-2, -1)) + 5


def paid(penalty: Penalty, critic: Critic, examples: Examples) -> Tensor:
    """The penalty of each replica, with the noise that a training would draw."""
    rng = np.random.default_rng(0)
    batch, *example = examples[0].shape[1:]
    drawn = [penalty.noise(rng, (batch,), tuple(example)) for _ in range(REPLICAS)]
    noise = torch.from_numpy(np.stack(drawn))
    points = penalty.points(*examples, noise)
    met = squared_gradient_norm(critic, torch.cat(examples, dim=1) if points is None else points)
    return penalty(*met).mean(dim=1)


@pytest.mark.parametrize("entry", UNIT_SLOPE.values(), ids=UNIT_SLOPE)
def test_a_linear_critic_of_unit_slope_pays_nothing(
    entry: dict[str, Any], penalty_of: Callable[..., Penalty], examples: Examples
) -> None:
    torch.testing.assert_close(paid(penalty_of(entry), linear(1.0), examples), torch.zeros(REPLICAS))


@pytest.mark.parametrize("entry", UNIT_SLOPE.values(), ids=UNIT_SLOPE)
@given(length=st.floats(0.1, 10))
def test_a_linear_critic_pays_the_square_of_what_its_slope_misses(
    entry: dict[str, Any], length: float, penalty_of: Callable[..., Penalty], examples: Examples
) -> None:
    expected = torch.full((REPLICAS,), WEIGHT * (length - 1) ** 2)
    torch.testing.assert_close(
        paid(penalty_of(entry), linear(length), examples), expected, rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize(
    "entry", [*UNIT_SLOPE.values(), {"loss": "dragan"}], ids=[*UNIT_SLOPE, "dragan_of_D"]
)
def test_a_constant_critic_pays_the_whole_weight(
    entry: dict[str, Any], penalty_of: Callable[..., Penalty], examples: Examples
) -> None:
    torch.testing.assert_close(
        paid(penalty_of(entry), constant, examples), torch.full((REPLICAS,), WEIGHT), rtol=1e-5, atol=0
    )


@given(length=st.floats(0, 10))
def test_r3gan_pays_half_the_squared_gradient_norm_on_real_and_on_generated_samples(
    length: float, penalty_of: Callable[..., Penalty], examples: Examples
) -> None:
    expected = WEIGHT / 2 * length**2 + WEIGHT / 2 * length**2
    torch.testing.assert_close(
        paid(penalty_of("r3gan"), linear(length), examples),
        torch.full((REPLICAS,), expected),
        rtol=1e-5,
        atol=1e-12,
    )


def test_r3gan_looks_at_both_kinds_of_sample(penalty_of: Callable[..., Penalty], examples: Examples) -> None:
    """On C = ½ ‖x‖² the gradient norm is ‖x‖, so the two halves differ."""
    real, fake = examples
    expected = (
        WEIGHT
        / 2
        * (real.square().sum(dim=(-2, -1)).mean(dim=1) + fake.square().sum(dim=(-2, -1)).mean(dim=1))
    )
    found = paid(penalty_of("r3gan"), lambda x: 0.5 * x.square().sum(dim=(-2, -1)), examples)
    torch.testing.assert_close(found, expected)


def test_the_slope_is_each_examples_own() -> None:
    """On C = ½ ‖x‖² each example's gradient norm is its own length, whatever else is in the batch."""
    x = torch.randn(REPLICAS, BATCH, PACK, DIMS)
    C, found = squared_gradient_norm(lambda x: 0.5 * x.square().sum(dim=(-2, -1)), x)
    torch.testing.assert_close(C, 0.5 * found)
    torch.testing.assert_close(found.sqrt(), x.flatten(2).norm(dim=2))
    assert found.unique().numel() == REPLICAS * BATCH


def test_wgan_gp_looks_between_real_and_generated_samples(
    penalty_of: Callable[..., Penalty], examples: Examples
) -> None:
    real, fake = examples
    noise = torch.rand(REPLICAS, BATCH, 1, 1, generator=torch.Generator().manual_seed(1))
    points = penalty_of("wgan_gp").points(real, fake, noise)
    assert points is not None
    way = (points - real) / (fake - real)
    # One place on the segment for a whole example, another for each example.
    torch.testing.assert_close(way, way[..., :1, :1].expand_as(way), rtol=1e-3, atol=1e-3)
    assert (way > 0).all()
    assert (way < 1).all()
    assert way[..., 0, 0].unique().numel() == REPLICAS * BATCH


def test_dragans_slope_is_that_of_the_probability_unless_told_otherwise(
    penalty_of: Callable[..., Penalty], examples: Examples
) -> None:
    """At C = 0 the sigmoid divides the gradient by 4: a logit of norm 4 is a probability of norm 1."""
    steep = linear(4.0)

    def flat_at_zero(x: Tensor) -> Tensor:
        return steep(x) - steep(x).detach()

    torch.testing.assert_close(paid(penalty_of("dragan"), flat_at_zero, examples), torch.zeros(REPLICAS))
    of_logit = paid(penalty_of({"loss": "dragan", "slope_of": "logit"}), flat_at_zero, examples)
    torch.testing.assert_close(of_logit, torch.full((REPLICAS,), WEIGHT * 9.0))


@pytest.mark.parametrize("perturbation", ["uniform", "normal"])
def test_dragan_looks_near_real_samples_alone(
    perturbation: str, penalty_of: Callable[..., Penalty], examples: Examples
) -> None:
    entry = {"loss": "dragan", "perturbation": perturbation, "spread": 0.5}
    penalty = penalty_of(entry)
    assert isinstance(penalty, DraganPenalty)
    rng, shape = np.random.default_rng(1), (4000, PACK, DIMS)
    noise = torch.from_numpy(penalty.noise(rng, shape[:1], shape[1:]))[None]
    real = 3 * torch.randn(1, *shape)
    points = penalty.points(real, torch.full_like(real, 1e6), noise)
    assert points is not None
    delta = points - real
    if perturbation == "uniform":
        widest = 0.5 * real.std(correction=0).item()
        assert delta.min().item() == pytest.approx(0, abs=1e-3)
        assert delta.max().item() == pytest.approx(widest, rel=1e-3)
        assert delta.mean().item() == pytest.approx(widest / 2, rel=0.01)
    else:
        assert delta.mean().item() == pytest.approx(0, abs=0.01)
        assert delta.std().item() == pytest.approx(0.5, rel=0.01)


PENALISED = [name for name, loss in LOSSES.items() if loss.has_penalty]


@pytest.mark.parametrize("name", PENALISED)
def test_a_constant_critic_can_still_learn(
    name: str, penalty_of: Callable[..., Penalty], examples: Examples
) -> None:
    """The root in the norm has an infinite derivative at zero, which would make the first update NaN."""
    w = torch.zeros(PACK, DIMS, requires_grad=True)
    found = paid(penalty_of(name), lambda x: (x * w).sum(dim=(-2, -1)), examples)
    (gradient,) = torch.autograd.grad(found.sum(), w)
    assert torch.isfinite(found).all()
    assert torch.isfinite(gradient).all()


@pytest.mark.parametrize("name", PENALISED)
def test_a_penalty_pulls_on_the_weights(
    name: str, penalty_of: Callable[..., Penalty], examples: Examples
) -> None:
    """The second-order gradient is there: on a linear critic that is too steep, it points along w."""
    w = torch.linspace(-1, 2, PACK * DIMS).reshape(PACK, DIMS).requires_grad_()
    entry = {"loss": "dragan", "slope_of": "logit"} if name == "dragan" else name
    found = paid(penalty_of(entry), lambda x: (x * w).sum(dim=(-2, -1)), examples)
    (gradient,) = torch.autograd.grad(found.sum(), w)
    along = torch.nn.functional.cosine_similarity(gradient.flatten(), w.detach().flatten(), dim=0)
    assert along.item() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", PENALISED)
def test_a_replicas_penalty_is_its_own(
    name: str, penalty_of: Callable[..., Penalty], examples: Examples
) -> None:
    def critic(x: Tensor) -> Tensor:
        return 0.1 * x.square().sum(dim=(-2, -1)) + linear(0.5)(x)

    real, fake = examples
    changed = real.clone(), fake.clone()
    for values in changed:
        values[0] = torch.nan
    penalty = penalty_of(name)
    before, after = paid(penalty, critic, examples), paid(penalty, critic, changed)
    assert torch.isnan(after[0])
    assert torch.equal(before[1], after[1])
    assert not torch.isnan(after[1])


def test_a_loss_has_a_penalty_where_params_yaml_can_weigh_it(make_cell: Callable[..., Cell]) -> None:
    with_penalty = {name for name in LOSSES if make_loss(make_cell(name).settings).penalty is not None}
    assert with_penalty == set(PENALISED)
