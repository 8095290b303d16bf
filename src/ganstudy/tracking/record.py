"""A run as the store is to hold it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mlflow.entities import Dataset

from ganstudy.tracking.links import Place

if TYPE_CHECKING:
    from ganstudy.results.sampler import Sampler

FINGERPRINT = "fingerprint"
SUPERSEDED = "superseded"
DRAWN = "drawn"
EXPERIMENT = "dvc_experiment"
PARENT = "mlflow.parentRunId"
NOTE = "mlflow.note.content"
COLOUR = "mlflow.runColor"

FINAL, SETTING, CURVE, INTERVAL = "final", "setting", "curve", "interval"
"""Sections of MLflow's charts: what a run ended with, its settings, and its curves with their intervals."""


def metric_name(section: str, key: str) -> str:
    """A metric's name in MLflow, which shows those of a section together."""
    return f"{section}/{key}"


class Point(NamedTuple):
    """A metric's value at a step. NaN stands for whatever is no number."""

    key: str
    value: float
    step: int = 0


def number_points(sections: Mapping[str, Mapping[str, Any]]) -> list[Point]:
    """Those of the sections' values that are numbers."""
    return [
        Point(metric_name(section, key), float(value))
        for section, values in sections.items()
        for key, value in values.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


class Model(NamedTuple):
    """A generator that the run is to offer as a model."""

    name: str
    sampler: "Sampler"
    tags: Mapping[str, str]


@dataclass(frozen=True)
class Record:
    """One run with all that belongs to it."""

    name: str
    fingerprint: str
    tags: Mapping[str, str]
    params: Mapping[str, str]
    metrics: Sequence[Point]
    files: Mapping[str, Path | bytes]
    """By their place among the run's artifacts: a file to copy, or contents."""
    drawn: Mapping[str, Path] | None = None
    """Files that may be drawn anew without the result being another: they are no part of its fingerprint."""
    note: Callable[[Place], str] | None = None
    """What MLflow is to show above the run, as Markdown, by where the run lies."""
    data: Dataset | None = None
    """The real data that the run was trained for."""
    model: Model | None = None
    failed: bool = False
    """Whether the run ended without numbers: MLflow marks it in the list."""
