"""A project folder of its own for each test of the pipeline, with the code as it stands."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from project import Project, copy_checkout
from small import cut, read, write


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """`make_once(name, make)`: a folder that whichever of pytest's processes asks first makes for all."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent

    def folder(name: str, make: Callable[[Path], None]) -> Path:
        made, is_there = root / name, root / f"{name}-is-there"
        with FileLock(root / f"{name}.lock"):
            if not is_there.exists():
                made.mkdir()
                make(made)
                is_there.touch()
        return made

    return folder


@pytest.fixture(scope="session")
def finished(make_once: Callable[[str, Callable[[Path], None]], Path]) -> Project:
    """The small study, trained, reported, tracked and committed. Not to be changed."""

    def make(folder: Path) -> None:
        copy_checkout(folder)
        project = Project(folder)
        write(project.params, cut(read(project.params)))
        project.run("git", "init", "--quiet")
        project.repro()
        project.commit()

    return Project(make_once("finished", make))


@pytest.fixture
def project(finished: Project, tmp_path: Path) -> Project:
    """A copy of the finished study, cache and store included, to do with as one likes."""
    shutil.copytree(finished.folder, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")
