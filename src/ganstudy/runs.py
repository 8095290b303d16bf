"""What training gives back, and how it is kept in files."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from safetensors.numpy import load_file, save

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Runs:
    """The finished runs of a cell, or of some of its seeds. The first axis is the runs', as in `seeds`."""

    seeds: list[int]
    history: pd.DataFrame
    """A row for each seed and point: `seed`, `step` and the columns of `training.history`."""
    samples: Array
    """Of the finished generator: `[runs, n, dims]`."""
    evolution: Array
    """Its output for the same noise through training: `[runs, snapshots, n, dims]`."""
    evolution_steps: list[int]
    logits_real: Array
    """The finished discriminator's, on held-out packs: `[runs, packs]`."""
    logits_fake: Array
    """On packs of `samples`."""
    weights: dict[str, Array]
    """`generator.I.weight` and so on: the generator as judged, the discriminator as it ended."""
    loss: dict[str, Any]
    """What the loss says of itself: `paper`, `at_match` and `brier_of`, as in `losses.Loss`."""
    update: str
    """How the discriminator was updated in fact: `joint` or `real_then_fake`."""
    warm_up: dict[str, Array] | None
    """The lone discriminator's mean answer to `real` samples and to `noise`, `[runs]` each."""

    @classmethod
    def join(cls, parts: Sequence[Self], seeds: Sequence[int]) -> Self:
        """One from several, in the order of `seeds`."""
        first = parts[0]
        found = [seed for part in parts for seed in part.seeds]
        order = [found.index(seed) for seed in seeds]

        def joined(name: str) -> Array:
            return np.concatenate([getattr(part, name) for part in parts])[order]

        histories = pd.concat([part.history for part in parts]).set_index("seed")
        warm_ups = [part.warm_up for part in parts if part.warm_up is not None]
        return cls(
            seeds=list(seeds),
            history=pd.concat([histories.loc[[seed]] for seed in seeds]).reset_index(),
            samples=joined("samples"),
            evolution=joined("evolution"),
            evolution_steps=first.evolution_steps,
            logits_real=joined("logits_real"),
            logits_fake=joined("logits_fake"),
            weights={
                name: np.concatenate([part.weights[name] for part in parts])[order] for name in first.weights
            },
            loss=first.loss,
            update=first.update,
            warm_up={
                name: np.concatenate([warm_up[name] for warm_up in warm_ups])[order]
                for name in ("real", "noise")
            }
            if warm_ups
            else None,
        )

    def only(self, seeds: Sequence[int]) -> Self:
        """The runs of some of the seeds, in that order."""
        return self.join([self], seeds)

    def save(self, folder: Path) -> None:
        """Write everything, the same bytes for the same runs. OSError if that cannot be."""
        folder.mkdir(parents=True, exist_ok=True)
        self.history.to_parquet(folder / "history.parquet", index=False)
        for name in ("samples", "evolution", "logits_real", "logits_fake"):
            with (folder / f"{name}.npy").open("wb") as file:
                # Into a file itself NumPy would write past Python, and not tell why it could not.
                np.save(SimpleNamespace(write=file.write), getattr(self, name), allow_pickle=False)
        weights = {name: np.ascontiguousarray(value) for name, value in self.weights.items()}
        (folder / "weights.safetensors").write_bytes(save(weights))
        about: dict[str, Any] = {
            "seeds": self.seeds,
            "evolution_steps": self.evolution_steps,
            "loss": self.loss,
            "update": self.update,
            "warm_up": self.warm_up and {name: answer.tolist() for name, answer in self.warm_up.items()},
        }
        text = json.dumps(about, indent=1, sort_keys=True)
        (folder / "runs.json").write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        about = json.loads((folder / "runs.json").read_text(encoding="utf-8"))
        warm_up = about["warm_up"]
        return cls(
            seeds=about["seeds"],
            history=pd.read_parquet(folder / "history.parquet"),
            **{
                name: np.load(folder / f"{name}.npy", allow_pickle=False)
                for name in ("samples", "evolution", "logits_real", "logits_fake")
            },
            evolution_steps=about["evolution_steps"],
            weights=load_file(folder / "weights.safetensors"),
            loss=about["loss"],
            update=about["update"],
            warm_up=warm_up and {name: np.array(answer, np.float32) for name, answer in warm_up.items()},
        )
