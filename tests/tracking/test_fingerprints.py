"""Fingerprints: the same for the same content, wherever and in whatever order."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from ganstudy.results.study_results import CellResult, Results
from ganstudy.tracking.cell_run import cell_fingerprint
from ganstudy.tracking.record import fingerprint
from ganstudy.tracking.seed_run import seed_fingerprints
from ganstudy.training.runs import Runs

Study = Callable[..., Results]


def test_order_does_not_matter() -> None:
    a, b = np.arange(3), np.ones(2, np.float32)
    assert fingerprint({"x": 1, "y": [2]}, {"a": a, "b": b}) == fingerprint(
        {"y": [2], "x": 1}, {"b": b, "a": a}
    )


@pytest.mark.parametrize(
    "other",
    [
        np.array([[0.0, 1.0], [2.0, 4.0]]),
        np.array([0.0, 1.0, 2.0, 3.0]),
        np.array([[0.0, 1.0], [2.0, 3.0]], np.float32),
        np.array([[0.0, 2.0], [1.0, 3.0]]),
    ],
    ids=["value", "shape", "type", "transposed"],
)
def test_every_bit_of_an_array_matters(other: np.ndarray) -> None:
    assert fingerprint(None, {"a": other}) != fingerprint(None, {"a": np.array([[0.0, 1.0], [2.0, 3.0]])})


def test_how_an_array_lies_in_memory_does_not_matter() -> None:
    table = np.arange(6.0).reshape(2, 3)
    assert fingerprint(None, {"a": table}) == fingerprint(None, {"a": np.asfortranarray(table)})


def test_a_seed_has_its_fingerprint_in_any_batch_composition(study: Study) -> None:
    pair, trio, alone = (seed_fingerprints(study(seeds=seeds).cells[0]) for seeds in ([0, 1], [2, 1, 0], [1]))
    assert trio.items() >= pair.items() >= alone.items()


def test_a_cell_has_its_fingerprint_in_any_order_of_its_seeds(study: Study) -> None:
    prints = []
    for seeds in ([0, 1], [1, 0]):
        cell = study(seeds=seeds).cells[0]
        cell.judged["runs"].clear()
        prints.append(cell_fingerprint(cell, {0: "a", 1: "b"} if seeds == [0, 1] else {1: "b", 0: "a"}))
    assert prints[0] == prints[1]


@pytest.mark.parametrize("part", ["samples", "evolution", "logits_real", "logits_fake", "weights", "history"])
def test_whatever_training_left_of_a_run_is_in_its_fingerprint_alone(study: Study, part: str) -> None:
    result = study().cells[0]
    before = seed_fingerprints(result)
    changed = altered(result.runs, part)
    after = seed_fingerprints(with_runs(result, changed))
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_settings_data_and_judgement_are_in_a_seeds_fingerprint(study: Study) -> None:
    result = study().cells[0]
    before = seed_fingerprints(result)[0]
    slower = result.cell.recipe.model_copy(update={"batch": 8})
    cell = result.cell.model_copy(update={"recipe": slower})
    assert seed_fingerprints(replace(result, cell=cell))[0] != before
    row = {**result.judged["runs"][0], "outcome": "collapsed"}
    assert (
        seed_fingerprints(replace(result, judged={**result.judged, "runs": [row, row | {"seed": 1}]}))[0]
        != before
    )
    data = replace(result.prepared, description={**result.prepared.description, "sha256": "0"})
    other = replace(result)
    vars(other)["prepared"] = data
    assert seed_fingerprints(other)[0] != before


def altered(runs: Runs, part: str) -> Runs:
    """One number of the second run changed."""
    value = getattr(runs, part)
    if part == "history":
        history = value.copy()
        history.loc[history.index[-1], "generator"] += 1e-9
        return replace(runs, history=history)
    if part == "weights":
        weights = {name: array.copy() for name, array in value.items()}
        weights["generator.0.bias"][1] += 1
        return replace(runs, weights=weights)
    array = value.copy()
    array[1].flat[-1] += 1
    return replace(runs, **{part: array})


def with_runs(result: CellResult, runs: Runs) -> CellResult:
    """The cell as if these had been read from its files."""
    other = replace(result)
    vars(other)["runs"] = runs
    return other
