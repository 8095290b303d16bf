"""Mirroring again: what is there stays, what is missing is made, what changed is made anew."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_study import View, judge, judged, mirrored, write_study

from ganstudy.core.errors import UserError
from ganstudy.core.files import read_json
from ganstudy.results import paths
from ganstudy.results.study_results import Results

Study = Callable[..., Results]
CELL, FIRST, SECOND = "flat · mse", "flat · mse · seed 0", "flat · mse · seed 1"


@pytest.fixture
def results(study: Study) -> Results:
    results = study()
    mirrored(results)
    return results


def change_second_seed(results: Results, mean: float) -> Results:
    """The study as if seed 1 had come out otherwise."""
    judge(results.cells[0].cell, {0: judged(0), 1: judged(1) | {"mean": mean}})
    return Results.load(results.params)


def test_nothing_is_added_when_nothing_is_missing(results: Results, view: View) -> None:
    before = {run.info.run_id: (run.info.to_proto(), run.data.to_dictionary()) for run in view.all}
    told = mirrored(results)
    assert {run.info.run_id: (run.info.to_proto(), run.data.to_dictionary()) for run in view.all} == before
    assert told == mirrored(Results.load(results.params))


def test_a_run_begun_by_a_mirror_that_was_killed_is_made_again(results: Results, view: View) -> None:
    before, print_ = view.ids, view.runs[SECOND].data.tags["fingerprint"]
    view.client.delete_run(before[SECOND])
    begun = view.client.create_run(view.experiment, tags={"fingerprint": print_}, run_name=SECOND)
    view.client.update_run(before[CELL], status="RUNNING")
    mirrored(results)
    after = view.ids
    assert len(view.all) == 4
    assert after[FIRST] == before[FIRST]
    assert after[SECOND] not in (before[SECOND], begun.info.run_id)
    assert after[CELL] != before[CELL]
    parents = {view.runs[name].data.tags["mlflow.parentRunId"] for name in (FIRST, SECOND)}
    assert parents == {after[CELL]}


def test_a_run_that_someone_deleted_is_made_again_alone(results: Results, view: View) -> None:
    before = view.ids
    view.client.delete_run(before[FIRST])
    mirrored(results)
    after = view.ids
    assert after.pop(FIRST) != before.pop(FIRST)
    assert after == before


def test_an_experiment_that_someone_deleted_comes_back(results: Results, view: View) -> None:
    before = view.ids
    view.client.delete_experiment(view.experiment)
    mirrored(results)
    assert view.ids == before


def test_runs_of_others_in_the_experiment_are_left_alone(results: Results, view: View) -> None:
    own = view.client.create_run(view.experiment, run_name="mine")
    mirrored(results)
    assert view.client.get_run(own.info.run_id).data.tags.get("superseded") is None
    assert view.runs["mine"].info.status == "RUNNING"


def test_a_changed_result_is_a_new_run_and_the_old_one_is_superseded(results: Results, view: View) -> None:
    before = view.ids
    mirrored(change_second_seed(results, 5.5))
    after = view.ids
    assert after[FIRST] == before[FIRST]
    assert view.runs[FIRST].data.tags["mlflow.parentRunId"] == after[CELL]
    assert view.runs[SECOND].data.metrics["final/mean"] == 5.5
    superseded = {run.info.run_id for run in view.all if run.data.tags["superseded"] == "true"}
    assert superseded == {before[CELL], before[SECOND], before["tiny"]}

    # A result that comes back is the one that is there.
    mirrored(change_second_seed(results, 5.0))
    assert view.ids == before
    assert len(view.all) == 7


def test_a_cell_that_left_the_study_is_superseded(study: Study, view: View) -> None:
    mirrored(study(["mse", "soft"]))
    mirrored(study(["soft"]))
    assert sorted(view.runs) == [
        "flat · soft",
        "flat · soft · seed 0",
        "flat · soft · seed 1",
        "tiny",
    ]
    assert len(view.all) == 8


def test_more_seeds_leave_the_first_ones_runs_as_they_are(results: Results, study: Study, view: View) -> None:
    before = view.ids
    mirrored(study(seeds=[2, 1, 0]))
    after = view.ids
    assert (after[FIRST], after[SECOND]) == (before[FIRST], before[SECOND])
    assert after[CELL] != before[CELL]
    assert len(view.all) == 7


def test_a_store_that_moved_with_its_folder_leaves_the_old_place_alone(
    results: Results, folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path_factory.mktemp("copy") / "study"
    shutil.copytree(folder, there)
    monkeypatch.chdir(there)
    before = sorted((folder / "mlruns").rglob("*"))
    mirrored(results)
    assert sorted((folder / "mlruns").rglob("*")) == before
    moved = View(there)
    assert len(moved.runs) == 4
    assert all(run.info.artifact_uri.startswith(f"{there}/mlruns") for run in moved.all)


def test_the_command_fills_a_fresh_clone_as_it_was(
    results: Results, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No store, another folder, another process: the same fingerprints, and no word but the bar's."""
    told = mirrored(results)
    clone = tmp_path_factory.mktemp("clone")
    monkeypatch.chdir(clone)
    write_study()
    command = [Path(sys.executable).with_name("ganstudy"), "track"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert read_json(paths.MIRRORED) == told
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert "4 of 4 runs, 4 of them new" in line
    assert len(View(clone).runs) == 4


def test_a_server_that_is_not_there_is_told_in_one_line(
    study: Study, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    results = study()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://someone:secret@127.0.0.1:{port}")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    with pytest.raises(UserError) as error:
        mirrored(results)
    assert str(error.value) == (
        f"http://127.0.0.1:{port}: MLflow's store cannot be used ([Errno 111] Connection refused); "
        "nothing of the study is lost: `ganstudy track` goes on from here"
    )
    assert capfd.readouterr() == ("", "")


def test_a_store_that_is_none_is_told_in_one_line(study: Study, folder: Path) -> None:
    results = study()
    (folder / "mlflow.db").write_bytes(b"not a database" * 100)
    with pytest.raises(UserError, match="cannot be used") as error:
        mirrored(results)
    assert "\n" not in str(error.value)
