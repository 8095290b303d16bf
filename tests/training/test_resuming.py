"""A training that was interrupted ends with the bits of one that was not."""

from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.cell import Cell
from ganstudy.training.checkpointer import State
from ganstudy.training.runs import Runs
from ganstudy.training.trainer import train
from same_bits import assert_same_bits

SEEDS = [3, 11, 0]
STEPS, PRETEST = 12, 5


class KilledError(Exception):
    """What a test does to a training."""


class Notebook:
    """Keeps every state in memory, until it is time to die."""

    def __init__(self, begun: State | None = None, moments: int = 1000) -> None:
        self.kept, self.moments = begun, moments

    @property
    def is_due(self) -> bool:
        return True

    def load(self) -> State | None:
        return self.kept

    def save(self, state: State) -> None:
        self.kept = deepcopy(state)
        self.moments -= 1
        if self.moments == 0:
            raise KilledError


def attempt(cell: Cell, notebook: Notebook) -> Runs:
    source = make_source(cell.recipe.source)
    data = Prepared.of(source)
    return train(cell, SEEDS, data, data.stream(source), checkpointer=notebook)


RECIPES = {
    "adam, averaged": {"generator": {"hidden": [6], "activations": "tanh", "ema": 0.9}},
    "momentum": {"optimizer": {"name": "sgd", "lr": 0.01, "momentum": 0.5}},
    "rmsprop": {"optimizer": {"name": "rmsprop", "lr": 0.01}},
    # Epochs that end within a block.
    "from a file": {"source": {"name": "digits"}, "batch": 500},
}


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("loss", ["smoothed", "wgan_gp"])
@settings(max_examples=5)
@given(ends=st.lists(st.integers(1, PRETEST + STEPS), min_size=1, max_size=3))
def test_any_number_of_interruptions_leaves_no_trace(
    recipe: str, loss: str, ends: list[int], make_cell: Callable[..., Cell]
) -> None:
    cell = make_cell(loss, steps=STEPS, discriminator_pretest=PRETEST, **RECIPES[recipe])
    begun: State | None = None
    for moments in ends:
        notebook = Notebook(begun, moments)
        with suppress(KilledError):
            attempt(cell, notebook)
        begun = notebook.kept
    assert_same_bits(attempt(cell, Notebook(begun)), attempt(cell, Notebook()))


def test_a_training_that_had_ended_does_not_run_again(make_cell: Callable[..., Cell]) -> None:
    cell = make_cell(steps=STEPS, discriminator_pretest=PRETEST)
    notebook = Notebook()
    first = attempt(cell, notebook)
    again = Notebook(notebook.kept)
    assert_same_bits(attempt(cell, again), first)
    assert again.moments == 999
