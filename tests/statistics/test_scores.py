"""Which number losses are compared by, and what a run without it counts."""

from math import inf
from typing import Any

import pytest

from ganstudy.statistics.scores import Scores

FLOORS = {"mean": 0.1, "wasserstein": 0.2, "frechet": 0.3, "ks": 0.4}


def judged(*runs: dict[str, Any], **reasons: str | None) -> dict[str, Any]:
    """A cell whose figures are those of `reasons`, as reports/runs has it."""
    figures = {
        name: {"floor": None if reason else FLOORS[name], "reason": reason}
        for name, reason in reasons.items()
    }
    return {"metrics": figures, "runs": list(runs)}


def run(outcome: str = "off_target", **errors: float | None) -> dict[str, Any]:
    return {"seed": 0, "outcome": outcome, **{f"{name}_error": error for name, error in errors.items()}}


@pytest.mark.parametrize(
    ("reasons", "figure"),
    [
        ({"ks": None, "mean": None, "wasserstein": None, "frechet": None}, "frechet"),
        ({"ks": None, "mean": None, "wasserstein": None, "frechet": "no labels"}, "wasserstein"),
        ({"ks": None, "mean": None, "wasserstein": None}, "wasserstein"),
        ({"mean": None, "wasserstein": "a point", "frechet": "no labels"}, "mean"),
    ],
)
def test_losses_are_compared_by_the_first_figure_that_says_something(
    reasons: dict[str, str | None], figure: str
) -> None:
    scores = Scores.of({"a": judged(run(mean=1.0, wasserstein=2.0, frechet=3.0, ks=4.0), **reasons)})
    assert scores.metric == figure
    assert scores.floor == FLOORS[figure]
    assert scores.values.tolist() == [[{"mean": 1.0, "wasserstein": 2.0, "frechet": 3.0}[figure]]]


def test_rows_are_losses_and_columns_seeds() -> None:
    cells = {
        "b": judged(run("matched", mean=1.0), run("collapsed", mean=2.0), mean=None),
        "a": judged(run("off_target", mean=3.0), run("matched", mean=4.0), mean=None),
    }
    scores = Scores.of(cells)
    assert scores.losses == ["b", "a"]
    assert scores.values.tolist() == [[1, 2], [3, 4]]
    assert scores.matched.tolist() == [[True, False], [False, True]]


def test_a_run_that_diverged_is_infinitely_far() -> None:
    """Its row has no error, or none that is a number."""
    runs = (run("diverged"), run("diverged", mean=None), run(mean=0.0))
    assert Scores.of({"a": judged(*runs, mean=None)}).values.tolist() == [[inf, inf, 0]]


@pytest.mark.parametrize("floor", [None, 0.0])
def test_without_a_floor_the_unit_is_one(floor: float | None) -> None:
    cell = {"metrics": {"mean": {"floor": floor, "reason": None}}, "runs": [run(mean=0.5)]}
    assert Scores.of({"a": cell}).floor == 1
