"""The lists of code by which DVC knows what changed code concerns."""

import subprocess
import sys
from pathlib import Path

import pytest

from ganstudy import digests, layout, params
from ganstudy.digests import PACKAGE

ROOT = Path(__file__).parents[1]
STUDY = params.load(ROOT / params.FILE)
PARTS = {
    "prepare": digests.PREPARATION,
    "train": digests.TRAINING,
    "evaluate": digests.EVALUATION,
    "compare": digests.COMPARISON,
}
# What decides no bits: where things lie, what only speaks, waits or keeps, and what other stages watch.
SILENT = ("layout.py", "console.py", "execution", "params/evaluation.py", "stages/__init__.py")
SILENT_IN = {
    "train": ("moments.py", "params/combinations.py", "params/loading.py"),
    "evaluate": ("keeping.py", "results.py"),
}


@pytest.mark.parametrize("stage", PARTS)
def test_all_that_a_stage_imports_is_listed(stage: str) -> None:
    """A module that nobody watches could change a result that DVC takes for done."""
    script = f"""
import sys, ganstudy.stages.{stage}
print("\\n".join(sys.modules[name].__file__ for name in sys.modules if name.split(".")[0] == "ganstudy"))
"""
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    loaded = {Path(line).relative_to(PACKAGE).as_posix() for line in shown.splitlines()}
    known = (*PARTS[stage], *SILENT, *SILENT_IN.get(stage, ()))
    missing = {name for name in loaded if not name.startswith(known)}
    assert missing == set()


def test_every_list_is_of_files_that_exist_with_their_digests() -> None:
    lists = digests.digests(STUDY)
    assert layout.code("train", "ring", "mse") in lists
    for text in lists.values():
        names = [line.split()[0] for line in text.splitlines()]
        assert names == sorted(set(names), key=names.index)
        assert all((PACKAGE.parent / name).is_file() for name in names if name.startswith("ganstudy/"))


def test_the_pinned_numerics_are_those_at_work() -> None:
    pinned = (ROOT / "requirements/numerics.txt").read_text().splitlines()
    at_work = digests.digests(STUDY)[layout.code("classify")].splitlines()
    assert {line.replace("==", " ") for line in pinned if "==" in line} <= set(at_work)
