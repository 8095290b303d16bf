"""Several mirrors at one store, and what they may leave behind."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import BAD_REQUEST
from tiny_study import View, mirrored, picture

from ganstudy.results.study_results import Results
from ganstudy.tracking import store as storing
from ganstudy.tracking.mirror import ABANDONED
from ganstudy.tracking.store import Store
from ganstudy.tracking.views import OURS

Study = Callable[..., Results]
CELL, FIRST, SECOND = "flat · mse", "flat · mse · seed 0", "flat · mse · seed 1"


@pytest.fixture
def results(study: Study) -> Results:
    results = study()
    mirrored(results)
    return results


@pytest.fixture
def before(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """`before(method, act)`: call `act` with what the client's method is called with, the first time, and
    before it does anything. Returns the calls."""

    def first(method: str, act: Callable[..., Any]) -> list[Any]:
        real, calls = getattr(MlflowClient, method), []

        def called(self: MlflowClient, *args: Any, **options: Any) -> Any:
            calls.append(args)
            if len(calls) == 1:
                act(*args)
            return real(self, *args, **options)

        monkeypatch.setattr(MlflowClient, method, called)
        return calls

    return first


def again(view: View, run: Run, status: str = "FINISHED", **tags: str) -> str:
    """The same run once more, as a mirror beside ours makes it."""
    made = view.client.create_run(
        view.experiment, start_time=run.info.start_time, tags=run.data.tags | tags, run_name=run.info.run_name
    )
    if status != "RUNNING":
        view.client.set_terminated(made.info.run_id, status)
    return str(made.info.run_id)


def test_of_a_run_made_twice_one_stays_the_same_one_for_all(results: Results, view: View) -> None:
    before = view.runs
    twins = {name: [run.info.run_id, again(view, run)] for name, run in before.items()}
    mirrored(results)
    assert view.ids == {name: min(ids) for name, ids in twins.items()}
    # Whichever cell's run stayed, the seeds lie below it.
    assert view.runs[FIRST].data.tags["mlflow.parentRunId"] == view.ids[CELL]
    assert view.runs[SECOND].data.tags["mlflow.parentRunId"] == view.ids[CELL]


def test_a_run_that_was_half_made_goes_when_it_is_there_as_a_whole(results: Results, view: View) -> None:
    half = again(view, view.runs[SECOND], "RUNNING")
    before = {run.info.run_id for run in view.all} - {half}
    mirrored(results)
    assert {run.info.run_id for run in view.all} == before


def test_what_another_mirror_is_making_is_left_to_it(results: Results, view: View) -> None:
    """A study that we know nothing of, and that somebody may be mirroring this very moment."""
    now = view.runs[CELL].info.start_time
    other = again(view, view.runs[CELL], "RUNNING", fingerprint="f" * 64)
    mirrored(results)
    assert other in {run.info.run_id for run in view.all}
    # Unless it has been begun too long ago.
    begun = view.client.create_run(
        view.experiment, start_time=now - 2 * ABANDONED, tags={"fingerprint": "e" * 64}
    )
    mirrored(results)
    assert begun.info.run_id not in {run.info.run_id for run in view.all}


def test_a_run_removed_while_it_is_filled_is_somebody_elses(
    study: Study, view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another mirror has finished the same one meanwhile, and deletes ours as it must."""
    results = study()
    fill = Store._fill
    overtaken = []

    def and_is_overtaken(store: Store, id_: str, record: object, started: int) -> None:
        fill(store, id_, record, started)  # type: ignore[arg-type]
        if not overtaken:
            run = view.client.get_run(id_)
            overtaken.append(again(view, run))
            view.client.delete_run(id_)

    monkeypatch.setattr(storing.Store, "_fill", and_is_overtaken)
    mirrored(results)
    assert sorted(view.runs) == [CELL, FIRST, SECOND, "tiny"]
    assert view.ids[CELL] == overtaken[0]
    assert view.runs[SECOND].data.tags["mlflow.parentRunId"] == overtaken[0]


def remove(view: View, id_: str) -> None:
    """As a mirror does."""
    for model in view.client.search_logged_models([view.experiment], f"source_run_id = '{id_}'"):
        view.client.delete_logged_model(model.model_id)
    view.client.delete_run(id_)


def check_whole(view: View) -> None:
    """Each run once, below its own cell's, and one model that is its cell's."""
    assert sorted(view.ids) == [CELL, FIRST, SECOND, "tiny"]
    assert {run.info.status for run in view.all} == {"FINISHED"}
    below = [run.data.tags["mlflow.parentRunId"] for run in view.all if run.data.tags["level"] == "seed"]
    assert below == [view.ids[CELL]] * 2
    (model,) = view.client.search_logged_models([view.experiment])
    assert (model.source_run_id, str(model.status)) == (view.ids[CELL], "READY")


