"""About how long stages take, before they ever ran: what work a recipe is, and the time of each piece."""

from collections.abc import Sequence
from itertools import pairwise
from math import prod
from typing import NamedTuple

import numpy as np

from ganstudy.core.files import read_json
from ganstudy.core.random import generator
from ganstudy.execution.environment import replicas, workers
from ganstudy.execution.process_pool import split_seeds
from ganstudy.losses.registry import LOSSES
from ganstudy.networks.registry import DISCRIMINATORS, GENERATORS
from ganstudy.results import paths
from ganstudy.sources.registry import make_source
from ganstudy.sources.source import Distribution
from ganstudy.study.params import Params
from ganstudy.training.capture.padding import padded_replicas
from ganstudy.training.cell import Cell
from ganstudy.training.recipe import Recipe


class Work(NamedTuple):
    """What time is spent on. Seconds are a sum of these, each times a constant."""

    calls: float = 0.0
    """Layers gone through, forward and backward: what each costs however little it computes."""
    multiplications: float = 0.0
    values: float = 0.0
    """Numbers that layers put out: activations take longer than multiplications in small networks."""
    drawn: float = 0.0
    """Random numbers."""


SECONDS = Work(calls=8.5e-6, multiplications=3.6e-11, values=2.5e-10, drawn=2.8e-8)
"""Of each piece of work, on one core of a server's processor: `benchmarks/estimates.py` measures and fits
them. A typical cell is off by an eighth, the worst of 37 by half."""
A_RUN, A_POINT, A_DRAW, FLOOR_DRAWS = 0.3, 0.003, 0.08, 100
"""To judge a run, or one that makes a point; and a perfect sampler's draw, of which floors take so many."""
START, WORKERS_START = 2.0, 2.5
"""Until a stage that DVC calls begins, and until worker processes do."""
OTHERS = {"compare": 4.0, "report": 15.0, "track": 30.0}
"""Of the whole study."""
UNKNOWN = 16
"""Numbers a sample, a guess until the data of a file are prepared."""
UNKNOWN_WIDTHS = (64, 64)
"""Of a network of the study's own, which nobody knows."""
FEATURE_LAYERS = 10
"""What features that compare samples cost, in layers."""


def estimate(params: Params, step: str, of: Sequence[str]) -> float:
    """Seconds that a stage takes on this many workers: `of` a variant, or of a variant and a loss."""
    match step:
        case "train":
            return START + WORKERS_START + _training(params.cell(*of), params.seeds)
        case "evaluate":
            return START + _judging(params.variants[of[0]], len(params.seeds), A_RUN)
        case "floors":
            return START + _judging(params.variants[of[0]], FLOOR_DRAWS, A_DRAW)
        case _:
            return START + OTHERS.get(step, 0.0)


def _training(cell: Cell, seeds: Sequence[int]) -> float:
    """The workers train shards of much the same size, so many turns of them."""
    shards = split_seeds(seeds, workers(), replicas())
    turns = -(-len(shards) // workers())
    work = training_work(cell, padded_replicas(max(map(len, shards)), hidden_widths(cell.recipe)))
    return turns * sum(each * amount for each, amount in zip(SECONDS, work, strict=True))


def _judging(recipe: Recipe, runs: int, each: float) -> float:
    return runs * A_POINT if recipe.noise.is_constant else WORKERS_START + runs * each / workers()


def training_work(cell: Cell, replicas: int) -> Work:
    """Of so many runs that train side by side."""
    recipe = cell.recipe
    size, batch, compares = _sample_size(cell), recipe.batch, _compares(recipe)
    samples = batch * recipe.discriminator.pack
    seen = recipe.discriminator.pack * size * (2 if compares else 1)
    g_widths = (recipe.noise.size, *_generator_widths(recipe), size)
    d_widths = (seen, *_discriminator_widths(recipe), 1)
    # Calls, multiplications and values: of a batch through the generator, and of real and generated ones
    # through the discriminator.
    g = np.array([len(g_widths), samples * _products(g_widths), samples * sum(g_widths[1:])])
    d = np.array([len(d_widths), 2 * batch * _products(d_widths), 2 * batch * sum(d_widths[1:])])
    d[0] += FEATURE_LAYERS if compares else 0
    # Forward and backward, the latter twice the work; the gradient norm's own way back is as much again and
    # more.
    d_update = (7 if LOSSES.of(cell.settings).has_penalty else 3) * d
    d_step, g_step = g + d_update, 3 * g + (3, 1, 1) * d
    step = recipe.discriminator_steps * d_step + recipe.generator_steps * g_step
    calls, multiplications, values = recipe.steps * step + recipe.discriminator_pretest * d_update
    updates = recipe.discriminator_steps + recipe.generator_steps
    drawn = recipe.steps * (recipe.discriminator_steps * size + updates * recipe.noise.size)
    return Work(
        calls=calls,
        multiplications=replicas * multiplications,
        values=replicas * (values + recipe.samples * (sum(g_widths) + sum(d_widths))),
        drawn=replicas * samples * (drawn + recipe.discriminator_pretest * size),
    )


def _sample_size(cell: Cell) -> int:
    """How many numbers a sample is: as prepared, or else by its source's name."""
    description = paths.prepared(cell.variant) / "description.json"
    if description.is_file():
        return prod(read_json(description)["shape"])
    source = make_source(cell.recipe.source)
    if isinstance(source, Distribution):
        return int(source.draw(generator(0, "dims"), 1).size)
    return prod(source.shape) if source.shape else UNKNOWN


def hidden_widths(recipe: Recipe) -> tuple[int, ...]:
    """Of both networks."""
    return (*_generator_widths(recipe), *_discriminator_widths(recipe))


def _compares(recipe: Recipe) -> bool:
    """Whether the discriminator sees features that compare samples, beside the samples."""
    return bool(DISCRIMINATORS.of(recipe.discriminator).sees(recipe.discriminator))


def _generator_widths(recipe: Recipe) -> tuple[int, ...]:
    """Of its hidden layers."""
    return GENERATORS.of(recipe.generator).widths(recipe.generator) or UNKNOWN_WIDTHS


def _discriminator_widths(recipe: Recipe) -> tuple[int, ...]:
    return DISCRIMINATORS.of(recipe.discriminator).widths(recipe.discriminator) or UNKNOWN_WIDTHS


def _products(widths: tuple[int, ...]) -> int:
    return sum(a * b for a, b in pairwise(widths))
