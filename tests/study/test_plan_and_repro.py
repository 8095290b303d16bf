"""What `ganstudy plan` says that `dvc repro` would do, beside what it does."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from project import Project
from safetensors.numpy import load_file

from extending import write_files

pytestmark = pytest.mark.slow

CODE = "code"
"""Runs whenever settings or code change, and takes no time: not foretold."""
VARIANTS = ("gaussian", "digits_mlp")
LAST = ["compare", "report", "track"]


def foretold(project: Project) -> dict[str, str]:
    """The stages that are not as they should be, and what would become of them."""
    plan = json.loads(project.run("ganstudy", "plan", "--json").stdout)
    return {stage: about["status"] for stage, about in plan["stages"].items()}


def hold(project: Project) -> tuple[dict[str, str], list[str]]:
    """What was foretold, once it has been seen to happen, and the stages that ran, in order."""
    fates = foretold(project)
    ran = [stage for stage in project.repro() if stage != CODE]
    surely = {stage for stage, fate in fates.items() if fate in ("runs", "again")}
    maybe = {stage for stage, fate in fates.items() if fate == "maybe"}
    assert surely <= set(ran) <= surely | maybe
    assert foretold(project) == {}
    return fates, ran


def touch(project: Project, module: str) -> None:
    with (project.folder / "src/ganstudy" / module).open("a") as file:
        file.write("# touched\n")


def named(fates: dict[str, str], step: str) -> dict[str, str]:
    return {stage.split("@")[1]: fate for stage, fate in fates.items() if stage.startswith(f"{step}@")}


def test_nothing_is_foretold_of_a_finished_study(project: Project) -> None:
    assert hold(project) == ({}, [])
    assert "would run nothing: all 4 cells are there" in project.run("ganstudy", "plan").stdout


def test_a_changed_variant_trains_its_row_and_is_restored_when_changed_back(project: Project) -> None:
    """Changed by a size: DVC's cache of runs takes settings that differ in a `size` alone for the same."""

    def size(noise: int) -> Callable[[Any], None]:
        return lambda settings: settings["variants"]["gaussian"]["noise"].update(size=noise)

    def inputs() -> int:
        weights = load_file(project.folder / "data/runs/gaussian/mse/weights.safetensors")
        return weights["generator.0.weight"].shape[1]

    assert inputs() == 8
    project.change(size(4))
    said = project.run("ganstudy", "plan").stdout.splitlines()
    assert "  cell.recipe.noise.size: " in said[1]
    assert said[0].startswith("`dvc repro` would train and evaluate 2 of 4 cells (the row gaussian), ")
    assert said[0].endswith("; 2 are cached")
    row = {"gaussian-mse": "runs", "gaussian-r3gan": "runs"}
    fates, ran = hold(project)
    assert named(fates, "train") == named(fates, "evaluate") == row
    assert sorted(ran[: -len(LAST)]) == sorted(
        f"{stage}@{cell}" for stage in ("train", "evaluate") for cell in row
    )
    assert ran[-len(LAST) :] == LAST
    assert inputs() == 4

    project.change(size(8))
    fates, _ = hold(project)
    assert named(fates, "train") == dict.fromkeys(row, "restored")
    # What git keeps is not in DVC's cache.
    assert named(fates, "evaluate") == dict.fromkeys(row, "runs")
    assert inputs() == 8


