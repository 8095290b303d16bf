"""What the trained discriminator says: its losses late in training, and how well it still tells apart."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ganstudy.evaluation.figure import Measured
from ganstudy.runs import Runs

PROBABILITY: dict[str | None, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "probability": expit,
    "score": lambda C: np.clip(C, 0, 1),
}
"""From the discriminator's output to its estimate that a sample is real, by the loss's `brier_of`."""
LATE = 0.9
"""The last tenth of training."""


@dataclass(frozen=True)
class AdversaryFigure:
    measure: Callable[[Runs, int], float]
    target: Callable[[Runs], tuple[float | None, str | None]]
    """The value at match, or None and why the loss fixes none."""


def _late(column: str) -> AdversaryFigure:
    """A loss averaged over the last tenth of training."""

    def measure(runs: Runs, lane: int) -> float:
        run = runs.history[runs.history["seed"] == runs.seeds[lane]]
        late = run[run["step"] > LATE * run["step"].max()]
        return float(late[column].mean())

    def target(runs: Runs) -> tuple[float | None, str | None]:
        key = column.removeprefix("discriminator_")
        value = runs.loss["at_match"][key]
        return value, None if value is not None else "the loss fixes no value at match"

    return AdversaryFigure(measure, target)


def brier(runs: Runs, lane: int) -> float:
    """Mean squared error of the trained discriminator's D against 1 for held-out real and 0 for generated
    samples, both halves weighing the same (Brier 1950)."""
    real, fake = _squared_errors(runs, lane)
    return float((real.mean() + fake.mean()) / 2)


def brier_beside_target(runs: Runs, lane: int) -> dict[str, float]:
    """The same with its error and the upper end of the error's interval. NaN for a critic."""
    errors = _squared_errors(runs, lane)
    target, _ = _brier_target(runs)
    se = 0.5 * sum(half.var() / len(half) for half in errors) ** 0.5
    return Measured(brier(runs, lane), float(se)).beside(np.nan if target is None else target, "brier")


def _squared_errors(runs: Runs, lane: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    estimate = PROBABILITY.get(runs.loss["brier_of"])
    if estimate is None:
        return np.array([np.nan]), np.array([np.nan])
    real, fake = (estimate(C[lane].astype(np.float64)) for C in (runs.logits_real, runs.logits_fake))
    return (real - 1) ** 2, fake**2


def _brier_target(runs: Runs) -> tuple[float | None, str | None]:
    if runs.loss["brier_of"] is None:
        return None, "the critic's scale is free: it estimates no probability"
    return runs.loss["at_match"]["brier"], None


ADVERSARY: dict[str, AdversaryFigure] = {
    "discriminator": _late("discriminator"),
    "discriminator_real": _late("discriminator_real"),
    "discriminator_fake": _late("discriminator_fake"),
    "generator": _late("generator"),
    "brier": AdversaryFigure(brier, _brier_target),
}


def adversary_figures(runs: Runs, lane: int) -> dict[str, Any]:
    """The run's figures about the trained discriminator; NaN where the loss has no such thing."""
    figures = {name: figure.measure(runs, lane) for name, figure in ADVERSARY.items()}
    if runs.warm_up:
        figures |= {f"warm_up_{name}": float(answer[lane]) for name, answer in runs.warm_up.items()}
    return figures
