"""A finished generator on its own: noise in, samples in the data's original units out.

It needs no study around it: a folder with two files holds all of it, `sampler.json` and
`generator.safetensors`. MLflow loads that folder as a model by this module's `_load_pyfunc`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import TypeAdapter
from safetensors.numpy import load_file, save

from ganstudy.core import own
from ganstudy.core.random import generator
from ganstudy.networks.generator import Generator
from ganstudy.networks.noise import Noise
from ganstudy.networks.registry import GeneratorBlock
from ganstudy.sources.labels import classes, one_hot
from ganstudy.sources.units import in_original_units

ABOUT, WEIGHTS = "sampler.json", "generator.safetensors"
PREFIX = "generator."
ABOUT_DATA = ("shape", "columns", "transform", "labels")
SAMPLES_AT_ONCE = 10_000
"""So many samples are made at a time."""


@dataclass(frozen=True)
class Sampler:
    """One run's generator, as it was judged."""

    noise: Noise
    settings: GeneratorBlock
    description: Mapping[str, Any]
    """Of the data: `shape`, and `transform` and any `columns` and `labels`, as in data/prepared."""
    weights: Mapping[str, NDArray[np.float32]]
    """By the layers' names, `[1, …]` each."""

    @classmethod
    def of(
        cls,
        noise: Noise,
        settings: GeneratorBlock,
        description: Mapping[str, Any],
        weights: Mapping[str, NDArray[np.float32]],
        replica: int,
    ) -> Self:
        """From a cell's runs: `weights` are all their networks', `[runs, …]`, as in data/runs."""
        own = {
            name.removeprefix(PREFIX): np.ascontiguousarray(value[[replica]])
            for name, value in weights.items()
            if name.startswith(PREFIX)
        }
        about = {key: description[key] for key in ABOUT_DATA if key in description}
        return cls(noise, settings, about, own)

    def draw_noise(self, n: int, seed: int = 0) -> NDArray[np.float32]:
        """Input for n samples, `[n, noise size]`; the same for the same seed."""
        return self._network.draw_noise(generator(seed, "sampler"), n)

    @property
    def classes(self) -> tuple[int, ...]:
        """The labels that it can be asked for; empty if it was told none."""
        return classes(self.description)

    def draw_labels(self, n: int, seed: int = 0) -> NDArray[np.int64] | None:
        """Labels for n samples, `[n]`, as frequent as in the data; the same for the same seed. None if the
        generator was told none."""
        if not self.classes:
            return None
        counts = np.array([self.description["labels"][str(label)] for label in self.classes])
        return generator(seed, "sampler", "labels").choice(self.classes, size=n, p=counts / counts.sum())

    def __call__(self, noise: NDArray[Any], labels: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """Samples for the noise `[n, noise size]` in original units: `[n, columns]`, or images
        `[n, channels, height, width]` from 0 to 1. A conditional generator is asked for `labels`, `[n]`.

        ValueError if the noise has another shape, and for labels that it knows nothing of.
        """
        if noise.ndim != 2 or noise.shape[1] != self.noise.size:
            raise ValueError(f"noise of shape {noise.shape}; give [n, {self.noise.size}]")
        if (labels is None) != (not self.classes):
            raise ValueError("labels: give them to a conditional generator, and to no other")
        told = np.zeros((len(noise), 0), np.float32) if labels is None else one_hot(labels, self.classes)
        parameters = {name: torch.from_numpy(value) for name, value in self.weights.items()}
        given = (
            torch.from_numpy(x.astype(np.float32))[None].split(SAMPLES_AT_ONCE, dim=1) for x in (noise, told)
        )
        with torch.no_grad():
            parts = [self._network(parameters, *part) for part in zip(*given, strict=True)]
        made = torch.cat(parts, dim=1)[0].numpy()
        return in_original_units(made, self.description).astype(np.float32)

    @property
    def _network(self) -> Generator:
        generator = Generator(self.noise, self.settings, self.description["shape"], len(self.classes))
        generator.network.is_training = False
        return generator

    def save(self, folder: Path) -> None:
        """Write the two files."""
        folder.mkdir(parents=True, exist_ok=True)
        about = {
            "noise": self.noise.model_dump(mode="json"),
            "generator": self.settings.model_dump(mode="json"),
            "data": self.description,
            "own": {path: text.decode() for path, text in own.files(self.settings).items()},
        }
        (folder / ABOUT).write_text(json.dumps(about, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        (folder / WEIGHTS).write_bytes(save(dict(self.weights)))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        own.receive({path: text.encode() for path, text in about["own"].items()})
        return cls(
            TypeAdapter(Noise).validate_python(about["noise"]),
            TypeAdapter(GeneratorBlock).validate_python(about["generator"]),
            about["data"],
            load_file(folder / WEIGHTS),
        )


class _Model:
    """What `mlflow.pyfunc.load_model` wraps."""

    def __init__(self, sampler: Sampler) -> None:
        self._sampler = sampler

    def predict(self, model_input: Any, params: Mapping[str, Any] | None = None) -> NDArray[np.float32]:
        """For a number n that many samples, drawn with `params["seed"]` (0); for noise `[n, noise size]` the
        samples that belong to it. A conditional generator makes samples of `params["label"]`, without it of
        labels as frequent as in the data. ValueError for anything else."""
        given, params = np.asarray(model_input), params or {}
        seed, label = int(params.get("seed", 0)), params.get("label")
        if given.ndim == 0:
            if not np.issubdtype(given.dtype, np.integer) or given < 1:
                raise ValueError(f"{model_input!r}; give a number of samples from 1 up, or noise")
            given = self._sampler.draw_noise(int(given), seed)
        drawn = self._sampler.draw_labels(len(given), seed)
        return self._sampler(given, drawn if label is None else np.full(len(given), label))


def _load_pyfunc(path: str) -> _Model:
    """For MLflow, which finds this function by its name."""
    return _Model(Sampler.load(Path(path)))
