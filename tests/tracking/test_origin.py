"""Where results come from: git, and DVC's experiments."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_study import View, mirrored, write_study

from ganstudy.results.study_results import Results
from ganstudy.tracking.address import COPIES
from ganstudy.tracking.record import origin_tags

Study = Callable[..., Results]
CELL = "flat · mse"


def git(*arguments: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@t")
    return subprocess.run(["git", *identity, *arguments], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def committed(study: Study) -> Results:
    """A study in a repository of its own, all of it committed but the store."""
    results = study()
    Path(".gitignore").write_text("mlflow.db*\nmlruns\n", encoding="utf-8")
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "study")
    return results


def test_every_run_says_which_commit_it_is_of(committed: Results, view: View) -> None:
    mirrored(committed)
    head = git("rev-parse", "HEAD").strip()
    for run in view.all:
        assert run.data.tags.items() >= {"git_commit": head, "git_dirty": "false"}.items()
        assert run.data.tags["mlflow.source.git.commit"] == head


def test_a_changed_file_makes_it_dirty_and_a_new_one_does_not(committed: Results, view: View) -> None:
    Path("notes.txt").write_text("mine", encoding="utf-8")
    assert origin_tags()["git_dirty"] == "false"
    Path("params.yaml").write_text(Path("params.yaml").read_text() + "\n", encoding="utf-8")
    mirrored(committed)
    assert view.runs[CELL].data.tags["git_dirty"] == "true"


def test_outside_git_nothing_is_said_of_it(study: Study, view: View) -> None:
    mirrored(study())
    assert not {"git_commit", "git_dirty", "mlflow.source.git.commit"} & view.runs[CELL].data.tags.keys()


def experiment(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str) -> Path:
    """As DVC runs one: in a copy below the main checkout."""
    copy = folder / COPIES / "standalone" / "tmp1234"
    copy.mkdir(parents=True)
    monkeypatch.setenv("DVC_ROOT", str(folder))
    monkeypatch.setenv("DVC_EXP_NAME", name)
    monkeypatch.chdir(copy)
    return copy


def test_an_experiment_of_dvc_lands_in_the_main_checkouts_store(
    study: Study, view: View, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrored(study(["mse"]))
    before = view.ids
    copy = experiment(monkeypatch, folder, "brave-fox")
    mirrored(write_study(["mse", "soft"]))
    # Nothing is lost with the copy.
    assert not list(copy.glob("ml*"))
    after = view.runs
    new = {name: run for name, run in after.items() if name not in before}
    assert sorted(new) == sorted(
        f"{name} (brave-fox)"
        for name in ("flat · soft", "flat · soft · seed 0", "flat · soft · seed 1", "tiny")
    )
    assert {run.data.tags["dvc_experiment"] for run in new.values()} == {"brave-fox"}
    assert all(Path(run.info.artifact_uri).is_relative_to(folder / "mlruns") for run in new.values())
    # What the main checkout found stays what it is there.
    assert {name: run.info.run_id for name, run in after.items() if name in before} == before


def test_an_experiment_supersedes_its_own_runs_alone(
    study: Study, view: View, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrored(study(["mse"]))
    experiment(monkeypatch, folder, "brave-fox")
    mirrored(write_study(["soft"]))
    mirrored(write_study(["r3gan"]))
    superseded = {run.info.run_name for run in view.all if run.data.tags["superseded"] == "true"}
    assert superseded == {
        f"{name} (brave-fox)"
        for name in ("flat · soft", "flat · soft · seed 0", "flat · soft · seed 1", "tiny")
    }


def test_an_applied_experiment_is_the_main_checkouts(
    study: Study, view: View, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrored(study(["mse"]))
    with monkeypatch.context() as during:
        experiment(during, folder, "brave-fox")
        mirrored(write_study(["soft"]))
    mirrored(study(["soft"]))
    assert all(name.endswith("(brave-fox)") for name in view.runs)
    assert len(view.all) == 8


def test_a_folder_elsewhere_keeps_its_own_store_whatever_dvc_says(
    study: Study, view: View, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVC_ROOT", str(folder.parent))
    mirrored(study())
    assert len(view.runs) == 4
