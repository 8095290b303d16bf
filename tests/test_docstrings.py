"""Everything public says what it is, and every function of arrays their shapes."""

import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import numpy as np
import torch

import ganstudy

SHAPE = re.compile(r"\[[^\]]*\]")
# A clause of a contract is said in full by its name, which `ganstudy check --contracts` prints.
SAID_BY_THEIR_NAMES = "ganstudy.cli.contracts"


def modules() -> Iterator[ModuleType]:
    for found in walk_packages(ganstudy.__path__, "ganstudy."):
        try:
            yield import_module(found.name)
        except ModuleNotFoundError as error:
            # An extra, which not everyone has.
            if error.name != "ray":
                raise


def public() -> Iterator[tuple[str, Any, str]]:
    """Of each public function and method its name, itself, and its docstring, its own or inherited."""
    for module in modules():
        for name, member in vars(module).items():
            if name.startswith("_") or getattr(member, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(member):
                yield f"{module.__name__}.{name}", member, inspect.getdoc(member) or ""
            elif inspect.isclass(member):
                for own, function in methods(member):
                    yield f"{module.__name__}.{name}.{own}", function, documentation(member, own)


def methods(of: type) -> Iterator[tuple[str, Any]]:
    for name, member in vars(of).items():
        function = member
        if isinstance(member, property):
            function = member.fget
        elif isinstance(member, cached_property):
            function = member.func
        elif isinstance(member, staticmethod | classmethod):
            function = member.__func__
        if inspect.isfunction(function) and (name == "__call__" or not name.startswith("_")):
            yield name, function


def documentation(of: type, name: str) -> str:
    said = (inspect.getdoc(vars(base)[name]) for base in of.__mro__ if name in vars(base))
    return next(filter(None, said), "")


def is_array(annotation: Any) -> bool:
    return annotation in (np.ndarray, torch.Tensor) or str(annotation).startswith("numpy.ndarray")


def test_everything_public_says_what_it_is() -> None:
    silent = [
        name for name, _, said in public() if not said and not name.startswith(f"{SAID_BY_THEIR_NAMES}.")
    ]
    assert not silent


def test_functions_of_arrays_give_their_shapes() -> None:
    of_arrays = {
        name: said
        for name, function, said in public()
        if any(is_array(annotation) for annotation in function.__annotations__.values())
    }
    assert len(of_arrays) > 100
    assert not [name for name, said in of_arrays.items() if not SHAPE.search(said)]
