"""Whether own components are there at all, told without running it."""

import ast
from collections.abc import Iterator

from ganstudy.core import own
from ganstudy.core.errors import Problem, UserError, nearest
from ganstudy.core.files import flat
from ganstudy.study.params import Params


def not_found(params: Params) -> Iterator[Problem]:
    """Each own component that is not there."""
    for place, value in flat(params.model_dump()).items():
        if place.endswith(".use") and ".options." not in place:
            try:
                _look_for(value)
            except UserError as error:
                yield Problem(place, str(error))


def _look_for(use: str) -> None:
    """UserError if there is no such file, or if it defines no such name."""
    path, _, name = use.rpartition(":")
    file = str(own.HOME / path)
    try:
        body = ast.parse(own.read(path), file).body
    except (SyntaxError, ValueError) as error:
        raise UserError(own.failure(error) or f"{file}: {error}") from None
    defined = {word for statement in body for word in _defined(statement)}
    # A star, a condition or a loop may define anything.
    surely = not any(isinstance(statement, ast.If | ast.Try | ast.For | ast.With) for statement in body)
    if name not in defined and surely and "*" not in defined:
        raise UserError(f"{file}: has no '{name}'; {nearest(name, sorted(defined))}")


def _defined(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign() | ast.AnnAssign():
            yield from (node.id for node in ast.walk(statement) if isinstance(node, ast.Name))
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name for alias in names)
