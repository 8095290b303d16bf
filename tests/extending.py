"""The files and settings of docs/extending.md."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

PAGE = Path(__file__).parents[1] / "docs/extending.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def write_files(folder: Path) -> None:
    """Every Python file of the page, where its first line says."""
    for language, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if language == "python":
            path = folder / text.splitlines()[0].removeprefix("# ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def settings() -> dict[str, Any]:
    """What the page says of params.yaml, put together, with what it leaves out."""
    study: dict[str, Any] = {"study": {"name": "own", "seeds": 3}}
    for language, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if language == "yaml":
            _merge(study, YAML(typ="safe").load(text))
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
