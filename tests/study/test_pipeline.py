"""The pipeline as users run it: DVC itself, in a folder of its own. What runs again after a change is in
test_plan_and_repro.py."""

from collections import Counter
from pathlib import Path
from typing import Any

import mlflow
import pytest
from project import Project

pytestmark = pytest.mark.slow

VARIANTS = ("gaussian", "digits_mlp")
LOSSES = ("mse", "r3gan")
CODE = ["code"]
LAST = ["compare", "report", "track"]


def outcome(project: Project) -> bytes:
    return project.lock.read_bytes()


def test_a_finished_study_has_all_its_parts(finished: Project) -> None:
    for variant in VARIANTS:
        for loss in LOSSES:
            assert (finished.folder / f"data/runs/{variant}/{loss}/weights.safetensors").is_file()
            assert (finished.folder / f"reports/metrics/{variant}/{loss}.json").is_file()
    for name in ("comparison.json", "leaderboard.csv", "index.html", "summary.md"):
        assert (finished.folder / "reports" / name).stat().st_size > 0


def test_a_second_repro_runs_nothing_and_status_is_clean(finished: Project) -> None:
    assert finished.repro() == []
    assert "up to date" in finished.run("dvc", "status").stdout
    assert finished.run("git", "status", "--porcelain").stdout == ""


def test_every_run_is_in_mlflow_once(project: Project) -> None:
    def count() -> Counter[str]:
        client = mlflow.MlflowClient(f"sqlite:///{project.folder}/mlflow.db")
        experiments = [e for e in client.search_experiments() if e.name == "losses-across-seeds"]
        runs = client.search_runs([e.experiment_id for e in experiments], max_results=1000)
        return Counter(run.data.tags["level"] for run in runs)

    expected = Counter(cell=4, seed=8)
    assert expected.items() <= count().items()
    project.run("ganstudy", "track")
    assert expected.items() <= count().items()


def test_an_experiments_runs_outlive_its_copy(project: Project) -> None:
    """One that is thrown away, and the queue's."""
    # The copy that this test works in is a place of its own, to which the store has only now moved.
    project.run("ganstudy", "track")
    experiments = {"brave-fox": ("--temp", "0.002"), "calm-owl": ("--queue", "0.003")}
    for name, (where, rate) in experiments.items():
        setting = f"variants.gaussian.optimizer.lr={rate}"
        project.run("dvc", "exp", "run", where, "--name", name, "--set-param", setting)
    project.run("dvc", "exp", "run", "--run-all")
    client = mlflow.MlflowClient(f"sqlite:///{project.folder}/mlflow.db")
    (study,) = (e for e in client.search_experiments() if e.name == "losses-across-seeds")
    runs = client.search_runs([study.experiment_id], max_results=1000)
    assert not [run for run in runs if run.data.tags["superseded"] == "true"]
    for name, (_, rate) in experiments.items():
        new = [run for run in runs if run.data.tags.get("dvc_experiment") == name]
        # Its two cells and what lies below them, the others being as they were, and the study.
        assert Counter(run.data.tags["level"] for run in new) == Counter(cell=2, seed=4, study=1)
        rates = {run.data.params["optimizer.lr"] for run in new if run.data.tags["level"] == "cell"}
        assert rates == {rate}
        for found in new:
            folder = Path(found.info.artifact_uri)
            assert folder.is_relative_to(project.folder / "mlruns")
            assert (folder / "params.yaml").is_file() or (folder / "samples.csv").is_file()


def test_without_its_store_only_track_runs(project: Project) -> None:
    before = outcome(project)
    project.run("rm", "-r", "mlflow.db", "mlruns")
    assert project.repro() == ["track"]
    assert outcome(project) == before


def test_what_was_pulled_on_another_machine_is_mirrored_as_it_was(project: Project, tmp_path: Path) -> None:
    add = ("dvc", "remote", "add", "--local", "--default", "elsewhere", str(tmp_path / "remote"))
    project.run(*add)
    project.run("dvc", "push")
    clone = project.clone(tmp_path / "clone")
    clone.run(*add)
    clone.run("dvc", "pull")
    clone.run("ganstudy", "track")
    mirrored = "mlruns/mirrored.json"
    assert (clone.folder / mirrored).read_bytes() == (project.folder / mirrored).read_bytes()
    # And DVC has no stage to run for it.
    assert clone.repro() == []


def test_a_fresh_clone_reproduces_what_was_committed(finished: Project, tmp_path: Path) -> None:
    clone = finished.clone(tmp_path / "clone")
    ran = clone.repro()
    assert {stage.split("@")[0] for stage in ran} >= {"prepare", "train", "track"}
    assert outcome(clone) == outcome(finished)
    assert "identical" in clone.run("ganstudy", "summary").stdout
    assert clone.repro() == []


def test_a_cell_is_verified_against_the_commit(project: Project) -> None:
    done = project.run("ganstudy", "verify", "gaussian", "mse")
    assert done.stdout.splitlines() == ["same  data/prepared/gaussian", "same  data/runs/gaussian/mse"]
    text = project.lock.read_text()
    start = text.index("md5:", text.index("path: data/runs/gaussian/mse\n", text.index("train@gaussian-mse")))
    project.lock.write_text(text[:start] + "md5: 0" + text[start + len("md5: 0") :])
    project.commit()
    done = project.run("ganstudy", "verify", "gaussian", "mse", succeed=False)
    assert done.returncode == 1
    assert done.stdout.splitlines()[1:] == [
        "differs  data/runs/gaussian/mse",
        "1 outputs differ from the committed ones",
    ]


def test_a_mistake_is_found_before_anything_is_touched(project: Project) -> None:
    before = outcome(project)
    project.change(lambda settings: settings["losses"].update(hinge={"panalty": 1}))
    done = project.run("ganstudy", "check", succeed=False)
    assert done.returncode == 2
    assert "losses.hinge: unknown key 'panalty'" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    project.run("git", "checkout", "params.yaml")
    assert outcome(project) == before
    assert project.repro() == []


def test_a_failing_stage_loses_only_its_own_outputs_and_says_how_to_restore_them(project: Project) -> None:
    table = {"source": {"name": "table", "path": "absent.csv"}}

    def edit(settings: Any) -> None:
        settings["variants"]["mine"] = {**settings["variants"]["gaussian"], **table}

    project.change(edit)
    done = project.run("dvc", "repro", succeed=False)
    assert done.returncode != 0
    assert "absent.csv: no such file" in done.stderr
    assert "dvc checkout" in done.stderr
    project.run("git", "checkout", "params.yaml", "dvc.lock")
    assert project.repro() == CODE
