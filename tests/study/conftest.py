"""A project folder of its own for each test of the pipeline, with the code as it stands."""

import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock
from project import Project, copy_checkout
from small import cut, read, write


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small study, trained, reported, tracked and committed, by whichever of pytest's processes asks
    first. Not to be changed."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    project, is_there = Project(root / "finished"), root / "finished-is-there"
    with FileLock(root / "finished.lock"):
        if not is_there.exists():
            project.folder.mkdir()
            copy_checkout(project.folder)
            write(project.params, cut(read(project.params)))
            project.run("git", "init", "--quiet")
            project.repro()
            project.commit()
            is_there.touch()
    return project


@pytest.fixture
def project(finished: Project, tmp_path: Path) -> Project:
    """A copy of the finished study, cache and store included, to do with as one likes."""
    shutil.copytree(finished.folder, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")
