"""`ganstudy check` says before training where samples are too few to decide anything."""

from collections.abc import Callable
from typing import Any

import pytest

from ganstudy.evaluation.sample_sizes import too_few
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.evaluation import Evaluation
from ganstudy.training.cell import Cell


@pytest.fixture
def said(make_cell: Callable[..., Cell]) -> Callable[..., str | None]:
    """`said(source, samples, tolerances={}, **recipe)`"""

    def made(source: Any, samples: int, tolerances: Any = None, **recipe: Any) -> str | None:
        evaluation = Evaluation.model_validate({"tolerances": tolerances or {}})
        variant = make_cell(source=source, samples=samples, **recipe).recipe
        real = make_source(variant.source)
        return too_few(variant, evaluation, real, Prepared.of(real))

    return made


def test_ten_samples_are_too_few_and_it_says_how_many_might_do(said: Callable[..., str | None]) -> None:
    words = said({"name": "gaussian", "mean": 4.0, "std": 1.25, "samples": 40}, 10)
    assert words is not None
    assert words.startswith("10 samples and 40 real ones held out are too few to tell a match from the mean")
    assert "`undecided`; about " in words
    assert "real ones held out might be enough" in words


@pytest.mark.parametrize(("source", "samples"), [("gaussian", 10_000), ("digits", 300), ("ring", 1000)])
def test_where_there_are_enough_nothing_is_said(
    source: str, samples: int, said: Callable[..., str | None]
) -> None:
    assert said(source, samples) is None


def test_of_tolerances_that_noise_meets_it_says_that_more_samples_would_not_help(
    said: Callable[..., str | None],
) -> None:
    words = said({"name": "gaussian", "samples": 100}, 100, {"gaussian": {"wasserstein": 50.0}})
    assert words is not None
    assert words.endswith("more would not help; judge by other metrics as well, or by tighter tolerances")


def test_a_point_is_judged_by_itself(said: Callable[..., str | None]) -> None:
    assert said("pattern_1010", 1, {"pattern_1010": {"inside": 1.0}}, noise="constant") is None
