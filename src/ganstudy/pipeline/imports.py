"""Which files of the package a module's code can reach, by the import statements of the files themselves."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import ganstudy

PACKAGE = Path(ganstudy.__file__).parent
WHERE_WORK_IS_DONE = PACKAGE / "execution"
"""Not followed: processes and machines decide no bit of a result (DESIGN's rule 5; tests/execution holds them
to it)."""


def reachable(*modules: str) -> set[Path]:
    """The files of the package that modules, as `ganstudy.pipeline.train`, can come to: their own, those of
    all that they import, at their top or in functions, and the data files of the packages passed.

    What is imported for type checkers alone is left out.
    """
    todo = {file for module in modules for file in _files(module)}
    found: set[Path] = set()
    while todo:
        file = todo.pop()
        if file not in found and WHERE_WORK_IS_DONE not in file.parents:
            found.add(file)
            todo |= imports_of(file)
    return found


@cache
def imports_of(file: Path) -> frozenset[Path]:
    """The files that a file imports, those beside it that are no code if it is a package's `__init__`, and
    all modules beside it if it finds them itself."""
    if file.suffix != ".py":
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imported = {path for name in _imported(tree) for path in _files(name)}
    data = _data(file.parent) if file.name == "__init__.py" else ()
    found = file.parent.glob("*.py") if any(map(_is_path_of_package, ast.walk(tree))) else ()
    return frozenset({*imported, *data, *found})


def _is_path_of_package(node: ast.AST) -> bool:
    """Whether it is `package.__path__`, by which a registry finds the modules beside it."""
    return isinstance(node, ast.Attribute) and node.attr == "__path__" and isinstance(node.value, ast.Name)


def _imported(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                continue
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{alias.name}" for alias in names)
        yield from _imported(child)


def _files(name: str) -> Iterable[Path]:
    """The file of a module of the package, or of the module that such a name is in, and those of the packages
    above; none for other libraries."""
    root, *parts = name.split(".")
    if root != PACKAGE.name:
        return
    for n in range(len(parts) + 1):
        place = PACKAGE.joinpath(*parts[:n])
        for file in (place / "__init__.py", place.with_suffix(".py")):
            if file.is_file():
                yield file


def _data(folder: Path) -> Iterator[Path]:
    """What is no code in a package's folder, and in folders below it that are no packages."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name != "__pycache__" and not (path / "__init__.py").is_file():
                yield from _data(path)
        elif path.suffix not in (".py", ".typed"):
            yield path
