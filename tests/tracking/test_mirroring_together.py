"""Several mirrors at one store, and what they may leave behind."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mlflow.entities import Run
from tiny_study import View, mirrored

from ganstudy.results import Results
from ganstudy.tracking import store as storing
from ganstudy.tracking.mirror import ABANDONED
from ganstudy.tracking.store import Store

Study = Callable[..., Results]
CELL, FIRST, SECOND = "flat · mse", "flat · mse · seed 0", "flat · mse · seed 1"


@pytest.fixture
def results(study: Study) -> Results:
    results = study()
    mirrored(results)
    return results


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