def test_a_new_loss_trains_its_column_and_leaves_no_trace_when_it_goes(project: Project) -> None:
    """One of the study's own, which is trained again when its file is edited."""
    before = project.lock.read_bytes()
    write_files(project.folder)
    own = {"use": "losses/mine.py:Margin", "options": {"margin": 0.5}}
    project.change(lambda settings: settings["losses"].update(margin=own))
    assert "(the column margin)" in project.run("ganstudy", "plan").stdout
    fates, ran = hold(project)
    assert named(fates, "train") == {"gaussian-margin": "runs", "digits_mlp-margin": "runs"}
    column = {stage: [f"{stage}@{variant}-margin" for variant in VARIANTS] for stage in ("train", "evaluate")}
    assert sorted(ran[: -len(LAST)]) == sorted([*column["train"], *column["evaluate"]])
    assert ran[-len(LAST) :] == LAST
    assert "margin" in (project.folder / "reports/summary.md").read_text()

    with (project.folder / "own/losses/mine.py").open("a") as file:
        file.write("# touched\n")
    # The same bits come out, and so nothing is judged again.
    assert sorted(project.repro()) == sorted([CODE, *column["train"]])
    assert project.run("ganstudy", "verify", "gaussian", "margin", succeed=False).returncode == 2
    project.commit()
    assert "same  data/runs/gaussian/margin" in project.run("ganstudy", "verify", "gaussian", "margin").stdout

    project.run("git", "rm", "--quiet", "-r", "own")
    project.run("git", "checkout", "HEAD~1", "--", "own", "params.yaml")
    fates, ran = hold(project)
    assert set(fates) == set(LAST)
    assert ran == LAST
    assert project.lock.read_bytes() == before
    everything = project.folder.glob("[dr][ae]*/**/*")
    # How long its stages took serves when it comes back.
    left = [path for path in everything if "margin" in path.name and path.parent.name != "durations"]
    assert left == []
    assert "margin" not in (project.folder / "reports/summary.md").read_text()
    project.commit()
    assert project.run("git", "diff", "HEAD~2", "--stat").stdout == ""


def test_touched_code_runs_what_rests_on_it_and_no_more(project: Project) -> None:
    touch(project, "execution/process_pool.py")
    assert foretold(project) == {}
    assert project.repro() == [CODE]
    touch(project, "reporting/style.py")
    fates, ran = hold(project)
    # MLflow shows pages and pictures of the same code.
    assert fates == {"report": "runs", "track": "runs"}
    assert ran == ["report", "track"]
    touch(project, "losses/mse.py")
    fates, ran = hold(project)
    assert named(fates, "train") == {"gaussian-mse": "runs", "digits_mlp-mse": "runs"}
    assert named(fates, "evaluate") == {"gaussian-mse": "maybe", "digits_mlp-mse": "maybe"}
    # The same bits come out, and so nothing is judged again.
    assert {stage.split("@")[0] for stage in ran} == {"train", *LAST}
    touch(project, "evaluation/rounding.py")
    assert {stage.split("@")[0] for stage in foretold(project)} == {"floors", "evaluate", *LAST}


def test_other_seeds_train_everything(project: Project) -> None:
    project.change(lambda settings: settings["study"].update(seeds=[5, 0, 1]))
    fates = foretold(project)
    assert set(named(fates, "train").values()) == {"runs"}
    assert set(named(fates, "evaluate").values()) == {"maybe"}
    trained = {stage for stage in fates if stage.startswith("train@")}
    assert set(project.repro("train")) == {CODE, *trained}


def test_what_is_gone_comes_from_the_cache_while_there_is_one(project: Project, tmp_path: Path) -> None:
    project.run("rm", "-r", "data/runs")
    fates, _ = hold(project)
    assert set(fates.values()) == {"restored"}
    assert set(named(fates, "train")) == {
        "gaussian-mse",
        "gaussian-r3gan",
        "digits_mlp-mse",
        "digits_mlp-r3gan",
    }
    project.run("rm", "-r", "reports/metrics/gaussian", ".dvc/cache")
    fates, _ = hold(project)
    assert set(named(fates, "train").values()) == {"again"}
    assert named(fates, "evaluate") == {"gaussian-mse": "again", "gaussian-r3gan": "again"}


def test_a_clone_trains_everything_again_and_evaluates_nothing(finished: Project, tmp_path: Path) -> None:
    clone = finished.clone(tmp_path / "clone")
    fates = foretold(clone)
    assert set(named(fates, "train").values()) == {"again"}
    assert named(fates, "evaluate") == {}