def test_a_run_that_goes_while_it_is_tagged_is_made_again(
    results: Results, view: View, before: Callable[..., list[Any]]
) -> None:
    picture("flat", b"drawn again")
    before("set_tag", lambda id_, *_: remove(view, id_))
    mirrored(results)
    check_whole(view)
    assert view.files(CELL)["figures/distribution.png"].read_bytes() == b"drawn again"


@pytest.mark.parametrize(
    "moment",
    ["log_batch", "log_inputs", "create_logged_model", "log_outputs", "log_artifacts", "set_terminated"],
)
def test_a_run_that_goes_while_it_is_filled_is_made_again_and_leaves_no_model(
    study: Study, view: View, before: Callable[..., list[Any]], moment: str
) -> None:
    def remove_half(*_: Any) -> None:
        (half,) = (run for run in view.all if run.info.status == "RUNNING")
        remove(view, half.info.run_id)

    calls = before(moment, remove_half)
    mirrored(study())
    assert len(calls) > 1
    check_whole(view)


def test_what_somebody_else_removes_too_is_removed(
    results: Results, view: View, before: Callable[..., list[Any]]
) -> None:
    # As if whoever made it had been killed.
    view.client.update_run(view.ids[CELL], status="RUNNING")
    view.client.set_experiment_tag(view.experiment, f"{OURS}old", "{}")
    gone = [
        before("delete_run", view.client.delete_run),
        before("delete_logged_model", view.client.delete_logged_model),
        before("delete_experiment_tag", view.client.delete_experiment_tag),
    ]
    mirrored(results)
    assert all(gone)
    check_whole(view)
    assert f"{OURS}old" not in view.client.get_experiment(view.experiment).tags


def test_an_experiment_that_somebody_else_restores_too_is_restored(
    results: Results, view: View, before: Callable[..., list[Any]]
) -> None:
    view.client.delete_experiment(view.experiment)
    assert before("restore_experiment", view.client.restore_experiment) == []
    mirrored(results)
    check_whole(view)


@pytest.mark.parametrize("write", ["set_experiment_tag", "log_inputs"])
def test_a_row_that_somebody_else_writes_at_the_same_moment_is_written(
    study: Study, view: View, before: Callable[..., list[Any]], write: str
) -> None:
    """A database with room for several writers refuses all but one of them."""

    def refuse(*_: Any) -> None:
        raise MlflowException("duplicate key value violates unique constraint", BAD_REQUEST)

    calls = before(write, refuse)
    mirrored(study())
    assert calls[0] == calls[1]
    check_whole(view)


def test_two_mirrors_of_different_results_do_not_go_on_contradicting_each_other(
    results: Results, study: Study, view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one has the study as it was, and puts right what we say of its runs as soon as we look."""
    others = {run.info.run_id for run in view.all}
    said, search = [], MlflowClient.search_runs

    def contradicted(self: MlflowClient, *args: Any, **options: Any) -> Any:
        for run in search(view.client, [view.experiment]):
            if run.data.tags["superseded"] == ("true" if run.info.run_id in others else "false"):
                said.append(run.info.run_id)
                assert said.count(run.info.run_id) < 5, "they go on"
                view.client.set_tag(run.info.run_id, "superseded", str(run.info.run_id not in others).lower())
        return search(self, *args, **options)

    other = study(["soft"])
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(MlflowClient, "search_runs", contradicted)
        mirrored(other)
    assert set(said) >= others
    mirrored(other)
    assert sorted(view.runs) == ["flat · soft", "flat · soft · seed 0", "flat · soft · seed 1", "tiny"]


def test_several_mirrors_at_once_at_a_store_that_is_not_there_yet(study: Study, folder: Path) -> None:
    study(["mse", "soft"])
    (folder / "mlflow.db").unlink()
    command = [Path(sys.executable).with_name("ganstudy"), "track"]
    mirrors = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for one in mirrors:
        _, said = one.communicate()
        assert one.returncode == 0, said
    view = View(folder)
    assert len(view.all) == len(view.runs) == 7
    assert len({run.data.tags["fingerprint"] for run in view.all}) == 7
    assert {run.info.status for run in view.all} == {"FINISHED"}
    # Whoever came first made them all.
    assert len(list(folder.glob("mlruns/tiny/*/artifacts/params.yaml"))) == 3
