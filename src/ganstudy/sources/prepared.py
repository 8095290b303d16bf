"""What `prepare` leaves for the other stages: arrays and their description."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ganstudy.core.random import generator
from ganstudy.sources.contents import split_held_out
from ganstudy.sources.labels import Condition, are_told, classes, one_hot
from ganstudy.sources.moments import Moments, empirical_moments
from ganstudy.sources.source import Dataset, Distribution, Samples, Source
from ganstudy.sources.stream import Fresh, Shuffled, Stream
from ganstudy.sources.transforms import Transform


@dataclass(frozen=True)
class Prepared:
    """A variant's real data: `train` and `held_out`, `[n, columns]` or `[n, channels, height, width]`, labels
    where there are any."""

    description: dict[str, Any]
    train: Samples
    held_out: Samples
    train_labels: NDArray[np.int64] | None = None
    held_out_labels: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, source: Source) -> Self:
        """Draw or read the source's samples, and set some apart for evaluation. UserError if they cannot be
        read, or if too few would be left for either."""
        if isinstance(source, Distribution):
            n = source.settings.samples
            train, held_out = (
                source.draw(generator(0, "prepare", part), n) for part in ("train", "held_out")
            )
            description = _describe(source, train, held_out, source.moments(), source.transform)
            return cls(description, train, held_out)
        assert isinstance(source, Dataset)
        contents = source.load()
        train, held_out, train_labels, held_out_labels, transform = split_held_out(
            contents, source.settings, source.transform
        )
        description = _describe(source, train, held_out, empirical_moments(held_out), transform)
        if contents.columns is not None:
            description["columns"] = list(contents.columns)
        if train_labels is not None and are_told(source.settings):
            # How often each is in the samples trained on.
            every = np.unique(contents.labels) if contents.labels is not None else ()
            description["labels"] = {str(label): int((train_labels == label).sum()) for label in every}
        return cls(description, train, held_out, train_labels, held_out_labels)

    def save(self, folder: Path) -> None:
        """Write the arrays as `.npy` and the description as JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("train", "held_out", "train_labels", "held_out_labels"):
            if (array := getattr(self, name)) is not None:
                np.save(folder / f"{name}.npy", array, allow_pickle=False)
        text = json.dumps(self.description, indent=1, sort_keys=True, allow_nan=False)
        (folder / "description.json").write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        arrays = {path.stem: np.load(path, allow_pickle=False) for path in sorted(folder.glob("*.npy"))}
        return cls(json.loads((folder / "description.json").read_text(encoding="utf-8")), **arrays)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one sample."""
        return tuple(self.description["shape"])

    @property
    def classes(self) -> tuple[int, ...]:
        """The labels that networks are told; empty if they are told none."""
        return classes(self.description)

    @cached_property
    def train_condition(self) -> Condition:
        """What networks are told of the samples trained on, `[n, classes]`."""
        return self._condition(self.train, self.train_labels)

    @cached_property
    def held_out_condition(self) -> Condition:
        """The same of those held out, `[n, classes]`."""
        return self._condition(self.held_out, self.held_out_labels)

    def draw_condition(self, rng: np.random.Generator, n: int) -> Condition:
        """Conditions of `n` samples drawn from those trained on, `[n, classes]`."""
        if not self.classes:
            return np.zeros((n, 0), np.float32)
        drawn: Condition = self.train_condition[rng.integers(len(self.train), size=n)]
        return drawn

    def stream(self, source: Source) -> Stream:
        """What training reads: fresh samples of a distribution, or this data's own."""
        if isinstance(source, Distribution):
            return Fresh(source)
        # Without conditions the order of each block is worked out once, not twice.
        return Shuffled(self.train, self.train_condition if self.classes else None)

    def _condition(self, samples: Samples, labels: NDArray[np.int64] | None) -> Condition:
        if labels is None or not self.classes:
            return np.zeros((len(samples), 0), np.float32)
        return one_hot(labels, self.classes)


def _describe(
    source: Source, train: Samples, held_out: Samples, moments: Moments, transform: Transform
) -> dict[str, Any]:
    return {
        "source": source.settings.model_dump(mode="json"),
        "shape": list(train.shape[1:]),
        "units": source.units,
        "transform": transform.description,
        "rows": {"train": len(train), "held_out": len(held_out)},
        "streamed": isinstance(source, Distribution),
        "moments": {
            "exact": isinstance(source, Distribution),
            **{name: _finite(values) for name, values in moments._asdict().items()},
        },
        "sha256": hashlib.sha256(train.tobytes() + held_out.tobytes()).hexdigest(),
    }


def _finite(values: NDArray[np.float64]) -> list[float | None]:
    """As JSON: a pixel that never changes has no skewness."""
    return [value if np.isfinite(value) else None for value in values.tolist()]
