"""The state of an unfinished training, from which it can resume.

Batches are pure functions of seed and block (`core/random.py`). So the state is the tensors that training
changes, and the history so far. A checkpointer decides where it is kept.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

State = dict[str, NDArray[Any]]
"""Arrays by name. Those of a part have its name and a dot before their own."""


class Checkpointer(Protocol):
    """Keeps the state of one unfinished training."""

    def load(self) -> State | None:
        """What was saved last, unless nothing was."""

    def save(self, state: State) -> None:
        """Keep this, in place of what was saved before."""

    @property
    def is_due(self) -> bool:
        """Whether it is time to save."""


class NullCheckpointer:
    """Keeps nothing, and so is a checkpointer of any training."""

    is_due = False

    def load(self) -> None:
        """Nothing."""

    def save(self, state: State) -> None:
        """Does nothing."""


NULL_CHECKPOINTER = NullCheckpointer()


def named(part: str, state: State) -> State:
    """A part's state among those of other parts."""
    return {f"{part}.{name}": value for name, value in state.items()}


def part_of(state: State, part: str) -> State:
    """What `named` was given; empty if the part has none."""
    prefix = f"{part}."
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


def count_array(value: int) -> NDArray[np.int64]:
    """A count, as a state holds it: `[1]`."""
    return np.array([value])
