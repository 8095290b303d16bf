"""The lists of code by which DVC knows what changed code concerns."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ganstudy.pipeline import code as code_lists
from ganstudy.pipeline import imports
from ganstudy.pipeline.imports import PACKAGE, reachable
from ganstudy.results import paths
from ganstudy.study.loading import FILE, load, parse

ROOT = Path(__file__).parents[2]
STUDY = load(ROOT / FILE)

COMPONENTS = ("ganstudy.sources.ring", "ganstudy.losses.mse", "ganstudy.networks.mlp")
STAGES = ("prepare", "classify", "floors", "train", "evaluate", "compare", "report", "track")


def test_every_list_is_of_files_that_exist_with_their_digests() -> None:
    lists = code_lists.digests(STUDY)
    assert paths.code("train", "ring", "mse") in lists
    for path, text in lists.items():
        if path.suffix == ".json":
            continue
        names = [line.split()[0] for line in text.splitlines()]
        assert names == sorted(set(names), key=names.index)
        assert all((PACKAGE.parent / name).is_file() for name in names if name.startswith("ganstudy/"))


def test_the_pinned_numerics_are_those_at_work() -> None:
    pinned = (ROOT / "requirements/numerics.txt").read_text().splitlines()
    at_work = code_lists.digests(STUDY)[paths.code("classify")].splitlines()
    assert {line.replace("==", " ") for line in pinned if "==" in line} <= set(at_work)


IMPORTING = """
import importlib, json, sys
from importlib.machinery import ModuleSpec
from unittest.mock import MagicMock

class Nowhere:
    # In place of the room that no list holds.
    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self, is_package=True) if name.startswith("ganstudy.execution") else None
    def create_module(self, spec):
        return MagicMock(__path__=[], __file__=None)
    def exec_module(self, module):
        pass

sys.meta_path.insert(0, Nowhere())
importlib.import_module(sys.argv[1])
names = [name for name in sys.modules if name.partition(".")[0] == "ganstudy"]
print(json.dumps([sys.modules[name].__file__ for name in names if sys.modules[name].__file__]))
"""


@pytest.mark.parametrize("stage", STAGES)
def test_what_a_stage_imports_is_in_its_list(stage: str) -> None:
    """By the interpreter, not by reading the code."""
    said = subprocess.run(
        [sys.executable, "-c", IMPORTING, f"ganstudy.pipeline.{stage}"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {Path(file) for file in json.loads(said.stdout)}
    assert loaded <= code_lists.files_of(stage)


def test_changed_bytes_change_the_lists_of_the_stages_that_can_import_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every module and every data file of the package."""
    copy = tmp_path / "ganstudy"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    can_import = {stage: code_lists.files_of(stage, COMPONENTS) for stage in STAGES}
    monkeypatch.setattr(imports, "PACKAGE", copy)
    monkeypatch.setattr(imports, "WHERE_WORK_IS_DONE", copy / "execution")
    monkeypatch.setattr(code_lists, "PACKAGE", copy)
    monkeypatch.setattr(code_lists, "reachable", cache(reachable))
    imports.imports_of.cache_clear()
    before = {stage: code_lists.code_of(stage, COMPONENTS) for stage in STAGES}
    for file in sorted(path for path in copy.rglob("*") if path.is_file()):
        text = file.read_bytes()
        file.write_bytes(text + b"\n")
        changed = {stage for stage in STAGES if code_lists.code_of(stage, COMPONENTS) != before[stage]}
        file.write_bytes(text)
        ours = PACKAGE / file.relative_to(copy)
        assert changed == {stage for stage in STAGES if ours in can_import[stage]}, file
    imports.imports_of.cache_clear()


@pytest.mark.parametrize(
    ("stage", "not_used"),
    [
        (
            "prepare",
            ("training/", "losses/", "networks/", "metrics/", "evaluation/", "study/", "sources/ring"),
        ),
        ("train", ("metrics/", "evaluation/", "statistics/", "study/", "losses/mse", "sources/ring")),
        ("classify", ("losses/", "networks/", "training/", "evaluation/", "study/")),
        ("floors", ("losses/", "statistics/", "reporting/", "tracking/", "study/params")),
        ("evaluate", ("reporting/", "tracking/", "results/study_results")),
        ("compare", ("reporting/", "tracking/", "training/train", "training/capture")),
        ("report", ("tracking/", "evaluation/", "training/train", "training/capture")),
    ],
)
def test_a_stage_cannot_reach_what_it_does_not_use(stage: str, not_used: tuple[str, ...]) -> None:
    found = {path.relative_to(PACKAGE).as_posix() for path in code_lists.files_of(stage)}
    assert [name for name in found if name.startswith(not_used)] == []


def changed(edit: Callable[[dict[str, Any]], None]) -> set[str]:
    """The files that say something else once params.yaml is edited, without data/code."""
    settings = STUDY.model_dump(mode="json", exclude_unset=True)
    before = code_lists.digests(parse(settings))
    edit(settings)
    after = code_lists.digests(parse(settings))
    return {str(path.relative_to(paths.CODE)) for path in before if after.get(path) != before[path]}


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
