"""Samples in the units that people know, not in those that networks train on."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def in_original_units(samples: NDArray[Any], description: Mapping[str, Any]) -> NDArray[np.float64]:
    """Samples `[…, dims]` of the prepared data so described: a table's columns as in the user's file, images
    from 0 to 1 (networks see -1 to 1), all else as it is."""
    values: NDArray[np.float64] = samples.astype(np.float64)
    if inverse := description.get("inverse"):
        values = values * np.array(inverse["scale"]) + np.array(inverse["offset"])
    elif is_image(description):
        values = (values + 1) / 2
    return values


def is_image(description: Mapping[str, Any]) -> bool:
    """Whether a sample is a picture of so many rows and columns."""
    return len(description["shape"]) == 2


def columns(description: Mapping[str, Any]) -> list[str]:
    """What a sample's numbers are called: as in the user's file, or x_1, x_2 and so on."""
    dims = int(np.prod(description["shape"]))
    return list(description.get("columns") or (["x"] if dims == 1 else [f"x_{i + 1}" for i in range(dims)]))
