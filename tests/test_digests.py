"""The lists of code by which DVC knows what changed code concerns."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ganstudy import digests, layout, params
from ganstudy.digests import PACKAGE

ROOT = Path(__file__).parents[1]
STUDY = params.load(ROOT / params.FILE)
PARTS = {
    "prepare": digests.PREPARATION,
    "train": digests.TRAINING,
    "classify": digests.CLASSIFICATION,
    "floors": digests.EVALUATION,
    "evaluate": digests.EVALUATION,
    "compare": digests.COMPARISON,
    "report": digests.REPORTING,
    "track": digests.TRACKING,
}
SILENT = ("layout.py", "console.py", "execution", "stages/__init__.py")
"""What decides no bits: where things lie, what only speaks, and where work is done."""
SILENT_IN = {
    # How runs are judged; other stages watch it.
    "train": ("moments.py", "params/combinations.py", "params/evaluation.py", "params/loading.py"),
    # What packages bring along: a classifier is made of prepared arrays alone.
    "classify": (
        "evaluation/__init__.py",
        "moments.py",
        "own.py",
        "params/__init__.py",
        "params/loading.py",
        "randomness.py",
        "sources/__init__.py",
        "sources/contents.py",
        "sources/source.py",
        "sources/stream.py",
    ),
}


def files_of(name: str) -> Iterator[Path]:
    """The file of a module or package of ours, and those of the packages that it is in."""
    parts = name.split(".")[1:]
    for n in range(len(parts) + 1):
        for path in (
            PACKAGE.joinpath(*parts[:n], "__init__.py"),
            PACKAGE.joinpath(*parts[:n]).with_suffix(".py"),
        ):
            if path.is_file():
                yield path


def imported(node: ast.AST) -> Iterator[str]:
    """All names that a file imports when it runs, at its top or within functions."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                continue
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{alias.name}" for alias in names)
        yield from imported(child)


def reachable(stage: str, silent: tuple[str, ...]) -> set[str]:
    """The files of the package that the stage's code can come to, but through what is silent."""
    todo, found = [*files_of(f"ganstudy.stages.{stage}")], set()
    while todo:
        path = todo.pop()
        name = path.relative_to(PACKAGE).as_posix()
        if name in found or name.startswith(silent):
            continue
        found.add(name)
        names = imported(ast.parse(path.read_text(encoding="utf-8")))
        todo += [file for name in names if name.split(".")[0] == "ganstudy" for file in files_of(name)]
    return found


@pytest.mark.parametrize("stage", PARTS)
def test_all_code_that_a_stage_can_reach_is_listed(stage: str) -> None:
    """A module that nobody watches could change a result that DVC takes for done."""
    found = reachable(stage, (*SILENT, *SILENT_IN.get(stage, ())))
    assert f"stages/{stage}.py" in found
    assert {name for name in found if not name.startswith(PARTS[stage])} == set()


def test_every_list_is_of_files_that_exist_with_their_digests() -> None:
    lists = digests.digests(STUDY)
    assert layout.code("train", "ring", "mse") in lists
    for path, text in lists.items():
        if path.suffix == ".json":
            continue
        names = [line.split()[0] for line in text.splitlines()]
        assert names == sorted(set(names), key=names.index)
        assert all((PACKAGE.parent / name).is_file() for name in names if name.startswith("ganstudy/"))


def test_the_pinned_numerics_are_those_at_work() -> None:
    pinned = (ROOT / "requirements/numerics.txt").read_text().splitlines()
    at_work = digests.digests(STUDY)[layout.code("classify")].splitlines()
    assert {line.replace("==", " ") for line in pinned if "==" in line} <= set(at_work)


def changed(edit: Callable[[dict[str, Any]], None]) -> set[str]:
    """The files that say something else once params.yaml is edited, without data/code."""
    settings = STUDY.model_dump(mode="json", exclude_unset=True)
    before = digests.digests(params.parse(settings))
    edit(settings)
    after = digests.digests(params.parse(settings))
    return {str(path.relative_to(layout.CODE)) for path in before if after.get(path) != before[path]}


EVERYWHERE = {"compare.json", "report.json", "track.json"}
LOSSES = list(STUDY.losses)


def test_a_tolerance_judges_its_variant_again_and_trains_nothing() -> None:
    found = changed(lambda settings: settings["variants"]["ring"]["tolerances"].update(reverse_kl=0.1))
    assert found == EVERYWHERE | {f"evaluate/ring/{loss}.json" for loss in LOSSES}


def test_a_claim_is_only_reported() -> None:
    assert changed(lambda settings: settings["variants"]["ring"].update(claim={"by": "me"})) == EVERYWHERE


def test_training_settings_leave_data_and_floors_as_they_are() -> None:
    found = changed(lambda settings: settings["variants"]["ring"].update(steps=4000, batch=64))
    of_cells = {f"{stage}/ring/{loss}.json" for stage in ("train", "evaluate") for loss in LOSSES}
    assert found == EVERYWHERE | of_cells


def test_a_size_is_a_setting_like_any_other() -> None:
    """DVC's own key of earlier runs leaves out what is called so."""
    found = changed(lambda settings: settings["variants"]["ring"]["noise"].update(size=3))
    assert "train/ring/mse.json" in found


def test_the_studys_name_trains_nothing() -> None:
    assert changed(lambda settings: settings["study"].update(name="another")) == EVERYWHERE


def test_other_seeds_train_everything_and_leave_floors() -> None:
    found = changed(lambda settings: settings["study"].update(seeds=3))
    cells = {f"train/{cell.variant}/{cell.loss}.json" for cell in STUDY.cells}
    assert found == EVERYWHERE | cells
