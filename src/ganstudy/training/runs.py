"""The result of training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Runs:
    """The finished runs of a cell, or of some of its seeds. The first axis is the runs', as in `seeds`."""

    seeds: list[int]
    history: pd.DataFrame
    """A row for each seed and point: `seed`, `step` and the columns of `training.history`."""
    samples: Array
    """Of the finished generator: `[runs, n, *shape]`."""
    evolution: Array
    """Its output for the same noise through training: `[runs, snapshots, n, *shape]`."""
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
    pretest: dict[str, Array] | None
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
        pretests = [part.pretest for part in parts if part.pretest is not None]
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
            pretest={
                name: np.concatenate([pretest[name] for pretest in pretests])[order]
                for name in ("real", "noise")
            }
            if pretests
            else None,
        )

    def only(self, seeds: Sequence[int]) -> Self:
        """The runs of some of the seeds, in that order."""
        return self.join([self], seeds)
