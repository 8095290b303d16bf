"""What a study rests on: versions, data, weights."""

from hashlib import sha256
from typing import Any

from ganstudy.core.files import read_json
from ganstudy.results import paths
from ganstudy.results.study_results import Results


def data(results: Results) -> list[dict[str, Any]]:
    """Each variant's real samples: how many, and the digest of all."""
    descriptions = {
        name: read_json(paths.prepared(name) / "description.json") for name in results.params.variants
    }
    return [
        {"variant": name, **about["rows"], "digest": about["sha256"]} for name, about in descriptions.items()
    ]


def weights(results: Results) -> list[str]:
    """Each cell's trained weights with their digest, as `sha256sum` prints it."""
    files = [
        paths.runs(result.cell.variant, result.cell.loss) / "weights.safetensors" for result in results.cells
    ]
    return [f"{sha256(file.read_bytes()).hexdigest()}  {file.as_posix()}" for file in files]
