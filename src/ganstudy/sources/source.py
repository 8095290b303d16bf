"""The two kinds of source."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np

from ganstudy.moments import Moments
from ganstudy.params.setting import UserError
from ganstudy.sources.contents import Contents, Samples, split


class Source:
    """Where real samples come from, made from its block of params.yaml."""

    image: tuple[int, int] | None = None
    """Height and width where samples are images; samples themselves are always flat."""
    units: str = "value"

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def check(self) -> None:
        """UserError if the data that the settings name cannot be used. Nothing is written."""

    def notes(self) -> list[str]:
        """What was taken for what, a line each; to be asked after `load` or `check`."""
        return []


class Distribution(Source, ABC):
    """A distribution known exactly: an endless supply of samples."""

    @abstractmethod
    def draw(self, rng: np.random.Generator, n: int) -> Samples:
        """`n` fresh samples, `[n, dims]`."""

    @abstractmethod
    def moments(self) -> Moments:
        """The exact ones."""


def inside(home: Path, path: str, source: str) -> Path:
    """Where a source's file or folder lies: `path` in `home`, also where it begins with that. UserError if it
    would lie elsewhere."""
    given = Path(path)
    there = given if home in given.parents else home / given
    if ".." in there.parts or home not in there.parents:
        raise UserError(f"{source}: path '{path}' must lie inside {home}, which DVC watches")
    return there


class Dataset(Source, ABC):
    """A finite set of samples in a file."""

    @abstractmethod
    def load(self) -> Contents:
        """Read everything. UserError if the file is absent, damaged or unsuitable."""

    def check(self) -> None:
        # As `prepare` will do it, with all that it might complain of.
        split(self.load(), self.settings.held_out)


__all__ = ["Contents", "Dataset", "Distribution", "Samples", "Source", "inside"]
