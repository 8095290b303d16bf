"""What the discriminator sees of a pack."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ganstudy.networks.features import FEATURES, Raw
from ganstudy.training.cell import Cell

PACK, DIMS = 4, 2
# Two dimensions of one pack of four samples.
PACKED = np.array([[1.0, 0.5], [2.0, -1.0], [4.0, 0.0], [9.0, 2.5]])


@pytest.fixture(scope="session")
def features_of(make_cell: Callable[..., Cell]) -> Callable[..., Raw]:
    """`features_of(name, pack, dims, **options)`, settings read from params.yaml's schema."""

    def made(name: str, pack: int = PACK, dims: int = DIMS, **options: Any) -> Raw:
        block = {"hidden": [3], "pack": PACK, "features": {"name": name, **options}}
        settings = make_cell(discriminator=block).recipe.discriminator
        return FEATURES[name](settings.features, pack, dims)

    return made


def seen(features: Raw, packs: np.ndarray) -> np.ndarray:
    """What the map makes of packs `[batch, pack, dims]` in a single replica, `[batch, size]`."""
    return features(features.initial([0]), torch.tensor(packs[None], dtype=torch.float32))[0].numpy()


def side_by_side(*blocks: np.ndarray) -> np.ndarray:
    return np.concatenate([block.ravel() for block in blocks])


def by_hand(name: str, kernels: np.ndarray) -> np.ndarray:
    x, m = PACKED, PACKED.mean(axis=0)
    if name == "minibatch_discrimination":
        # 8 kernels of 4 numbers each.
        M = np.stack([(row @ kernels).reshape(8, 4) for row in x])
        closeness = np.zeros((PACK, 8))
        for i in range(PACK):
            for j in range(PACK):
                if i != j:
                    closeness[i] += np.exp(-abs(M[i] - M[j]).sum(axis=1))
        return side_by_side(np.hstack([x, closeness]))
    return {
        "raw": lambda: side_by_side(x),
        "squared_deviations": lambda: side_by_side(x, (x - m) ** 2),
        "differences": lambda: side_by_side(x, x - m),
        "moments": lambda: side_by_side(m, x.std(axis=0), stats.skew(x), stats.kurtosis(x)),
    }[name]()


@pytest.mark.parametrize("name", FEATURES)
def test_each_map_is_its_formula(name: str, features_of: Callable[..., Raw]) -> None:
    features = features_of(name)
    kernels = features.initial([0]).get("kernels", torch.empty(1, 0))[0].numpy()
    found = seen(features, np.stack([PACKED, 10 - PACKED]))
    assert found.shape == (2, features.size)
    np.testing.assert_allclose(found[0], by_hand(name, kernels), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", FEATURES)
@pytest.mark.parametrize(("pack", "dims"), [(2, 1), (3, 5)])
def test_the_size_is_what_comes_out(name: str, pack: int, dims: int, features_of: Callable[..., Raw]) -> None:
    features = features_of(name, pack, dims)
    x = torch.randn(2, 6, pack, dims)
    assert features(features.initial([0, 1]), x).shape == (2, 6, features.size)


@pytest.mark.parametrize("name", FEATURES)
def test_examples_and_replicas_do_not_see_each_other(name: str, features_of: Callable[..., Raw]) -> None:
    features = features_of(name)
    parameters = features.initial([0, 1])
    x = torch.randn(2, 5, PACK, DIMS, generator=torch.Generator().manual_seed(0))
    before = features(parameters, x)
    changed = x.clone()
    changed[0, 3] = np.nan
    after = features(parameters, changed)
    assert torch.isnan(after[0, 3]).any()
    assert torch.equal(after[1], before[1])
    others = [0, 1, 2, 4]
    assert torch.equal(after[0, others], before[0, others])


@pytest.mark.parametrize("through", [True, False])
@pytest.mark.parametrize(("name", "power"), [("squared_deviations", 2), ("differences", 1)])
def test_the_gradient_goes_through_the_mean_only_when_asked(
    name: str, power: int, through: bool, features_of: Callable[..., Raw]
) -> None:
    features = features_of(name, gradient_through_mean=through)
    x = torch.tensor(PACKED[None, None], dtype=torch.float32, requires_grad=True)
    weights = torch.arange(1.0, 1 + PACK * DIMS)
    deviations = features({}, x)[0, 0, PACK * DIMS :]
    (found,) = torch.autograd.grad((weights * deviations).sum(), x)
    gradient = weights.reshape(PACK, DIMS).numpy() * (2 * (PACKED - PACKED.mean(axis=0)) if power == 2 else 1)
    # Each sample moves the mean by 1/pack, and the mean moves every deviation the other way.
    expected = gradient - gradient.mean(axis=0) if through else gradient
    np.testing.assert_allclose(found[0, 0], expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", ["squared_deviations", "differences"])
def test_by_default_the_gradient_does_not_go_through_the_mean(
    name: str, features_of: Callable[..., Raw]
) -> None:
    assert features_of(name).settings.gradient_through_mean is False


@pytest.mark.parametrize("name", FEATURES)
def test_a_pack_of_equal_samples_has_a_finite_gradient(name: str, features_of: Callable[..., Raw]) -> None:
    """A generator may make a point, where the standard deviation's own gradient is infinite."""
    features = features_of(name)
    x = torch.full((1, 1, PACK, DIMS), 0.7, requires_grad=True)
    found = features(features.initial([0]), x)
    (gradient,) = torch.autograd.grad(found.sum(), x)
    assert torch.isfinite(found).all()
    assert torch.isfinite(gradient).all()


packs = st.lists(
    st.lists(st.floats(-50, 50, width=32), min_size=DIMS, max_size=DIMS), min_size=PACK, max_size=PACK
)


@given(pack=packs)
def test_closeness_lies_between_nothing_and_all_others(
    pack: list[list[float]], features_of: Callable[..., Raw]
) -> None:
    found = seen(features_of("minibatch_discrimination"), np.array([pack]))[0]
    closeness = found.reshape(PACK, DIMS + 8)[:, DIMS:]
    assert (closeness >= -1e-5).all()
    assert (closeness <= PACK - 1 + 1e-5).all()


def test_equal_samples_are_all_close_and_distant_ones_not_at_all(features_of: Callable[..., Raw]) -> None:
    features = features_of("minibatch_discrimination")
    equal, distant = np.ones((PACK, DIMS)), 1e4 * np.arange(PACK)[:, None] * np.ones(DIMS)
    found = seen(features, np.stack([equal, distant])).reshape(2, PACK, DIMS + 8)[:, :, DIMS:]
    np.testing.assert_allclose(found[0], PACK - 1, rtol=1e-6)
    np.testing.assert_allclose(found[1], 0, atol=1e-6)


def test_kernels_are_standard_normal_and_their_own_seeds(features_of: Callable[..., Raw]) -> None:
    features = features_of("minibatch_discrimination", dims=50, kernels=30, kernel_size=4)
    kernels = features.initial([3, 8])["kernels"]
    assert kernels.shape == (2, 50, 120)
    assert stats.kstest(kernels.flatten().numpy(), "norm").pvalue > 1e-3
    assert torch.equal(kernels[1], features.initial([8])["kernels"][0])
    assert not torch.equal(kernels[0], kernels[1])
