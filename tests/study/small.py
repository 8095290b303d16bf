"""A params.yaml cut down until the whole pipeline runs in a minute: 2 variants × 2 losses × 2 seeds.

`python tests/study/small.py` does so to the params.yaml of the current folder.
"""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

VARIANTS = {"gaussian": {"steps": 60, "samples": 500}, "digits_mlp": {"steps": 40, "samples": 200}}
LOSSES = ("mse", "r3gan")


def read(path: Path) -> Any:
    """The settings in a YAML file, as plain dictionaries."""
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def write(path: Path, settings: Any) -> None:
    """Write the settings as YAML."""
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(settings, file)


def cut(settings: Any) -> Any:
    """The small study in the committed one's place."""
    variants = {name: {**settings["variants"][name], **shorter} for name, shorter in VARIANTS.items()}
    return {
        "study": {**settings["study"], "seeds": 2},
        "variants": variants,
        "losses": {name: settings["losses"][name] for name in LOSSES},
        "evaluation": settings["evaluation"],
    }


if __name__ == "__main__":
    params = Path("params.yaml")
    write(params, cut(read(params)))
