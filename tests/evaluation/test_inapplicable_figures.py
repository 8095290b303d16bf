"""Which figure says something about which source, and the reason where it would not."""

from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pandas as pd
import pytest

from ganstudy.evaluation import Truth
from ganstudy.evaluation.figures import FIGURES, PIXELS, POINT
from ganstudy.params import Cell

MODES, BOX = "the source has no modes", "the source has no box"
OF_MIXTURES = ("modes_missing", "high_quality", "reverse_kl")

REASONS: dict[str, dict[str, str]] = {
    "pattern_1010": dict.fromkeys(OF_MIXTURES, MODES),
    "gaussian": {"inside": BOX, **dict.fromkeys(OF_MIXTURES, MODES)},
    "ring": {"inside": BOX},
    "grid": {"inside": BOX},
    "digits": {
        **dict.fromkeys(("skew", "kurtosis", "ks"), PIXELS),
        "inside": BOX,
        **dict.fromkeys(OF_MIXTURES, MODES),
    },
    "table": {"inside": BOX, **dict.fromkeys(OF_MIXTURES, MODES)},
}
OF_SPREAD = ("std", "skew", "kurtosis", "wasserstein", "ks")
SMALL = {"pattern_1010", "gaussian", "ring", "grid"}


@pytest.fixture(scope="module")
def truths(
    make_cell: Callable[..., Cell],
    make_truth: Callable[[Cell], Truth],
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
                        "name": name,
                        **({"samples": 20} if name in SMALL else {}),
                        **({"path": "t.csv"} if name == "table" else {}),
                    }
                )
            )
            for name in REASONS
        }


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("source", REASONS)
def test_a_figure_applies_where_the_source_has_what_it_is_about(
    source: str, name: str, truths: dict[str, Truth]
) -> None:
    assert FIGURES[name].inapplicable(truths[source], False) == REASONS[source].get(name)


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("source", REASONS)
def test_a_single_point_has_neither_spread_nor_shape(
    source: str, name: str, truths: dict[str, Truth]
) -> None:
    reason = POINT if name in OF_SPREAD else REASONS[source].get(name)
    assert FIGURES[name].inapplicable(truths[source], True) == reason


def test_the_mean_always_applies(truths: dict[str, Truth]) -> None:
    for truth in truths.values():
        for point in (False, True):
            assert FIGURES["mean"].inapplicable(truth, point) is None
