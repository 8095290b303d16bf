"""How much work it is to train a cell, by its recipe: what the time is estimated from."""

import json
from itertools import pairwise
from math import prod
from typing import NamedTuple

from ganstudy.core.random import generator
from ganstudy.losses.registry import LOSSES
from ganstudy.networks.registry import DISCRIMINATORS, GENERATORS
from ganstudy.results import paths
from ganstudy.sources.registry import make_source
from ganstudy.sources.source import Distribution
from ganstudy.training.cell import Cell
from ganstudy.training.recipe import Recipe

UNKNOWN = 16
"""Numbers a sample, a guess until the data of a file are prepared."""
UNKNOWN_WIDTHS = (64, 64)
"""Of a network of the study's own, which nobody knows."""
FEATURES = 10
"""What features that compare samples cost, in layers."""


class Work(NamedTuple):
    """What time is spent on. Seconds are a sum of these, each times a constant."""

    calls: float = 0.0
    """Layers gone through, forward and backward: what each costs however little it computes."""
    multiplications: float = 0.0
    values: float = 0.0
    """Numbers that layers put out: activations take longer than multiplications in small networks."""
    drawn: float = 0.0
    """Random numbers."""


def training(cell: Cell, replicas: int) -> Work:
    """Of so many runs that train side by side."""
    recipe = cell.recipe
    size, batch, pack = dims(cell), recipe.batch, recipe.discriminator.pack
    g = (recipe.noise.size, *generator_widths(recipe), size)
    d = (_seen(recipe, size), *discriminator_widths(recipe), 1)
    # Forward and backward, the latter twice the work; the gradient norm's own way back is as much again and
    # more.
    passes = 7 if LOSSES.of(cell.settings).has_penalty else 3
    of_d, of_g = recipe.discriminator_steps, recipe.generator_steps
    steps = recipe.steps
    alone = recipe.discriminator_pretest
    n = batch * pack
    deep = len(d) + (FEATURES if _compares(recipe) else 0)
    calls = of_d * (len(g) + passes * deep) + of_g * 3 * (len(g) + deep)
    by_d, by_g = 2 * batch * passes * _products(d), n * _products(g)
    multiplications = of_d * (by_g + by_d) + of_g * (3 * by_g + 2 * batch * _products(d))
    out_d, out_g = 2 * batch * passes * sum(d[1:]), n * sum(g[1:])
    values = of_d * (out_g + out_d) + of_g * (3 * out_g + 2 * batch * sum(d[1:]))
    drawn = (of_d * (size + recipe.noise.size) + of_g * recipe.noise.size) * n
    return Work(
        calls=steps * calls + alone * passes * deep,
        multiplications=replicas * (steps * multiplications + alone * by_d),
        values=replicas * (steps * values + alone * out_d + recipe.samples * (sum(g) + sum(d))),
        drawn=replicas * (steps * drawn + alone * n * size),
    )


def dims(cell: Cell) -> int:
    """How many numbers a sample is: as prepared, or else by its source's name."""
    description = paths.prepared(cell.variant) / "description.json"
    if description.is_file():
        return int(prod(json.loads(description.read_text(encoding="utf-8"))["shape"]))
    source = make_source(cell.recipe.source)
    if isinstance(source, Distribution):
        return source.draw(generator(0, "dims"), 1).size
    return prod(source.shape) if source.shape else UNKNOWN


def _seen(recipe: Recipe, size: int) -> int:
    """Numbers that the discriminator's first layer takes in."""
    whole = recipe.discriminator.pack * size
    return int(2 * whole if _compares(recipe) else whole)


def _compares(recipe: Recipe) -> bool:
    return bool(DISCRIMINATORS.of(recipe.discriminator).sees(recipe.discriminator))


def generator_widths(recipe: Recipe) -> tuple[int, ...]:
    """The widths of its hidden layers."""
    return GENERATORS.of(recipe.generator).widths(recipe.generator) or UNKNOWN_WIDTHS


def discriminator_widths(recipe: Recipe) -> tuple[int, ...]:
    """The same of the discriminator."""
    return DISCRIMINATORS.of(recipe.discriminator).widths(recipe.discriminator) or UNKNOWN_WIDTHS


def _products(widths: tuple[int, ...]) -> int:
    return sum(a * b for a, b in pairwise(widths))
