"""A run as the store is to hold it, in our words and without MLflow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

FINGERPRINT = "fingerprint"
SUPERSEDED = "superseded"
FIGURES = "figures"
PARENT = "mlflow.parentRunId"


class Point(NamedTuple):
    """A metric's value at a step. NaN stands for whatever is no number."""

    key: str
    value: float
    step: int = 0


class Data(NamedTuple):
    """The real data that a run was trained for."""

    name: str
    digest: str
    source: str
    """As JSON, like `profile`."""
    profile: str


@dataclass(frozen=True)
class Record:
    """One run with all that belongs to it."""

    name: str
    tags: Mapping[str, str]
    params: Mapping[str, str]
    metrics: Sequence[Point]
    files: Mapping[str, Path | bytes]
    """By their place among the run's artifacts: a file to copy, or contents."""
    data: Data | None = None
    below: int | None = None
    """Its place among the runs below a cell's."""
