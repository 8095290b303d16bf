"""Reports survive any numbers: what cannot be drawn is left out, with a word."""

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganstudy.core.errors import UserError
from ganstudy.reporting.panels import apart, span, within
from ganstudy.reporting.pictures.distributions import bin_edges, share_of
from ganstudy.reporting.render import render
from ganstudy.results import paths
from ganstudy.results.study_results import Results
from made_up import GAUSSIAN

NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, 1.0, 1.0 + 2e-16, 1e-300, 1e300, -1e152, 1e152, 1e16, 1e16 + 2]),
)


@settings(max_examples=300)
@given(st.lists(NUMBERS, max_size=8), st.lists(st.floats(-1e152, 1e152), max_size=2))
def test_an_axis_has_two_ends_whatever_it_shows(values: list[float], including: list[float]) -> None:
    shown = np.array([value for value in values if not np.isfinite(value) or abs(value) <= 1e152])
    low, high = span(shown, *including)
    assert np.isfinite([low, high]).all()
    assert low < high
    assert low + (high - low) / 2 not in (low, high)
    finite = shown[np.isfinite(shown)]
    assert np.isfinite(within(finite, (low, high))).all()


@pytest.mark.parametrize(
    "values", [[1.0, 1.0], [0.0, 0.0], [1.0, 1 + 2e-16], [1e16, 1e16 + 2], [-1e152, 1e152]]
)
def test_a_histogram_has_bins_whatever_the_data_are(values: list[float]) -> None:
    edges = bin_edges(np.array(values))
    assert (np.diff(edges) > 0).all()
    assert share_of(np.array(values), edges).sum() == 1


def test_ends_that_are_apart_stay() -> None:
    assert apart(1.0, 2.0) == (1.0, 2.0)


Finish = Callable[..., Results]


def spoil(results: Results, value: Any) -> None:
    """Make every figure and error of the judged runs `value`, as if it were found so."""
    for path in [*paths.JUDGED.rglob("*.json")]:
        judged = json.loads(path.read_text())
        for run in judged["runs"]:
            for name in run:
                if isinstance(run[name], float):
                    run[name] = value
        for about in judged["over_runs"].values():
            about |= dict.fromkeys(about, value)
        path.write_text(json.dumps(judged))


@pytest.mark.parametrize("value", [None, 0.0, 1e300, 1e-300])
def test_figures_of_any_size_are_reported(value: Any, finish: Finish) -> None:
    results = finish({"v": GAUSSIAN}, {"mse": {}, "hinge": {}})
    spoil(results, value)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        render(Results.load(results.params))
    assert paths.PAGE.read_text().rstrip().endswith("</html>")


def test_a_column_that_is_constant_where_it_is_held_out_is_reported(finish: Finish) -> None:
    paths.PREPARED.parent.mkdir()
    table = paths.PREPARED.parent / "raw/tables/t.csv"
    table.parent.mkdir(parents=True)
    for place in range(40):
        rows = [f"{i % 7},{int(i == place)}" for i in range(40)]
        table.write_text("a,flag\n" + "\n".join(rows) + "\n")
        variant = GAUSSIAN | {"source": {"name": "table", "path": "t.csv"}}
        try:
            results = finish({"v": variant}, {"mse": {}})
        except UserError:
            continue  # the only other value is held out
        render(results)
        return
    raise AssertionError("no place will do")


def test_a_notebooks_backend_is_no_matter() -> None:
    code = "import ganstudy.reporting, matplotlib; print(matplotlib.get_backend())"
    environment = {**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip().lower() == "agg"
