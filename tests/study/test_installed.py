"""ganstudy as a package: a study in a folder of its own, with no source beside it."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest
from project import Project, copy_checkout
from small import read

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment into which the wheel was installed. What it depends on it sees here."""
    source, wheels = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheels")
    copy_checkout(source)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, source]
    subprocess.run(build, check=True)
    environment = tmp_path_factory.mktemp("installed")
    venv.create(environment)
    python = environment / "bin/python"
    (wheel,) = wheels.glob("*.whl")
    subprocess.run([*pip, "--python", python, "install", "--no-deps", "--no-index", wheel], check=True)
    # Only now, or pip would take the ganstudy there for the one to be installed. Editable ones stay unseen:
    # what they put on the path stands in files that Python reads in its own folders alone.
    ours = Path(sysconfig.get_path("purelib", vars={"base": environment}))
    (ours / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return environment / "bin"


@pytest.fixture(scope="session")
def elsewhere(installed: Path, finished: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A new folder far from the source, in which the small study has run."""
    home = tmp_path_factory.mktemp("elsewhere")
    subprocess.run([installed / "ganstudy", "new", "digits", "study"], cwd=home, check=True)
    project = Project(home / "study", installed)
    project.params.write_bytes(finished.params.read_bytes())
    project.repro()
    project.commit()
    return project


def test_what_is_installed_is_what_runs(elsewhere: Project) -> None:
    where = "import ganstudy; print(ganstudy.__file__)"
    said = elsewhere.run(str(elsewhere.bin / "python"), "-c", where).stdout.strip()
    assert Path(said).is_relative_to(elsewhere.bin.parent)


def test_its_bits_are_those_of_the_source(elsewhere: Project, finished: Project) -> None:
    """Of every stage: data, runs, what they were judged by, and the reports."""

    def outputs(project: Project) -> dict[str, str]:
        return {
            out["path"]: out["md5"]
            for stage in read(project.lock)["stages"].values()
            for out in stage["outs"]
        }

    ours, theirs = outputs(elsewhere), outputs(finished)
    assert set(ours) == set(theirs)
    assert [path for path in ours if ours[path] != theirs[path]] == []


def test_a_second_repro_runs_nothing_and_nothing_is_left_over(elsewhere: Project) -> None:
    assert elsewhere.repro() == []
    assert elsewhere.run("git", "status", "--porcelain").stdout == ""


def test_its_commands_work(elsewhere: Project) -> None:
    assert "params.yaml is fine: 2 variants" in elsewhere.run("ganstudy", "check").stdout
    assert "identical" in elsewhere.run("ganstudy", "summary").stdout
    verified = elsewhere.run("ganstudy", "verify", "gaussian", "mse").stdout.splitlines()
    assert verified == ["same  data/prepared/gaussian", "same  data/runs/gaussian/mse"]


def test_another_version_asks_for_the_code_anew_and_for_nothing_that_it_left_alone(
    elsewhere: Project,
) -> None:
    pins, before = elsewhere.folder / "requirements.txt", elsewhere.lock.read_bytes()
    text = pins.read_text("utf-8")
    pins.write_text(text + "# another\n", encoding="utf-8")
    assert elsewhere.repro() == ["code"]
    pins.write_text(text, encoding="utf-8")
    elsewhere.repro()
    assert elsewhere.lock.read_bytes() == before


def test_below_another_repository_it_runs_too(elsewhere: Project, tmp_path: Path) -> None:
    outer = Project(tmp_path, elsewhere.bin)
    outer.run("git", "init", "--quiet")
    outer.run("ganstudy", "new", "digits", "deep/study")
    inner = Project(tmp_path / "deep/study", elsewhere.bin)
    inner.params.write_bytes(elsewhere.params.read_bytes())
    assert inner.repro("prepare") != []
    assert (inner.folder / "data/prepared/gaussian/train.npy").is_file()
    assert outer.run("git", "status", "--porcelain", "--ignored", "--", "mlflow.db", "mlruns").stdout == ""


def test_a_fair_ranking_goes_from_tuning_to_reporting(installed: Path, tmp_path: Path) -> None:
    home = Project(tmp_path, installed)
    home.run("ganstudy", "new", "fair-ranking", "tuning")
    tuning = Project(tmp_path / "tuning", installed)

    def shorten(settings: Any) -> None:
        settings["study"]["seeds"] = [1000, 1001]
        settings["variants"]["ring"] |= {"steps": 20, "samples": 200}
        tried = [f"{loss}__{setting}" for loss in ("mse", "r3gan") for setting in ("slow", "fast")]
        settings["losses"] = {entry: settings["losses"][entry] for entry in tried}

    tuning.change(shorten)
    tuning.repro()
    said = tuning.run("ganstudy", "choose", "../ranking", "--seeds", "2").stdout
    ranking = Project(tmp_path / "ranking", installed)
    assert {"train@ring-mse", "train@ring-r3gan", "report", "track"} <= set(ranking.repro())
    assert "fair-ranking-chosen: 2 cells × 2 seeds = 4 GANs" in ranking.run("ganstudy", "summary").stdout
    for loss, entry in read(ranking.params)["losses"].items():
        chosen = said.split(f"{loss}: ")[1].split()[0]
        assert entry["optimizer"] == read(tuning.params)["losses"][f"{loss}__{chosen}"]["optimizer"]
