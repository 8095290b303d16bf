"""The files and settings of docs/extending.md."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import pages

PAGE = "docs/extending.md"


def write_files(folder: Path) -> None:
    """Every Python file of the page, where its first line says."""
    for block in pages.blocks(PAGE, "python"):
        path = folder / block.text.splitlines()[0].removeprefix("# ")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")


def settings() -> dict[str, Any]:
    """What the page says of params.yaml, put together, with what it leaves out."""
    study: dict[str, Any] = {"study": {"name": "own", "seeds": 3}}
    for block in pages.blocks(PAGE, "yaml"):
        _merge(study, YAML(typ="safe").load(block.text))
    study["variants"]["moons"] |= {
        "noise": {"name": "normal", "size": 2},
        "optimizer": {"name": "adam", "lr": 1e-3},
        "batch": 16,
        "steps": 20,
        "samples": 100,
    }
    study["losses"]["mse"] = {}
    return study


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value
