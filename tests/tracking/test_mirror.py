"""What the store holds of a study."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import mlflow
import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load_file
from tiny_study import POINTS, SAMPLES, View, mirrored

from ganstudy.core.files import read_json
from ganstudy.results import paths
from ganstudy.results.study_results import Results
from ganstudy.tracking.seed_run import seed_record

Study = Callable[..., Results]
CELL, FIRST, SECOND = "flat · soft", "flat · soft · seed 0", "flat · soft · seed 1"


@pytest.fixture
def results(study: Study) -> Results:
    results = study(["soft", "r3gan"])
    mirrored(results)
    return results


def test_a_study_is_in_the_store_once(results: Results, view: View) -> None:
    assert sorted(view.runs) == sorted(
        ["tiny"]
        + [f"flat · {loss}{below}" for loss in ("soft", "r3gan") for below in ("", " · seed 0", " · seed 1")]
    )
    assert {run.info.status for run in view.all} == {"FINISHED"}
    check_tags(view)
    check_settings(view)
    check_final_figures(view)
    check_curves(results, view)
    check_artifacts(results, view)
    check_dataset(results, view)
    check_list(view)
    check_study(view)


def check_tags(view: View) -> None:
    cell, second = view.runs[CELL], view.runs[SECOND]
    assert cell.data.tags.items() >= {
        "level": "cell", "variant": "flat", "loss": "soft", "outcome": "1 of 2 matched", "diverged": "false",
        "superseded": "false", "dvc_stage": "train@flat-soft"
    }.items()  # fmt: skip
    assert (
        second.data.tags.items()
        >= {
            "level": "seed",
            "variant": "flat",
            "loss": "soft",
            "seed": "1",
            "outcome": "off_target",
            "failed": "mean, wasserstein",
            "diverged": "false",
            "nan": "false",
            "dvc_stage": "train@flat-soft",
            "mlflow.parentRunId": cell.info.run_id,
        }.items()
    )
    assert len({run.data.tags["fingerprint"] for run in view.all}) == 7
    note = cell.data.tags["mlflow.note.content"]
    assert "**1 of 2 matched** (95 % interval 10 to 90 %)" in note
    assert "- `wasserstein`: off by 0.5; tolerance 0.1, a perfect sampler's 0.02" in note
    assert f"/runs/{cell.info.run_id}/artifacts/figures/distribution.png" in note


def check_settings(view: View) -> None:
    params = view.runs[CELL].data.params
    assert (
        params.items()
        >= {
            "source.name": "gaussian",
            "generator.hidden": "[3, 2]",
            "optimizer.lr": "0.0002",
            "steps": "50",
            "loss.loss": "smoothed",
            "loss.smoothing": "0.1",
            "seeds": "[0, 1]",
        }.items()
    )
    assert view.runs[SECOND].data.params["seed"] == "1"
    assert "generator_optimizer" not in params
    # As numbers, to find by range.
    numbers = {"optimizer.lr": 0.0002, "steps": 50, "loss.smoothing": 0.1, "noise.size": 2}
    metrics = view.runs[CELL].data.metrics
    assert {key: metrics[f"setting/{key}"] for key in numbers} == numbers
    assert not any(key.startswith("setting/") for key in view.runs[SECOND].data.metrics)


def check_final_figures(view: View) -> None:
    cell, second = view.runs[CELL].data.metrics, view.runs[SECOND].data.metrics
    assert cell.items() >= {"final/success_rate": 0.5, "final/runs": 2, "final/wasserstein": 0.5}.items()
    assert (
        cell.items()
        >= {"target/wasserstein": 0, "floor/wasserstein": 0.02, "tolerance/wasserstein": 0.1}.items()
    )
    assert second.items() >= {"final/wasserstein": 0.5, "final/mean": 5.0}.items()
    # In floors.
    assert (cell["final/score"], second["final/score"]) == (25, 25)
    assert "final/brier" not in cell
    assert "final/seed" not in second


def check_curves(results: Results, view: View) -> None:
    history = results.cells[0].runs.history
    for replica, name in enumerate([FIRST, SECOND]):
        rows = history[history["seed"] == replica]
        for column in ("discriminator", "discriminator_real", "generator", "mean"):
            assert view.curve(name, f"curve/{column}") == dict(zip(rows["step"], rows[column], strict=True))
    middle = history.groupby("step")["generator"].mean()
    assert view.curve(CELL, "curve/generator") == pytest.approx(middle.to_dict())
    low, high = (view.curve(CELL, f"interval/generator_{end}") for end in ("low", "high"))
    assert all(low[step] < mean < high[step] for step, mean in middle.items())
    assert "curve/penalty" not in view.runs[CELL].data.metrics
    assert "curve/penalty" in view.runs["flat · r3gan"].data.metrics
    assert "curve/discriminator_real" not in view.runs["flat · r3gan · seed 0"].data.metrics


def check_artifacts(results: Results, view: View) -> None:
    runs, files = results.cells[0].runs, view.files(CELL)
    assert files["report.html"].read_text() == "<p>soft</p>"
    assert files["figures/distribution.png"].read_bytes() == b"drawn once"
    assert files["params.yaml"].read_bytes() == Path("params.yaml").read_bytes()
    assert read_json(files["metrics.json"]) == results.cells[0].summary
    assert read_json(files["runs.json"]) == results.cells[0].judged
    np.testing.assert_array_equal(np.load(files["samples.npy"]), runs.samples)
    np.testing.assert_array_equal(
        load_file(files["weights.safetensors"])["generator.0.weight"], runs.weights["generator.0.weight"]
    )
    own = view.files(SECOND)
    assert own["samples.png"].read_bytes() == b"picture of seed 1"
    samples = pd.read_csv(own["samples.csv"])
    assert list(samples) == ["seed", "x"]
    assert len(samples) == SAMPLES
    np.testing.assert_allclose(samples["x"], runs.samples[1, :, 0], rtol=1e-6)
    weights = load_file(own["weights.safetensors"])
    np.testing.assert_array_equal(weights["generator.0.weight"], runs.weights["generator.0.weight"][1])
    suffixes = {path.suffix for name in view.runs for path in view.files(name).values()}
    assert suffixes == {".png", ".html", ".yaml", ".json", ".npy", ".csv", ".safetensors"}


def check_dataset(results: Results, view: View) -> None:
    description = results.cells[0].prepared.description
    (used,) = view.runs[CELL].inputs.dataset_inputs
    assert used.dataset.name == "flat"
    assert description["sha256"].startswith(used.dataset.digest)
    assert json.loads(used.dataset.source) == description["source"]


def check_list(view: View) -> None:
    """As MLflow shows it, the newest first: the cells in params.yaml's order, then their seeds."""
    names = [run.info.run_name for run in view.all]
    assert names[:3] == ["flat · soft", "flat · r3gan", "tiny"]
    assert names.index(FIRST) < names.index(SECOND)


