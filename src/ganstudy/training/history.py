"""The history of a training: curves and snapshots."""

from collections.abc import Sequence
from math import prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudy.core.random import generator
from ganstudy.sources.prepared import Prepared
from ganstudy.training.checkpointer import State, count_array
from ganstudy.training.train_step import TERMS, GanTrainer

CURVE_SAMPLES = 1000
# Beyond this many dimensions a sample's values are pooled, as an image's pixels are, and fewer samples do.
NAMED_DIMS = 4
POOLED_SAMPLES = 250


class History:
    """Curves and snapshots of every replica.

    A curve's point holds the losses averaged over the steps since the point before, and the moments of the
    generator's output for noise that stays the same throughout.
    """

    def __init__(self, gan: GanTrainer, seeds: Sequence[int], data: Prepared, device: torch.device) -> None:
        self.gan = gan
        dims = self.dims = prod(data.shape)
        recipe = gan.recipe
        n = CURVE_SAMPLES if dims <= NAMED_DIMS else POOLED_SAMPLES
        n = 1 if recipe.noise.is_constant else n
        noise = [gan.generator.draw_noise(generator(seed, "evaluation", "curve"), n) for seed in seeds]
        self.noise = torch.from_numpy(np.stack(noise)).to(device)
        told = [data.draw_condition(generator(seed, "evaluation", "curve labels"), n) for seed in seeds]
        self.condition = torch.from_numpy(np.stack(told)).to(device)
        self.shown = min(n, 16 if dims > NAMED_DIMS else 500)
        self.points = _evenly(recipe.steps, recipe.points)
        self.snapshots = {0, *_evenly(recipe.steps, recipe.snapshots)}
        self._sums = torch.zeros(len(TERMS), len(seeds), device=device)
        self._summed = 0
        self.steps: list[int] = []
        self.rows: list[NDArray[np.float64]] = []
        self.evolution_steps: list[int] = []
        self.evolution: list[NDArray[np.float32]] = []
        self._keep_snapshot()

    def note(self, losses: Tensor) -> None:
        """Add the losses of the step just done, `[TERMS, replicas]`."""
        self._sums += losses
        self._summed += 1
        if self.gan.step in self.points:
            means = (self._sums / self._summed).cpu().numpy().astype(np.float64)
            self.rows.append(np.concatenate([means, self._moments()]))
            self.steps.append(self.gan.step)
            self._sums.zero_()
            self._summed = 0
        if self.gan.step in self.snapshots:
            self._keep_snapshot()

    @property
    def columns(self) -> list[str]:
        """The names of a row's entries."""
        moments = ("mean", "std", "skew", "kurtosis")
        if 1 < self.dims <= NAMED_DIMS:
            return [*TERMS, *(f"{name}_{i + 1}" for name in moments for i in range(self.dims))]
        return [*TERMS, *moments]

    @property
    def latest(self) -> dict[str, float]:
        """The median over replicas of the last point's losses, for the console."""
        if not self.rows:
            return {}
        medians = np.nanmedian(self.rows[-1][[2, 4]], axis=1)
        return {"D": float(medians[0]), "G": float(medians[1])}

    @property
    def state(self) -> State:
        """All curves and snapshots so far."""
        return {
            "sums": self._sums.cpu().numpy(),
            "summed": count_array(self._summed),
            "steps": np.array(self.steps, np.int64),
            "rows": np.array(self.rows, np.float64),
            "evolution_steps": np.array(self.evolution_steps, np.int64),
            "evolution": np.array(self.evolution),
        }

    def restore(self, state: State) -> None:
        """Go on from a state that another history of this gan has had."""
        self._sums.copy_(torch.from_numpy(state["sums"]))
        self._summed = int(state["summed"][0])
        self.steps, self.rows = state["steps"].tolist(), list(state["rows"])
        self.evolution_steps, self.evolution = state["evolution_steps"].tolist(), list(state["evolution"])

    def _output(self, n: int) -> Tensor:
        return self.gan.generated(self.noise[:, :n], self.condition[:, :n])

    def _moments(self) -> NDArray[np.float64]:
        """`[columns, replicas]`"""
        x = self._output(self.noise.shape[1]).double().flatten(2)
        x = x if self.dims <= NAMED_DIMS else x.reshape(len(x), -1, 1)
        mean = x.mean(dim=1, keepdim=True)
        std = x.std(dim=1, keepdim=True, correction=0)
        z = (x - mean) / std
        moments = [mean.squeeze(1), std.squeeze(1), (z * z * z).mean(dim=1), (z * z * z * z).mean(dim=1) - 3]
        return torch.cat(moments, dim=1).T.cpu().numpy()

    def _keep_snapshot(self) -> None:
        self.evolution.append(self._output(self.shown).cpu().numpy())
        self.evolution_steps.append(self.gan.step)


def _evenly(steps: int, n: int) -> set[int]:
    """`n` steps, evenly spaced, the last one being the last of all."""
    n = min(n, steps)
    return {round(steps * (i + 1) / n) for i in range(n)}
