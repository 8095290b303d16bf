"""The tables of curves, and the template by which `dvc plots` draws them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import vl_convert
from dvc_render.vega import VegaRenderer

from ganstudy.core.colours import PALETTE, colours
from ganstudy.reporting.picture import Subject
from ganstudy.reporting.pictures.curves import OVER_SEEDS, curve_table, write_curves
from ganstudy.results import paths
from ganstudy.results.study_results import Results
from ganstudy.statistics.estimates import interquartile_mean
from ganstudy.training.cell import Cell
from made_up import GAUSSIAN, PATTERN

Finish = Callable[..., Results]
TEMPLATES = Path(__file__).parents[2] / ".dvc/plots"
LOSSES: dict[str, Any] = {"mse": {}, "hinge": {}}


def subject(results: Results, name: str) -> Subject:
    return Subject(results.of_variant(name), colours(list(results.params.losses)))


def test_a_row_for_each_loss_seed_and_step(finish: Finish) -> None:
    table = curve_table(subject(finish({"v": GAUSSIAN}, LOSSES, seeds=4), "v"))
    assert list(table) == ["loss", "seed", "step", "mean_error", "std_error", "discriminator"]
    places = pd.MultiIndex.from_frame(table[["loss", "seed", "step"]])
    steps = [5, 10, 15, 20, 25, 30, 35, 40]
    assert list(places) == list(pd.MultiIndex.from_product([LOSSES, [0, 1, 2, 3, *OVER_SEEDS], steps]))


def test_the_curves_are_those_of_the_pictures(finish: Finish) -> None:
    results = finish({"v": GAUSSIAN}, {"mse": {}}, seeds=4)
    table = curve_table(subject(results, "v")).set_index(["seed", "step"])
    history = results.cells[0].runs.history.set_index(["seed", "step"])
    for seed in range(4):
        np.testing.assert_allclose(table.loc[seed, "mean_error"], (history.loc[seed, "mean"] - 4).abs())
        np.testing.assert_allclose(table.loc[seed, "discriminator"], history.loc[seed, "discriminator"])
    last = [float(table.loc[(seed, 40), "discriminator"]) for seed in range(4)]
    assert float(table.loc[("mean", 40), "discriminator"]) == pytest.approx(
        interquartile_mean(np.array(last))
    )


def test_long_curves_are_thinned_to_their_last_point(finish: Finish) -> None:
    table = curve_table(subject(finish({"v": GAUSSIAN | {"points": 40}}, {"mse": {}}, seeds=1), "v"))
    assert len(table) == 40 * 4
    long = GAUSSIAN | {"points": 101, "steps": 101}
    table = curve_table(subject(finish({"v": long}, {"mse": {}}, seeds=1), "v"))
    assert table["step"].nunique() <= 50
    assert table["step"].max() == 101


def test_a_point_has_no_spread_and_a_diverged_run_no_numbers(finish: Finish) -> None:
    def diverges(cell: Cell, seed: int) -> bool:
        return seed == 0

    results = finish({"p": PATTERN}, {"mse": {}}, seeds=2, diverges=diverges)
    write_curves(subject(results, "p"))
    first = paths.curves("p").read_bytes()
    write_curves(subject(results, "p"))
    assert paths.curves("p").read_bytes() == first
    table = pd.read_csv(paths.curves("p"))
    assert list(table) == ["loss", "seed", "step", "mean_error", "discriminator"]
    last = table[table["step"] == table["step"].max()].set_index("seed")["mean_error"]
    assert np.isnan(last["0"])
    assert last["mean"] == pytest.approx(last["1"])
    assert not table.isin([np.inf, -np.inf]).any().any()


def drawn(revisions: list[str], finish: Finish) -> dict[str, Any]:
    """What DVC makes of the template and a table."""
    write_curves(subject(finish({"v": GAUSSIAN}, LOSSES, seeds=3), "v"))
    rows = pd.read_csv(paths.curves("v"), dtype=str, keep_default_na=False).to_dict("records")
    points = [{**row, "rev": revision} for revision in revisions for row in rows]
    about = {"template": "seeds", "template_dir": str(TEMPLATES), "x": "step", "title": "v"}
    return VegaRenderer(points, "v", **about).get_filled_template()


@pytest.mark.parametrize("revisions", [["workspace"], ["HEAD", "workspace"]])
def test_the_template_draws_every_seed_the_mean_and_the_interval(
    revisions: list[str], finish: Finish
) -> None:
    spec = drawn(revisions, finish)
    # The oldest that there is: DVC's page loads an older one still.
    picture = vl_convert.vegalite_to_svg(json.dumps(spec), vl_version="5.8")
    panels = len(LOSSES) * 3
    lines = picture.count('aria-roledescription="line mark"')
    assert lines == panels * len(revisions) * (3 + 1), "three seeds and their mean"
    assert picture.count('aria-roledescription="area mark"') == panels * len(revisions)
    for words in ("mse", "hinge", "mean: distance from the data", "discriminator's loss", *revisions):
        assert f">{words}<" in picture.replace("&#39;", "'")
    for colour in colours(list(LOSSES)).values():
        assert colour in picture


def test_the_template_has_the_reports_colours() -> None:
    spec = json.loads((TEMPLATES / "seeds.json").read_text(encoding="utf-8"))
    assert spec["spec"]["encoding"]["color"]["scale"]["range"] == list(PALETTE)