def check_study(view: View) -> None:
    run, files = view.runs["tiny"], view.files("tiny")
    assert run.data.tags.items() >= {"level": "study", "outcome": "2 of 4 matched"}.items()
    first, *rest = run.data.tags["mlflow.note.content"].split("\n\n")
    assert first.startswith("**2 of 4 matched**")
    assert f"/runs/{run.info.run_id}/artifacts/report.html" in first
    assert rest == ["flat: found."]
    assert (
        run.data.metrics.items() >= {"final/matched": 2, "final/runs": 4, "final/success_rate": 0.5}.items()
    )
    assert files["report.html"].read_text() == "the page"
    assert files["params.yaml"].read_bytes() == Path("params.yaml").read_bytes()
    assert {"leaderboard.csv", "comparison.json"} <= files.keys()


def test_the_store_is_where_a_bare_mlflow_ui_looks(results: Results, view: View, folder: Path) -> None:
    assert unquote(mlflow.get_tracking_uri()) == f"sqlite:///{folder}/mlflow.db"
    place = Path(view.runs[CELL].info.artifact_uri)
    assert place.is_relative_to(folder / "mlruns")
    assert (place / "params.yaml").is_file()
    assert {path.name for path in folder.iterdir()} == {
        "params.yaml",
        "data",
        "reports",
        "mlflow.db",
        "mlflow.db.lock",
        "mlruns",
    }


def test_a_run_that_lost_its_numbers_is_there_and_says_so(study: Study, view: View) -> None:
    mirrored(study(["mse"], diverges=lambda loss, seed: seed == 1))
    lost = view.runs["flat · mse · seed 1"]
    assert lost.data.tags["diverged"] == "true"
    assert lost.data.tags["outcome"] == "diverged"
    assert lost.data.tags["nan"] == "true"
    assert lost.info.status == "FAILED"
    assert view.runs["flat · mse"].data.tags["diverged"] == "true"
    assert view.runs["flat · mse"].info.status == view.runs["flat · mse · seed 0"].info.status == "FINISHED"
    assert "final/wasserstein" not in lost.data.metrics
    *before, infinite, absent = view.curve("flat · mse · seed 1", "curve/generator").values()
    assert before == pytest.approx([-0.4, -0.8, -1.2])
    assert math.isnan(infinite)
    assert math.isnan(absent)
    # The others' middle goes on without it.
    of_cell = view.curve("flat · mse", "curve/generator")
    assert len(of_cell) == POINTS
    assert of_cell[50] == pytest.approx(-1)


def test_a_run_that_never_had_numbers_says_so(study: Study) -> None:
    """Alone as well as beside others."""
    for seeds in ([0, 1], [1]):
        result = study(["mse"], seeds=seeds).cells[0]
        history = result.runs.history
        history.loc[history["seed"] == 1, history.columns.drop(["seed", "step"])] = np.nan
        said = {
            seed: seed_record(result, replica, "", "", None).tags["nan"] for replica, seed in enumerate(seeds)
        }
        assert said == {seed: str(seed == 1).lower() for seed in seeds}


def test_what_was_mirrored_is_told_by_fingerprint_alone(results: Results, view: View) -> None:
    told = mirrored(results)
    assert told == {
        "experiment": "tiny",
        "cells": {
            "flat": {loss: view.runs[f"flat · {loss}"].data.tags["fingerprint"] for loss in ("soft", "r3gan")}
        },
        "study": view.runs["tiny"].data.tags["fingerprint"],
    }
    assert not any(id_ in json.dumps(told) for id_ in view.ids.values())


def test_pictures_drawn_anew_replace_the_old_ones_in_their_run(results: Results, view: View) -> None:
    before = view.ids
    (paths.FIGURES / "flat/distribution.png").write_bytes(b"drawn again")
    mirrored(results)
    assert view.ids == before
    assert view.files(CELL)["figures/distribution.png"].read_bytes() == b"drawn again"


def test_a_page_written_anew_replaces_the_old_one(results: Results, view: View) -> None:
    before = view.ids
    paths.PAGE.write_text("another page", encoding="utf-8")
    mirrored(results)
    assert view.ids == before
    assert view.files("tiny")["report.html"].read_text() == "another page"


def test_a_study_without_pictures_is_mirrored_too(study: Study, view: View) -> None:
    results = study(["mse"], seeds=[7])
    (paths.FIGURES / "flat/distribution.png").unlink()
    mirrored(results)
    assert sorted(view.runs) == ["flat · mse", "flat · mse · seed 7", "tiny"]
    assert not any(name.startswith("figures") for name in view.files("flat · mse"))
