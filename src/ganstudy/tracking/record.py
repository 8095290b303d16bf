"""A run as the store is to hold it, what identifies it, and where it comes from."""

import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from mlflow.entities import Dataset
from numpy.typing import NDArray

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

LAYOUT = 3
"""To be raised when what a run in the store holds changes: every run is then made anew."""

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


def fingerprint(content: Any, arrays: Mapping[str, NDArray[Any]] | None = None) -> str:
    """The SHA-256 of `content`, anything that JSON can hold, and of named arrays. Neither's order matters."""
    text = json.dumps([LAYOUT, content], sort_keys=True, allow_nan=False)
    digest = hashlib.sha256(text.encode())
    for name, array in sorted((arrays or {}).items()):
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def file_fingerprint(files: Mapping[str, Path]) -> str:
    """Of the files' bytes and their names."""
    return fingerprint(None, {name: np.fromfile(path, np.uint8) for name, path in files.items()})


def origin_tags() -> dict[str, str]:
    """What the current folder and DVC's environment say, as tags for every run that is made: the commit, if
    there is one, whether tracked files differ from it, and DVC's experiment, if it runs one."""
    tags = {"mlflow.source.name": "ganstudy track", "mlflow.source.type": "LOCAL"}
    if (commit := _git("rev-parse", "HEAD")) is not None:
        tags |= {
            "git_commit": commit,
            "git_dirty": str(bool(_git("status", "--porcelain", "--untracked-files=no"))).lower(),
            # What MLflow itself shows as a run's version.
            "mlflow.source.git.commit": commit,
        }
    if experiment := os.environ.get("DVC_EXP_NAME"):
        tags[EXPERIMENT] = experiment
    return tags


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
