"""What a file can reach by its import statements, in a package made up for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ganstudy.pipeline import imports

FILES = {
    "__init__.py": "",
    "stage.py": "from ganstudy.a import one\nfrom ganstudy.b import c",
    "a/__init__.py": "",
    "a/one.py": "def f():\n    import ganstudy.late\n    import numpy",
    "a/two.py": "",
    "a/page.html": "",
    "a/data/table.csv": "",
    "a/sub/__init__.py": "",
    "a/sub/other.txt": "",
    "b/__init__.py": "",
    "b/c.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ganstudy import typed",
    "late.py": "from ganstudy.execution import cell",
    "typed.py": "",
    "execution/__init__.py": "",
    "execution/cell.py": "from ganstudy import behind",
    "behind.py": "",
}


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    home = tmp_path / "ganstudy"
    for name, text in FILES.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    monkeypatch.setattr(imports, "PACKAGE", home)
    monkeypatch.setattr(imports, "WHERE_WORK_IS_DONE", home / "execution")
    imports.imports_of.cache_clear()
    yield home
    imports.imports_of.cache_clear()


def test_imports_are_followed_wherever_they_stand_but_those_for_type_checkers(package: Path) -> None:
    found = {path.relative_to(package).as_posix() for path in imports.reachable("ganstudy.stage")}
    assert found == {
        "__init__.py",
        "stage.py",
        "a/__init__.py",
        "a/one.py",
        "a/page.html",
        "a/data/table.csv",
        "b/__init__.py",
        "b/c.py",
        "late.py",
    }


def test_several_modules_reach_what_each_does(package: Path) -> None:
    found = imports.reachable("ganstudy.a.two", "ganstudy.typed")
    assert {package / "a/two.py", package / "typed.py", package / "__init__.py"} <= found


def test_other_libraries_are_none_of_ours() -> None:
    assert imports.reachable("numpy.linalg") == set()
