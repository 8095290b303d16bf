"""The pipeline as users run it: DVC itself, in a folder of its own."""

from collections import Counter
from pathlib import Path
from typing import Any

import mlflow
import pytest
from project import Project
from safetensors.numpy import load_file

from extending import write_files

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


def test_a_forced_repro_leaves_the_lock_as_it_was(project: Project) -> None:
    before = outcome(project)
    assert len(project.repro("--force")) == len(VARIANTS) * (3 + 2 * len(LOSSES)) + len(CODE + LAST)
    assert outcome(project) == before
    assert project.run("git", "status", "--porcelain").stdout == ""


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


@pytest.mark.parametrize(
    "run", [["--temp"], ["--queue"]], ids=["in a copy that is thrown away", "from the queue"]
)
def test_an_experiments_runs_outlive_its_copy(project: Project, run: list[str]) -> None:
    # The copy that this test works in is a place of its own, to which the store has only now moved.
    project.run("ganstudy", "track")
    setting = "variants.gaussian.optimizer.lr=0.002"
    project.run("dvc", "exp", "run", *run, "--name", "brave-fox", "--set-param", setting)
    if run == ["--queue"]:
        project.run("dvc", "exp", "run", "--run-all")
    client = mlflow.MlflowClient(f"sqlite:///{project.folder}/mlflow.db")
    (study,) = (e for e in client.search_experiments() if e.name == "losses-across-seeds")
    runs = client.search_runs([study.experiment_id], max_results=1000)
    new = [run for run in runs if run.data.tags.get("dvc_experiment") == "brave-fox"]
    # Its two cells and what lies below them, the others being as they were, and the study.
    assert Counter(run.data.tags["level"] for run in new) == Counter(cell=2, seed=4, study=1)
    assert {run.data.params["optimizer.lr"] for run in new if run.data.tags["level"] == "cell"} == {"0.002"}
    assert not [run for run in runs if run.data.tags["superseded"] == "true"]
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


def test_a_new_loss_trains_its_column_alone_and_leaves_no_trace_when_it_goes(
    project: Project, tmp_path: Path
) -> None:
    before = outcome(project)
    project.change(lambda settings: settings["losses"].update(hinge={}))
    ran = project.repro()
    column = [f"{stage}@{variant}-hinge" for stage in ("train", "evaluate") for variant in VARIANTS]
    assert sorted(ran[: -len(LAST)]) == sorted(CODE + column)
    assert ran[-len(LAST) :] == LAST
    assert "hinge" in (project.folder / "reports/summary.md").read_text()

    project.change(lambda settings: settings["losses"].pop("hinge"))
    assert project.repro() == CODE + LAST
    assert outcome(project) == before
    everything = project.folder.glob("[dr][ae]*/**/*")
    # How long its stages took serves when it comes back.
    left = [path for path in everything if "hinge" in path.name and path.parent.name != "durations"]
    assert left == []
    assert "hinge" not in (project.folder / "reports/summary.md").read_text()

    assert project.run("git", "status", "--porcelain").stdout == ""
    clone = project.clone(tmp_path / "clone")
    clone.repro()
    assert outcome(clone) == before


def test_a_loss_of_ones_own_trains_its_column_and_again_when_its_file_is_edited(project: Project) -> None:
    write_files(project.folder)
    own = {"use": "losses/mine.py:Margin", "options": {"margin": 0.5}}
    project.change(lambda settings: settings["losses"].update(margin=own))
    column = [f"{stage}@{variant}-margin" for stage in ("train", "evaluate") for variant in VARIANTS]
    ran = project.repro()
    assert sorted(ran[: -len(LAST)]) == sorted(CODE + column)
    with (project.folder / "own/losses/mine.py").open("a") as file:
        file.write("# touched\n")
    # The same bits come out, and so nothing is judged again.
    assert sorted(project.repro()) == sorted([*CODE, *column[: len(VARIANTS)]])
    assert project.run("ganstudy", "verify", "gaussian", "margin", succeed=False).returncode == 2
    project.commit()
    assert "same  data/runs/gaussian/margin" in project.run("ganstudy", "verify", "gaussian", "margin").stdout


def test_a_changed_learning_rate_runs_that_variant_alone(project: Project) -> None:
    project.change(lambda settings: settings["variants"]["gaussian"]["optimizer"].update(lr=2e-3))
    cells = [f"{stage}@gaussian-{loss}" for stage in ("train", "evaluate") for loss in LOSSES]
    own = [*CODE, *cells]
    ran = project.repro()
    assert sorted(ran[: len(own)]) == sorted(own)
    assert ran[len(own) :] == LAST


def test_a_size_is_a_setting_like_any_other(project: Project) -> None:
    """DVC's cache of runs takes settings that differ in a `size` alone for the same."""
    weights = "data/runs/gaussian/mse/weights.safetensors"
    project.change(lambda settings: settings["variants"]["gaussian"]["noise"].update(size=4))
    assert "train@gaussian-mse" in project.repro()
    assert load_file(project.folder / weights)["generator.0.weight"].shape[1] == 4
    project.change(lambda settings: settings["variants"]["gaussian"]["noise"].update(size=3))
    project.repro()
    assert load_file(project.folder / weights)["generator.0.weight"].shape[1] == 3


def test_touched_code_runs_what_rests_on_it_and_no_more(project: Project) -> None:
    def touched(module: str) -> set[str]:
        with (project.folder / "src/ganstudy" / module).open("a") as file:
            file.write("# touched\n")
        return {stage.split("@")[0] for stage in project.repro()}

    shown = {"compare", "report", "track"}
    assert touched("losses/loss.py") == {"code", "train", *shown}
    assert touched("evaluation/rounding.py") == {"code", "floors", "evaluate", "compare"}
    assert touched("reporting/style.py") == {"code", "report", "track"}
    assert touched("execution/local.py") == {"code"}


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
