"""A project folder of its own for each test of the pipeline, with the code as it stands."""

import shutil
import subprocess
from pathlib import Path

import pytest
from project import Project
from small import cut, read, write

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small study, trained, reported, tracked and committed."""
    folder = tmp_path_factory.mktemp("finished")
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in names:
        # The committed study's results are not the small one's.
        if (ROOT / name).is_file() and name != "dvc.lock" and not name.startswith("reports/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
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
