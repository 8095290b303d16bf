"""Folders with a finished study and an empty MLflow store."""

import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from servers import Postgres, postgres_programs
from tiny_study import View, write_study

from ganstudy.results.study_results import Results


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as MLflow makes it, for which it takes seconds."""
    folder = tmp_path_factory.mktemp("store")
    View(folder).client.search_experiments()
    return folder / "mlflow.db"


@pytest.fixture
def folder(empty_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, of an awkward name, with a store in the place where MLflow looks for it."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setenv("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    folder = tmp_path / "100 % ours"
    folder.mkdir()
    monkeypatch.chdir(folder)
    shutil.copy(empty_store, folder)
    return folder


@pytest.fixture
def study(folder: Path) -> Callable[..., Results]:
    """`study(losses, seeds, diverges)`: a finished study in the current folder."""
    return write_study


@pytest.fixture
def view(folder: Path) -> View:
    """What the current folder's store holds."""
    return View(folder)


@pytest.fixture(scope="session")
def postgres(require: Callable[[bool, str], None]) -> Iterator[Postgres]:
    programs = postgres_programs()
    require(programs is not None, "PostgreSQL: apt install postgresql")
    require(find_spec("psycopg2") is not None, "PostgreSQL: pip install psycopg2-binary")
    assert programs is not None
    postgres = Postgres(programs)
    yield postgres
    postgres.end()
