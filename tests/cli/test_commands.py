"""The commands that look at a finished study: `ganstudy` alone, `show` and `sample`."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from command import complaint, ganstudy
from ganstudy.core.files import write_json
from ganstudy.metrics.registry import SAMPLE_METRICS
from ganstudy.results import paths
from ganstudy.results.run_files import save_runs
from ganstudy.results.sampler import Sampler
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.evaluation import OUTCOMES
from ganstudy.study.loading import parse
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

Study = dict[str, Any]
TrainCell = Callable[[Cell, Sequence[int]], Runs]


@pytest.fixture
def finish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_study: Callable[..., Study], train_cell: TrainCell
) -> Callable[..., Runs]:
    """`finish(outcomes, **recipe)`: a study of one cell, `v` and `l`, in the current folder, trained, with
    these outcomes in place of a judgement. The second run is the nearest to the data."""
    monkeypatch.chdir(tmp_path)

    def finished(outcomes: Sequence[str] = ("off_target", "matched", "matched"), **recipe: Any) -> Runs:
        study = make_study("mse", **recipe)
        study["study"]["seeds"] = len(outcomes)
        Path("params.yaml").write_text(json.dumps(study), encoding="utf-8")
        params = parse(study)
        cell = params.cell("v", "l")
        Prepared.of(make_source(cell.recipe.source)).save(paths.prepared("v"))
        runs = train_cell(cell, params.seeds)
        save_runs(runs, paths.runs("v", "l"))
        write_json(paths.judged("v", "l"), judged(outcomes))
        ends = {name: list(outcomes).count(name) for name in OUTCOMES}
        rate = {"success_rate": 0.5, "success_rate_low": 0.2, "success_rate_high": 0.8}
        write_json(paths.metrics("v", "l"), {"runs": len(outcomes), **ends, **rate})
        return runs

    return finished


def judged(outcomes: Sequence[str]) -> dict[str, Any]:
    absent = {"target": None, "floor": None, "tolerance": None, "reason": "left out here"}
    names = ("coverage", "c2st_accuracy", "jensen_shannon", "discriminator", "brier")
    about = dict.fromkeys([*SAMPLE_METRICS, *names], absent)
    about["wasserstein"] = {"target": 0.0, "floor": 0.02, "tolerance": 0.1, "reason": None}
    errors = [0.01, 0.05, 0.09]
    rows = [
        {"seed": seed, "outcome": outcome, "failed": [] if outcome == "matched" else ["wasserstein"]}
        | ({} if outcome == "diverged" else {"wasserstein_error": error, "wasserstein_error_bound": error})
        for seed, (outcome, error) in enumerate(zip(outcomes, errors, strict=True))
    ]
    over_runs = {"wasserstein": {"mean": 0.05, "low": 0.04, "high": 0.06}}
    return {"metrics": about, "over_runs": over_runs, "runs": rows}


# ---- ganstudy alone


def test_where_no_study_is_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = ganstudy()
    assert result.exit_code == 0
    assert "There is no params.yaml here" in result.stdout


def test_a_study_that_cannot_run_is_told_what_is_wrong(finish: Callable[..., Runs]) -> None:
    finish()
    Path("params.yaml").write_text("study: {name: a}\n", encoding="utf-8")
    told = ganstudy().stdout
    assert "study.seeds: missing" in told
    assert "$EDITOR params.yaml" in told


def test_what_is_missing_is_to_be_run_and_what_is_there_to_be_looked_at(finish: Callable[..., Runs]) -> None:
    finish()
    paths.judged("v", "l").rename("elsewhere")
    told = ganstudy().stdout
    assert "0 of 1 cells" in told
    assert "dvc repro" in told
    Path("elsewhere").rename(paths.judged("v", "l"))
    paths.PAGE.write_text("", encoding="utf-8")
    told = ganstudy().stdout
    assert "all 1 cells are there" in told
    assert "ganstudy show v l" in told


# ---- show


def test_show_says_every_figure_and_every_seed(finish: Callable[..., Runs]) -> None:
    finish()
    told = ganstudy("show", "v", "l").stdout
    lines = [line.split() for line in told.splitlines()]
    assert ["matched", "2/3", "20", "to", "80", "%"] in lines
    assert ["Wasserstein", "0.050", "0.040", "to", "0.060;", "floor", "0.020"] in lines
    assert ["0", "off", "target", "0.0100"] in lines
    assert ["2", "matched", "0.0900"] in lines
    # Colours are for terminals.
    assert "\x1b" not in told


def test_show_tells_machines_all_there_is(finish: Callable[..., Runs]) -> None:
    finish()
    told = json.loads(ganstudy("show", "v", "l", "--json").stdout)
    assert told["summary"]["matched"] == 2
    assert [run["outcome"] for run in told["runs"]] == ["off_target", "matched", "matched"]
    assert told["metrics"]["wasserstein"]["floor"] == 0.02


def test_show_knows_what_to_do_before_the_cell_is_there(finish: Callable[..., Runs]) -> None:
    finish()
    paths.judged("v", "l").unlink()
    assert complaint(ganstudy("show", "v", "l")) == "reports/runs/v/l.json: not there; run `dvc repro` first"
    assert complaint(ganstudy("show", "v", "x")) == "no loss 'x' in params.yaml; there are: l"


# ---- sample


def test_sample_draws_from_the_best_run(finish: Callable[..., Runs], tmp_path: Path) -> None:
    runs = finish()
    # Seed 0 is nearer, but seed 1 matched.
    assert ganstudy("sample", "v", "l", "-n", "7", "-o", "s.csv").exit_code == 0
    table = pd.read_csv("s.csv")
    assert list(table) == ["x"]
    np.testing.assert_allclose(table["x"], expected(runs, 1, 7), rtol=1e-5)


def expected(runs: Runs, replica: int, n: int, draw: int = 0) -> np.ndarray:
    cell = parse(json.loads(Path("params.yaml").read_text())).cell("v", "l")
    description = Prepared.load(paths.prepared("v")).description
    sampler = Sampler.of(cell.recipe.noise, cell.recipe.generator, description, runs.weights, replica)
    return sampler(sampler.draw_noise(n, draw)).reshape(n, -1)[:, 0]


def test_sample_takes_the_seed_and_the_draw_it_is_given(finish: Callable[..., Runs]) -> None:
    runs = finish()
    ganstudy("sample", "v", "l", "--seed", "2", "--draw", "5", "-n", "4", "-o", "s.parquet")
    np.testing.assert_allclose(pd.read_parquet("s.parquet")["x"], expected(runs, 2, 4, 5), rtol=1e-5)


def test_sample_without_a_file_goes_to_the_terminal(finish: Callable[..., Runs]) -> None:
    finish()
    lines = ganstudy("sample", "v", "l", "-n", "3").stdout.splitlines()
    assert lines[0] == "x"
    assert len([float(line) for line in lines[1:]]) == 3


def test_sample_makes_a_sheet_of_images(finish: Callable[..., Runs]) -> None:
    finish(source="digits", generator={"hidden": [4], "output": "tanh"})
    assert ganstudy("sample", "v", "l", "-n", "5", "-o", "s.png").exit_code == 0
    # Three across and two down, eight pixels each and one between, four times as large.
    assert Image.open("s.png").size == (3 * 9 * 4, 2 * 9 * 4)


def test_sample_asks_a_conditional_generator_for_a_label(finish: Callable[..., Runs]) -> None:
    finish(source={"name": "digits", "condition": "labels"})
    for arguments, labels in ((["--label", "3"], {3}), ([], set(range(10)))):
        assert ganstudy("sample", "v", "l", "-n", "200", "-o", "s.csv", *arguments).exit_code == 0
        assert set(pd.read_csv("s.csv")["label"]) == labels
    told = "--label: v knows no label 12; there are: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    assert complaint(ganstudy("sample", "v", "l", "--label", "12")) == told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--seed", "9"], "no seed 9; there are: 0, 1, 2"),
        (["-o", "s.txt"], "s.txt: cannot tell what to write; give a name that ends in .csv, .parquet, .png"),
        (["-o", "s.png"], "s.png: the samples are no images; give a name that ends in .csv or .parquet"),
        (["-o", "new/s.csv"], "new/s.csv: no such folder as new; make it first"),
        (
            ["-n", "100000000000", "-o", "s.csv"],
            "-n: 100,000,000,000 samples do not fit into memory; at most 33,333,333, and --draw 1, 2 … for "
            "more",
        ),
    ],
)
def test_sample_says_what_it_cannot_do(arguments: list[str], told: str, finish: Callable[..., Runs]) -> None:
    finish()
    assert complaint(ganstudy("sample", "v", "l", *arguments)) == told
    assert not list(Path().glob("s.*"))


def test_a_cell_without_numbers_has_no_best_run(finish: Callable[..., Runs]) -> None:
    finish(["diverged"] * 3)
    assert "every run diverged" in complaint(ganstudy("sample", "v", "l"))


def test_where_the_terminal_knows_no_unicode_commands_go_on(finish: Callable[..., Runs]) -> None:
    finish()
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    command = [Path(sys.executable).with_name("ganstudy"), "show", "v", "l"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"v ? l" in done.stdout


# ---- ui


def test_before_anything_is_tracked_ui_says_what_to_do(
    finish: Callable[..., Runs], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    finish()
    told = complaint(ganstudy("ui"))
    assert told == "nothing of 'test' is in MLflow yet; run `dvc repro`, or `ganstudy track`"
    # Nor does it leave an empty store.
    assert not Path("mlflow.db").exists()


# ---- colours


def on_a_terminal(*command: str, **environment: str) -> str:
    """What a command writes to a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [Path(sys.executable).with_name("ganstudy"), *command],
        stdout=theirs,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "200", **environment},
    )
    os.close(theirs)
    written = b""
    # A closed terminal is an error to whoever still reads from it.
    with suppress(OSError):
        while part := os.read(ours, 4096):
            written += part
    os.close(ours)
    assert process.wait() == 0
    return written.decode()


def test_colours_are_for_terminals_and_for_those_who_want_them(
    finish: Callable[..., Runs], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CI"):
        monkeypatch.delenv(name, raising=False)
    finish()
    green = "\x1b[32mmatched"
    assert green in on_a_terminal("show", "v", "l")
    assert green not in on_a_terminal("show", "v", "l", NO_COLOR="1")
    piped = subprocess.run(
        [Path(sys.executable).with_name("ganstudy"), "show", "v", "l"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "matched" in piped.stdout
    assert "\x1b" not in piped.stdout
