"""A run is its seed's alone: the same bits in any company."""

from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganstudy.params import Cell, load
from ganstudy.runs import Runs
from ganstudy.sources import Prepared, Stream, make_source
from ganstudy.training import train

PARAMS = load(Path(__file__).parents[2] / "params.yaml")
# Two terms, with exponentials and with random labels; a penalty between samples; and one on them.
LOSSES = ("non_saturating", "smoothed", "wgan_gp", "r3gan")
QUICK = {("pattern_1010", "smoothed"), ("gaussian_2017", "r3gan"), ("gaussian", "wgan_gp")}
CELLS = [
    pytest.param(variant, loss, marks=() if (variant, loss) in QUICK else pytest.mark.slow)
    for variant in PARAMS.variants
    for loss in LOSSES
]
SHORT = {"steps": 3, "warm_up": 0, "points": 1, "snapshots": 1, "samples": 100}


@cache
def task(variant: str, loss: str) -> tuple[Cell, Prepared, Stream]:
    """A cell of the committed study, cut short."""
    cell = PARAMS.cell(variant, loss)
    data = Prepared.of(make_source(cell.recipe.source))
    short = cell.model_copy(update={"recipe": cell.recipe.model_copy(update=SHORT)})
    return short, data, data.stream(make_source(cell.recipe.source))


def digest(runs: Runs, seed: int) -> str:
    """Of everything that a seed's run has left behind."""
    i, found = runs.seeds.index(seed), sha256()
    history = runs.history[runs.history["seed"] == seed]
    arrays = [
        history.to_numpy(),
        runs.samples[i],
        runs.evolution[i],
        runs.logits_real[i],
        runs.logits_fake[i],
    ]
    for array in [*arrays, *(weight[i] for weight in runs.weights.values())]:
        found.update(array.tobytes())
    return found.hexdigest()


@cache
def alone(variant: str, loss: str, seed: int) -> str:
    cell, data, stream = task(variant, loss)
    return digest(train(cell, [seed], data, stream), seed)


SEEDS = st.lists(st.integers(0, 5), min_size=1, max_size=6, unique=True)
CROWD = st.integers(0, 34)


@pytest.mark.parametrize(("variant", "loss"), CELLS)
@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
@given(seeds=SEEDS, before=CROWD, after=CROWD)
def test_a_seed_has_the_same_bits_in_any_company(
    variant: str, loss: str, seeds: list[int], before: int, after: int
) -> None:
    """Alone, or in any order among up to some seventy others, before and behind."""
    cell, data, stream = task(variant, loss)
    crowd = [*range(100, 100 + before), *seeds, *range(200, 200 + after)]
    together = train(cell, crowd, data, stream)
    for seed in seeds:
        assert digest(together, seed) == alone(variant, loss, seed)
