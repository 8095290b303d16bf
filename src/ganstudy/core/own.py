"""The study's own losses, sources, networks and metrics, from Python files in its folder `own`.

Each file stands alone: it may import installed packages, but not its neighbours. So a component depends on
the bytes of one file, and DVC knows by them whether it has changed.
"""

import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from ganstudy.core.errors import UserError, nearest

HOME = Path("own")

_sent: dict[str, bytes] = {}
"""Files that were sent to a machine without that folder."""


def load_use(use: str) -> Any:
    """What `use` names: `losses/mine.py:my_loss` is `my_loss` of own/losses/mine.py. UserError, in a line, if
    there is no such file or name, or if the file cannot be run."""
    path, _, name = use.rpartition(":")
    module = _module(path)
    if not hasattr(module, name):
        public = [word for word in vars(module) if not word.startswith("_")]
        raise UserError(f"{HOME / path}: has no '{name}'; {nearest(name, public)}")
    return getattr(module, name)


def make(use: str, *ends: Any, **options: Any) -> Any:
    """What `use` names, called with these. UserError if it raises."""
    made = load_use(use)
    if not callable(made):
        raise UserError(f"{HOME / use}: is no class and no function")
    return guarded(made, use, *ends, **options)


def guarded(function: Callable[..., Any], use: str, *given: Any, **options: Any) -> Any:
    """What the function, which `use` made, returns. UserError, in a line, if it raises."""
    try:
        return function(*given, **options)
    except UserError:
        raise
    except (Exception, SystemExit) as error:
        raise _spoken(use, error) from error


def _spoken(use: str, error: BaseException) -> UserError:
    words = " ".join(str(error).split())
    return UserError(failure(error) or f"{HOME / use}: {type(error).__name__}: {words}")


def failure(error: BaseException) -> str | None:
    """What went wrong in a file of one's own, and where, in a line; None if the error came from elsewhere."""
    frames = [at for at in traceback.extract_tb(error.__traceback__) if at.filename.startswith(f"{HOME}/")]
    places = [(at.filename, at.lineno) for at in frames]
    if isinstance(error, SyntaxError) and str(error.filename).startswith(f"{HOME}/"):
        places = [(str(error.filename), error.lineno)]
    if not places:
        return None
    file, line = places[-1]
    words = " ".join(str(error).split())
    return f"{file}, line {line}: {type(error).__name__}{f': {words}' if words else ''}"


def user_message(error: BaseException) -> str | None:
    """The message of an error that the user can correct; None of any other."""
    return str(error) if isinstance(error, UserError) else failure(error)


def in_words(use: str, options: Mapping[str, Any]) -> str:
    """Where it is, and what it is told."""
    told = ", ".join(f"{name} = {value}" for name, value in options.items())
    return f"{HOME / use}{f' ({told})' if told else ''}"


def files(*blocks: BaseModel) -> dict[str, bytes]:
    """The files that these settings use, with what they hold. UserError if one is not there."""
    paths = sorted({use.rpartition(":")[0] for block in blocks for use in uses(block.model_dump())})
    return {path: read(path) for path in paths}


def uses(settings: Any) -> Iterable[str]:
    """Every `use` within."""
    if isinstance(settings, Mapping):
        if isinstance(use := settings.get("use"), str):
            yield use
        # An own component's options are its own.
        settings = [value for key, value in settings.items() if key != "options"]
    if isinstance(settings, list | tuple):
        for value in settings:
            yield from uses(value)


def read(path: str) -> bytes:
    """What the file of that path holds. UserError if it is not there."""
    if path in _sent:
        return _sent[path]
    try:
        return (HOME / path).read_bytes()
    except OSError as error:
        remedy = f"; move {path} there, DVC watches {HOME}" if Path(path).is_file() else ""
        raise UserError(f"{HOME / path}: cannot be read ({error.strerror}){remedy}") from None


def receive(sent: Mapping[str, bytes]) -> None:
    """Use these files, in the place of others of the same paths, from now on."""
    _sent.update(sent)


def _module(path: str) -> ModuleType:
    content = read(path)
    # By its content: a changed file is another module.
    name = f"ganstudy_own_{sha256(path.encode() + content).hexdigest()[:16]}"
    if name not in sys.modules:
        module = ModuleType(name)
        module.__file__ = _name(path)
        sys.modules[name] = module
        try:
            exec(compile(content, _name(path), "exec"), vars(module))  # the user's own file
        except (Exception, SystemExit) as error:
            del sys.modules[name]
            raise _spoken(path, error) from error
    return sys.modules[name]


def _name(path: str) -> str:
    return str(HOME / path)
