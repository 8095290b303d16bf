"""Labels as conditions: what the networks of a conditional GAN are told of each sample."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Condition = NDArray[np.float32]
"""`[n, classes]`, one-hot; `[n, 0]` where networks are told nothing."""


def are_told(source: Any) -> bool:
    """Whether a source's settings ask for labels as conditions."""
    return getattr(source, "condition", None) == "labels"


def classes(description: Mapping[str, Any]) -> tuple[int, ...]:
    """The labels that networks are told of prepared data so described, in rising order; empty if none."""
    return tuple(sorted(map(int, description.get("labels", {}))))


def one_hot(labels: NDArray[np.integer[Any]], classes: Sequence[int]) -> Condition:
    """Labels `[n]` as conditions. ValueError if one of them is no class."""
    hot = np.asarray(labels)[:, None] == np.array(classes)
    if not hot.any(axis=1).all():
        raise ValueError(f"no such label; there are {', '.join(map(str, classes))}")
    condition: Condition = hot.astype(np.float32)
    return condition
