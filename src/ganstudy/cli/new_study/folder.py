"""The folder that a study lives in: what `dvc repro` needs there, and a README."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from ganstudy.core.errors import UserError
from ganstudy.core.versions import versions
from ganstudy.results import paths
from ganstudy.study.loading import FILE
from ganstudy.study.schema import schema

TEMPLATE_FILES = Path(__file__).with_name("files")
"""As they will lie in the folder, but that `dot_` stands for a leading dot and that a last `.in` goes: here
neither git nor DVC is to heed them."""
SCHEMA = Path("params.schema.json")
"""What editors check params.yaml by; its first line says so."""
DVC_OUTPUTS = (paths.LOCK, paths.REPORTS, paths.CODE, paths.PREPARED, paths.CLASSIFIERS, paths.RUNS)
"""What DVC will write there, and would first remove."""


def write_project(folder: Path, params: str) -> bool:
    """Make `folder` one that runs the study in the text `params` with `dvc repro`. Where no git repository
    holds it, one is made; the answer is whether that was so.

    UserError, and nothing written, if anything there would be overwritten now or by DVC, or git is missing.
    """
    files = contents(params)
    try:
        if blocking := list(_in_the_way(folder, [*files, *DVC_OUTPUTS])):
            raise UserError(
                f"{folder}: would overwrite {', '.join(blocking)}; choose an empty or a new folder"
            )
        if shutil.which("git") is None:
            raise UserError("git is not installed; DVC needs it to keep a study")
        folder.mkdir(parents=True, exist_ok=True)
        alone = not _in_git(folder)
        if alone:
            subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
        for place, text in files.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{error.filename}: cannot be written: {error.strerror}") from None
    return alone


def contents(params: str) -> dict[Path, str]:
    """The text of every file in the new folder."""
    shared = {
        _place(file.relative_to(TEMPLATE_FILES)): file.read_text(encoding="utf-8")
        for file in sorted(TEMPLATE_FILES.rglob("*"))
        if file.is_file()
    }
    made = {
        FILE: f"# yaml-language-server: $schema={SCHEMA}\n{params}",
        Path("requirements.txt"): requirements(),
        SCHEMA: json.dumps(schema(), indent=1, ensure_ascii=False) + "\n",
    }
    return made | shared


def requirements() -> str:
    """requirements.txt with the versions at work."""
    return "\n".join(
        [
            "# Change a version here and install it, and `dvc repro` runs again what rests on it.",
            f"ganstudy=={version('ganstudy')}",
            "",
            "# What decides the bits of a run and of its judgement, exactly.",
            *(f"{name}=={pinned}" for name, pinned in versions().items()),
            "",
        ]
    )


def _place(file: Path) -> Path:
    return Path(*(re.sub("^dot_", ".", part).removesuffix(".in") for part in file.parts))


def _in_the_way(folder: Path, places: list[Path]) -> Iterator[str]:
    """What is there already of the places to be written, or is a file where a folder should be."""
    for parent in (folder, *folder.parents):
        if parent.exists() and not parent.is_dir():
            yield f"the file {parent}"
            return
    for place in dict.fromkeys(part for wanted in places for part in (*wanted.parents, wanted)):
        there = folder / place
        if os.path.lexists(there) and (place in places or not there.is_dir()):
            yield str(place)


def _in_git(folder: Path) -> bool:
    asked = subprocess.run(
        ["git", "rev-parse", "--is-inside-work-tree"], cwd=folder, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() == "true"
