"""A run as the store is to hold it, in our words and without MLflow."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

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


class Data(NamedTuple):
    """The real data that a run was trained for."""

    name: str
    digest: str
    source: str
    """As JSON, like `profile`."""
    profile: str


class Model(NamedTuple):
    """A generator that the run is to offer as a model."""

    name: str
    sampler: "Sampler"
    tags: Mapping[str, str]


@dataclass(frozen=True)
class Record:
    """One run with all that belongs to it."""

    name: str
    tags: Mapping[str, str]
    params: Mapping[str, str]
    metrics: Sequence[Point]
    files: Mapping[str, Path | bytes]
    """By their place among the run's artifacts: a file to copy, or contents."""
    drawn: Mapping[str, Path] = field(default_factory=dict)
    """Files that may be drawn anew without the result being another: they are no part of its fingerprint."""
    note: Callable[[Place], str] | None = None
    """What MLflow is to show above the run, as Markdown, by where the run lies."""
    data: Data | None = None
    model: Model | None = None
    failed: bool = False
    """Whether the run ended without numbers: MLflow marks it in the list."""


def one_line_json(content: object) -> str:
    """On one line, keys sorted."""
    return json.dumps(content, sort_keys=True)
