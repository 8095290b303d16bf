"""What `ganstudy plan` says that `dvc repro` would do, beside what it does."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from project import Project

pytestmark = pytest.mark.slow

CODE = "code"
"""Runs whenever settings or code change, and takes no time: not foretold."""


def foretold(project: Project) -> dict[str, str]:
    """The stages that are not as they should be, and what would become of them."""
    plan = json.loads(project.run("ganstudy", "plan", "--json").stdout)
    return {stage: about["status"] for stage, about in plan["stages"].items()}


def hold(project: Project) -> dict[str, str]:
    """What was foretold, once it has been seen to happen."""
    fates = foretold(project)
    ran = set(project.repro()) - {CODE}
    surely = {stage for stage, fate in fates.items() if fate in ("runs", "again")}
    maybe = {stage for stage, fate in fates.items() if fate == "maybe"}
    assert surely <= ran <= surely | maybe
    assert foretold(project) == {}
    return fates


def touch(project: Project, module: str) -> None:
    with (project.folder / "src/ganstudy" / module).open("a") as file:
        file.write("# touched\n")


def named(fates: dict[str, str], step: str) -> dict[str, str]:
    return {stage.split("@")[1]: fate for stage, fate in fates.items() if stage.startswith(f"{step}@")}


def set_rate(rate: float) -> Callable[[Any], None]:
    return lambda settings: settings["variants"]["gaussian"]["optimizer"].update(lr=rate)


def test_nothing_is_foretold_of_a_finished_study(project: Project) -> None:
    assert hold(project) == {}
    assert "would run nothing: all 4 cells are there" in project.run("ganstudy", "plan").stdout


def test_a_changed_variant_trains_its_row_and_is_restored_when_changed_back(project: Project) -> None:
    rate = 0.0

    def read(settings: Any) -> None:
        nonlocal rate
        rate = settings["variants"]["gaussian"]["optimizer"]["lr"]

    project.change(read)
    project.change(set_rate(2e-3))
    said = project.run("ganstudy", "plan").stdout.splitlines()
    assert "  cell.recipe.optimizer.lr: " in said[1]
    assert said[0].startswith("`dvc repro` would train and evaluate 2 of 4 cells (the row gaussian), ")
    assert said[0].endswith("; 2 are cached")
    row = {"gaussian-mse": "runs", "gaussian-r3gan": "runs"}
    fates = hold(project)
    assert named(fates, "train") == named(fates, "evaluate") == row
    project.change(set_rate(rate))
    fates = hold(project)
    assert named(fates, "train") == dict.fromkeys(row, "restored")
    # What git keeps is not in DVC's cache.
    assert named(fates, "evaluate") == dict.fromkeys(row, "runs")


def test_a_new_loss_trains_its_column_and_leaves_only_the_comparison_when_it_goes(project: Project) -> None:
    project.change(lambda settings: settings["losses"].update(hinge={}))
    assert "(the column hinge)" in project.run("ganstudy", "plan").stdout
    assert named(hold(project), "train") == {"gaussian-hinge": "runs", "digits_mlp-hinge": "runs"}
    project.change(lambda settings: settings["losses"].pop("hinge"))
    assert set(hold(project)) == {"compare", "report", "track"}


def test_touched_code_concerns_what_rests_on_it(project: Project) -> None:
    touch(project, "reporting/style.py")
    fates = hold(project)
    # MLflow shows pages and pictures of the same code.
    assert fates == {"report": "runs", "track": "runs"}
    touch(project, "losses/mse.py")
    fates = hold(project)
    assert named(fates, "train") == {"gaussian-mse": "runs", "digits_mlp-mse": "runs"}
    assert named(fates, "evaluate") == {"gaussian-mse": "maybe", "digits_mlp-mse": "maybe"}


def test_other_seeds_train_everything(project: Project) -> None:
    project.change(lambda settings: settings["study"].update(seeds=[5, 0, 1]))
    fates = hold(project)
    assert set(named(fates, "train").values()) == {"runs"}
    assert set(named(fates, "evaluate").values()) == {"maybe"}


def test_what_is_gone_comes_from_the_cache_while_there_is_one(project: Project, tmp_path: Path) -> None:
    project.run("rm", "-r", "data/runs")
    fates = hold(project)
    assert set(fates.values()) == {"restored"}
    assert set(named(fates, "train")) == {
        "gaussian-mse",
        "gaussian-r3gan",
        "digits_mlp-mse",
        "digits_mlp-r3gan",
    }
    project.run("rm", "-r", "reports/metrics/gaussian", ".dvc/cache")
    fates = hold(project)
    assert set(named(fates, "train").values()) == {"again"}
    assert named(fates, "evaluate") == {"gaussian-mse": "again", "gaussian-r3gan": "again"}


def test_a_clone_trains_everything_again_and_evaluates_nothing(finished: Project, tmp_path: Path) -> None:
    clone = finished.clone(tmp_path / "clone")
    fates = foretold(clone)
    assert set(named(fates, "train").values()) == {"again"}
    assert named(fates, "evaluate") == {}
