"""What a sample's numbers mean to people."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudy.sources.transforms import transform_of


def in_original_units(samples: NDArray[Any], description: Mapping[str, Any]) -> NDArray[np.float64]:
    """Samples `[…, *shape]` of the prepared data so described: a table's columns as in the user's file,
    images from 0 to 1 (networks see -1 to 1), all else as it is."""
    return transform_of(description["transform"]).invert(samples)


def is_image(description: Mapping[str, Any]) -> bool:
    """Whether a sample is a picture: `[channels, height, width]`."""
    return len(description["shape"]) == 3


def columns(description: Mapping[str, Any]) -> list[str]:
    """What a sample's numbers are called: as in the user's file, or x_1, x_2 and so on."""
    dims = int(np.prod(description["shape"]))
    return list(description.get("columns") or (["x"] if dims == 1 else [f"x_{i + 1}" for i in range(dims)]))
