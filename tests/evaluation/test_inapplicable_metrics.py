"""Which metric says something about which source, and the reason where it would not."""

from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pandas as pd
import pytest

from ganstudy.evaluation.floors import applicable
from ganstudy.evaluation.two_sample import TEST_METRICS
from ganstudy.metrics.metric import NO_LABELS, PIXELS, POINT
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import SAMPLE_METRICS
from ganstudy.study.evaluation import Evaluation
from ganstudy.training.cell import Cell

MODES, BOX = "the source has no modes", "the source has no box"
NO_IMAGES = "the samples are no images"
OF_MIXTURES = ("modes_missing", "high_quality", "reverse_kl")

BY_NEIGHBOURS = ("precision", "recall", "density", "coverage")

NEITHER: dict[str, str] = {"inside": BOX, **dict.fromkeys(OF_MIXTURES, MODES)}
OF_IMAGES = {**NEITHER, **dict.fromkeys(("skew", "kurtosis", "ks"), PIXELS)}
REASONS: dict[str, dict[str, str]] = {
    "pattern_1010": {"frechet": NO_IMAGES, **dict.fromkeys(OF_MIXTURES, MODES)},
    "gaussian": {"frechet": NO_IMAGES, **NEITHER},
    "ring": {"frechet": NO_IMAGES, "inside": BOX},
    "grid": {"frechet": NO_IMAGES, "inside": BOX},
    "digits": OF_IMAGES,
    "digits without labels": {**OF_IMAGES, **dict.fromkeys(("frechet", *BY_NEIGHBOURS), NO_LABELS)},
    "table": {"frechet": NO_IMAGES, **NEITHER},
}
OF_SPREAD = ("std", "skew", "kurtosis", "wasserstein", "ks", "energy", *BY_NEIGHBOURS)
SMALL = {"pattern_1010", "gaussian", "ring", "grid"}


@pytest.fixture(scope="module")
def truths(
    make_cell: Callable[..., Cell],
    make_truth: Callable[..., Truth],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Truth]:
    home: Path = tmp_path_factory.mktemp("study")
    (home / "data/raw/tables").mkdir(parents=True)
    pd.DataFrame({"a": range(50), "b": range(0, 100, 2)}).to_csv(home / "data/raw/tables/t.csv", index=False)
    with chdir(home):
        return {
            name: make_truth(
                make_cell(
                    source={
                        "name": name.split()[0],
                        **({"samples": 20} if name in SMALL else {}),
                        **({"path": "t.csv"} if name == "table" else {}),
                    }
                ),
                classified="without" not in name,
            )
            for name in REASONS
        }


@pytest.mark.parametrize("name", SAMPLE_METRICS)
@pytest.mark.parametrize("source", REASONS)
def test_a_figure_applies_where_the_source_has_what_it_is_about(
    source: str, name: str, truths: dict[str, Truth]
) -> None:
    assert SAMPLE_METRICS[name].inapplicable(truths[source], False) == REASONS[source].get(name)


@pytest.mark.parametrize("name", SAMPLE_METRICS)
@pytest.mark.parametrize("source", REASONS)
def test_a_single_point_has_neither_spread_nor_shape(
    source: str, name: str, truths: dict[str, Truth]
) -> None:
    of_spread = name in OF_SPREAD or (name == "frechet" and "digits" in source)
    reason = POINT if of_spread else REASONS[source].get(name)
    assert SAMPLE_METRICS[name].inapplicable(truths[source], True) == reason


def test_the_mean_always_applies(truths: dict[str, Truth]) -> None:
    for truth in truths.values():
        for point in (False, True):
            assert SAMPLE_METRICS["mean"].inapplicable(truth, point) is None


@pytest.mark.parametrize("point", [False, True])
def test_discriminators_trained_afresh_apply_to_all_but_points(point: bool, truths: dict[str, Truth]) -> None:
    for source, truth in truths.items():
        reasons = applicable(truth, point, Evaluation())
        assert set(reasons) == set(SAMPLE_METRICS) | set(TEST_METRICS)
        assert {reasons[name] for name in TEST_METRICS} == {POINT if point else None}, source
