"""How a clause says that it is broken."""

from collections.abc import Callable

import numpy as np

from ganstudy.training.runs import Runs


class BrokenError(Exception):
    """A promise that is not kept: in words, with what was found."""


def expect(kept: object, otherwise: str) -> None:
    """BrokenError that says `otherwise` unless it is kept."""
    if not kept:
        raise BrokenError(otherwise)


def expect_same(one: Runs, other: Runs, otherwise: str) -> None:
    """BrokenError unless both trainings left the same bits."""
    pairs = [
        (one.samples, other.samples),
        (one.evolution, other.evolution),
        (one.history.to_numpy(), other.history.to_numpy()),
        *((one.weights[name], other.weights[name]) for name in one.weights),
    ]
    expect(all(np.array_equal(a, b, equal_nan=True) for a, b in pairs), otherwise)


def title(clause: Callable[..., None]) -> str:
    """A clause's name in words."""
    return clause.__name__.replace("_", " ")
