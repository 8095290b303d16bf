"""What a cell promises, whatever loss, source and networks it is made of: its runs' bits."""

from collections.abc import Sequence

import numpy as np

from ganstudy.cli.contracts import expect
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.cell import Cell
from ganstudy.training.checkpointer import NULL_CHECKPOINTER, Checkpointer, State
from ganstudy.training.runs import Runs
from ganstudy.training.trainer import train

STEPS = 6
CONTRACT_SAMPLES = 20
SEEDS = (0, 1, 2)


def short(cell: Cell) -> Cell:
    """The cell with a few steps of small batches."""
    recipe, pack = cell.recipe, cell.recipe.discriminator.pack
    return _with(
        cell,
        steps=STEPS,
        batch=min(recipe.batch, 4),
        discriminator_pretest=0,
        points=2,
        snapshots=2,
        samples=recipe.samples if recipe.noise.is_constant else pack * -(-CONTRACT_SAMPLES // pack),
    )


def _with(cell: Cell, **changes: int) -> Cell:
    """The cell with another recipe."""
    return cell.model_copy(update={"recipe": cell.recipe.model_copy(update=changes)})


def a_run_has_the_same_bits_in_any_batch_composition(cell: Cell) -> None:
    together = _trained(cell, SEEDS)
    for seeds in ((2,), (1, 0)):
        _expect_same(
            _trained(cell, seeds),
            together.only(seeds),
            f"seeds {', '.join(map(str, seeds))} end otherwise than with others beside them",
        )


def training_again_gives_the_same_bits(cell: Cell) -> None:
    _expect_same(_trained(cell, SEEDS), _trained(cell, SEEDS), "trained again, it ends otherwise")


def interrupted_training_gives_the_same_bits(cell: Cell) -> None:
    whole = _trained(cell, SEEDS)
    checkpointer = _Notebook()
    _trained(cell, SEEDS, checkpointer)
    for state in checkpointer.states[:-1]:
        _expect_same(
            _trained(cell, SEEDS, _Notebook(state)),
            whole,
            "taken up where it was interrupted, it ends otherwise: something is kept outside parameters and "
            "buffers",
        )


def it_trains_numbers_of_single_precision(cell: Cell) -> None:
    before, after = (_trained(_with(cell, steps=steps), SEEDS) for steps in (1, STEPS))
    for name, values in after.weights.items():
        expect(
            values.dtype.kind != "f" or values.itemsize == 4, f"{name} is {values.dtype}; should be float32"
        )
    for network in ("generator", "discriminator"):
        names = [name for name in after.weights if name.startswith(network)]
        expect(names, f"the {network} has no parameters")
        expect(
            any((after.weights[name] != before.weights[name]).any() for name in names),
            f"training leaves the {network} as it is",
        )


def _expect_same(one: Runs, other: Runs, otherwise: str) -> None:
    """BrokenError unless both trainings left the same bits."""
    pairs = [
        (one.samples, other.samples),
        (one.evolution, other.evolution),
        (one.history.to_numpy(), other.history.to_numpy()),
        *((one.weights[name], other.weights[name]) for name in one.weights),
    ]
    expect(all(np.array_equal(a, b, equal_nan=True) for a, b in pairs), otherwise)


class _Notebook(Checkpointer):
    """Keeps every state, and begins with the given one."""

    is_due = True

    def __init__(self, begun: State | None = None) -> None:
        self.begun = begun
        self.states: list[State] = []

    def load(self) -> State | None:
        return self.begun

    def save(self, state: State) -> None:
        self.states.append({name: value.copy() for name, value in state.items()})


def _trained(cell: Cell, seeds: Sequence[int], checkpointer: Checkpointer = NULL_CHECKPOINTER) -> Runs:
    source = make_source(cell.recipe.source)
    data = Prepared.of(source)
    return train(cell, seeds, data, data.stream(source), checkpointer=checkpointer)


CELL = [
    training_again_gives_the_same_bits,
    a_run_has_the_same_bits_in_any_batch_composition,
    interrupted_training_gives_the_same_bits,
    it_trains_numbers_of_single_precision,
]
