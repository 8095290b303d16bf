"""A project folder of its own for each test of the pipeline, with the code as it stands."""

import shutil
from pathlib import Path

import pytest
from project import Project, copy_checkout
from small import cut, read, write


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small study, trained, reported, tracked and committed."""
    folder = tmp_path_factory.mktemp("finished")
    copy_checkout(folder)
    project = Project(folder)
    write(project.params, cut(read(project.params)))
    project.run("git", "init", "--quiet")
    project.repro()
    project.commit()
    return project


@pytest.fixture
def project(finished: Project, tmp_path: Path) -> Project:
    """A copy of the finished study, cache and store included, to do with as one likes."""
    shutil.copytree(finished.folder, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")
