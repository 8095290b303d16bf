"""What a study rests on: versions, data, weights."""

from hashlib import sha256
from importlib.metadata import version
from typing import Any

from ganstudy import layout
from ganstudy.results import Results, read_json

NUMERICS = ("torch", "numpy", "scipy")
"""What the bits of a run depend on besides its settings; pinned for that reason."""


def versions() -> list[tuple[str, str]]:
    """Name and version of each library that numbers come from, without what a build adds to it."""
    return [(name, version(name).split("+")[0]) for name in NUMERICS]


def data(results: Results) -> list[dict[str, Any]]:
    """Each variant's real samples: how many, and the digest of all."""
    descriptions = {
        name: read_json(layout.prepared(name) / "description.json") for name in results.params.variants
    }
    return [
        {"variant": name, **about["rows"], "digest": about["sha256"]} for name, about in descriptions.items()
    ]


def weights(results: Results) -> list[str]:
    """Each cell's trained weights with their digest, as `sha256sum` prints it."""
    files = [
        layout.runs(result.cell.variant, result.cell.loss) / "weights.safetensors" for result in results.cells
    ]
    return [f"{sha256(file.read_bytes()).hexdigest()}  {file.as_posix()}" for file in files]
