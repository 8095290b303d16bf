"""A run is its seed's alone: the same bits in any batch composition."""

from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ganstudy.execution.environment import MOST_REPLICAS
from ganstudy.execution.process_pool import split_seeds
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.sources.stream import Shuffled, Stream
from ganstudy.study.loading import load, parse
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs
from ganstudy.training.trainer import train

ROOT = Path(__file__).parents[2]
PARAMS = load(ROOT / "params.yaml")
# Two terms, with exponentials and with random labels; a penalty between samples; and one on them.
LOSSES = ("non_saturating", "smoothed", "wgan_gp", "r3gan")
CELLS = [(variant, loss) for variant in PARAMS.variants for loss in LOSSES]
# What fails takes long, and simpler examples of it tell no more.
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
SHORT = {"steps": 3, "discriminator_pretest": 0, "points": 1, "snapshots": 1, "samples": 100}
HELD_OUT = 200


@cache
def task(variant: str, loss: str) -> tuple[Cell, Prepared, Stream]:
    """A cell of the committed study, cut short."""
    cell = PARAMS.cell(variant, loss)
    data = Prepared.of(make_source(cell.recipe.source))
    data = replace(data, held_out=data.held_out[:HELD_OUT])
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


@pytest.mark.parametrize(("variant", "loss"), CELLS)
@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow], phases=WITHOUT_SHRINKING)
@given(
    seeds=st.lists(st.integers(0, 5), min_size=1, max_size=6, unique=True),
    before=st.integers(0, 34),
    after=st.integers(0, 34),
    workers=st.integers(1, 3),
    most=st.sampled_from([1, 5, MOST_REPLICAS]),
)
def test_a_seed_has_the_same_bits_in_any_batch_composition(
    variant: str, loss: str, seeds: list[int], before: int, after: int, workers: int, most: int
) -> None:
    """Alone, or in any order among up to some seventy others, before and behind, in any shards."""
    cell, data, stream = task(variant, loss)
    crowd = [*range(100, 100 + before), *seeds, *range(200, 200 + after)]
    for shard in split_seeds(crowd, workers, most):
        asked = set(shard) & set(seeds)
        together = train(cell, shard, data, stream) if asked else None
        for seed in asked:
            assert together
            assert digest(together, seed) == alone(variant, loss, seed)


@pytest.mark.slow
def test_wide_layers_are_no_exception() -> None:
    """Those of the ready MLP for MNIST, on made-up images."""
    ready = YAML(typ="safe").load(ROOT / "src/ganstudy/cli/new_study/studies/mnist.yaml")
    variant = {**ready["variants"]["mnist_mlp"], **SHORT, "samples": 20}
    losses = {"smoothed": {}, "wgan_gp": {}, "r3gan": {}}
    params = parse({"study": {"name": "wide", "seeds": 1}, "variants": {"wide": variant}, "losses": losses})
    images = np.random.default_rng(0).uniform(-1, 1, (200, 28 * 28)).astype(np.float32)
    for loss in losses:
        cell, data = params.cell("wide", loss), Prepared({"shape": [28, 28]}, images, images[:20])
        once, again = (train(cell, seeds, data, Shuffled(images)) for seeds in ([3], [7, 3, 1]))
        assert digest(once, 3) == digest(again, 3)
