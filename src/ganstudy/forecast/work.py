"""How much work it is to train a cell, by its recipe: what the time is estimated from."""

import json
from itertools import pairwise
from math import prod
from typing import NamedTuple

from ganstudy import layout
from ganstudy.params import Cell, Variant
from ganstudy.params.recipe import Discriminator, Network, OwnDiscriminator, OwnNetwork

DIMS = {"pattern_1010": 4, "gaussian": 1, "ring": 2, "grid": 2, "digits": 64, "mnist": 784}
UNKNOWN = 16
"""A guess, until the data of a file are prepared."""
PENALISED = ("wgan_gp", "r3gan", "dragan")
"""Losses that ask for the slope of the critic, and descend that as well."""
OWN = (64, 64)
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


def training(cell: Cell, lanes: int) -> Work:
    """Of so many runs that train side by side."""
    recipe = cell.recipe
    size, batch, pack = dims(cell), recipe.batch, recipe.discriminator.pack
    g = (recipe.noise.size, *hidden(recipe.generator), size)
    d = (_seen(recipe, size), *hidden(recipe.discriminator), 1)
    penalty = cell.settings.model_dump()["loss"] in PENALISED
    passes = 7 if penalty else 3
    """Forward and backward, the latter twice the work; the slope's own way back is as much again and more."""
    of_d, of_g = recipe.discriminator_steps, recipe.generator_steps
    rounds = recipe.steps
    alone = recipe.warm_up
    n = batch * pack
    deep = len(d) + (FEATURES if _compares(recipe.discriminator) else 0)
    calls = of_d * (len(g) + passes * deep) + of_g * 3 * (len(g) + deep)
    by_d, by_g = 2 * batch * passes * _products(d), n * _products(g)
    multiplications = of_d * (by_g + by_d) + of_g * (3 * by_g + 2 * batch * _products(d))
    out_d, out_g = 2 * batch * passes * sum(d[1:]), n * sum(g[1:])
    values = of_d * (out_g + out_d) + of_g * (3 * out_g + 2 * batch * sum(d[1:]))
    drawn = (of_d * (size + recipe.noise.size) + of_g * recipe.noise.size) * n
    return Work(
        calls=rounds * calls + alone * passes * deep,
        multiplications=lanes * (rounds * multiplications + alone * by_d),
        values=lanes * (rounds * values + alone * out_d + recipe.samples * (sum(g) + sum(d))),
        drawn=lanes * (rounds * drawn + alone * n * size),
    )


def dims(cell: Cell) -> int:
    """How many numbers a sample is: as prepared, or else by its source's name."""
    description = layout.prepared(cell.variant) / "description.json"
    if description.is_file():
        return prod(json.loads(description.read_text(encoding="utf-8"))["shape"])
    return DIMS.get(cell.recipe.source.name, UNKNOWN)


def _seen(recipe: Variant, size: int) -> int:
    """Numbers that the discriminator's first layer takes in."""
    whole = recipe.discriminator.pack * size
    return 2 * whole if _compares(recipe.discriminator) else whole


def _compares(network: Discriminator | OwnDiscriminator) -> bool:
    return isinstance(network, Discriminator) and network.features.name != "raw"


def hidden(network: Network | OwnNetwork) -> tuple[int, ...]:
    """The widths of its hidden layers; of one's own, whose nobody knows, a guess."""
    return network.hidden if isinstance(network, Network) else OWN


def _products(widths: tuple[int, ...]) -> int:
    return sum(a * b for a, b in pairwise(widths))
