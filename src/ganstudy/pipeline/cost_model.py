"""About how long stages take, before they ever ran."""

from collections.abc import Sequence
from math import gcd

from ganstudy.execution.environment import replicas, workers
from ganstudy.execution.shards import split
from ganstudy.pipeline.work import Work, discriminator_widths, generator_widths, training
from ganstudy.study.params import Params
from ganstudy.training.cell import Cell
from ganstudy.training.recipe import Recipe

SECONDS = Work(calls=8.5e-6, multiplications=3.6e-11, values=2.5e-10, drawn=2.8e-8)
"""Of each piece of work, on one core of a server's processor: `benchmarks/estimates.py` measures and fits
them. A typical cell is off by an eighth, the worst of 37 by half."""
A_RUN, A_POINT, A_DRAW, DRAWS = 0.3, 0.003, 0.08, 100
"""To judge a run, or one that makes a point; and a perfect sampler's draw, of which floors take so many."""
START, TEAM = 2.0, 2.5
"""Until a stage that DVC calls begins, and until worker processes do."""
OTHERS = {"compare": 4.0, "report": 15.0, "track": 30.0}
"""Of the whole study."""
VECTOR = 16


def estimate(params: Params, step: str, of: Sequence[str]) -> float:
    """Seconds that a stage takes on this many workers: `of` a variant, or of a variant and a loss."""
    match step:
        case "train":
            return START + TEAM + _training(params.cell(*of), params.seeds)
        case "evaluate":
            return START + _judging(params.variants[of[0]], len(params.seeds), A_RUN)
        case "floors":
            return START + _judging(params.variants[of[0]], DRAWS, A_DRAW)
        case _:
            return START + OTHERS.get(step, 0.0)


def _training(cell: Cell, seeds: Sequence[int]) -> float:
    """The workers train shards of much the same size, so many turns of them."""
    shards = split(seeds, workers(), replicas())
    turns = -(-len(shards) // workers())
    work = training(cell, padded_replicas(cell.recipe, max(map(len, shards))))
    return turns * sum(each * amount for each, amount in zip(SECONDS, work, strict=True))


def padded_replicas(recipe: Recipe, runs: int) -> int:
    """With the replicas that fill up vectors where layers are narrow, as `training.capture.padding` says."""
    widths = (*generator_widths(recipe), *discriminator_widths(recipe))
    unit = max((VECTOR // gcd(VECTOR, width) for width in widths), default=1)
    return max(2, -(-runs // unit) * unit)


def _judging(recipe: Recipe, runs: int, each: float) -> float:
    return runs * A_POINT if recipe.noise.is_constant else TEAM + runs * each / workers()
