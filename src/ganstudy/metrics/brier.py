"""How well a run's own discriminator estimates that a sample is real."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganstudy.metrics.metric import DiscriminatorMetric, Measured, Threshold

if TYPE_CHECKING:
    from ganstudy.training.runs import Runs


def _sigmoid(C: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.special import expit

    return np.asarray(expit(C))


ESTIMATES: dict[str | None, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "probability": _sigmoid,
    "score": lambda C: np.clip(C, 0, 1),
}
"""From the discriminator's output to its estimate that a sample is real, by the loss's `brier_of`."""


def brier(runs: "Runs", replica: int) -> float:
    """Mean squared error of the trained discriminator's D against 1 for held-out real and 0 for generated
    samples, both halves weighing the same (Brier 1950)."""
    real, fake = _squared_errors(runs, replica)
    return float((real.mean() + fake.mean()) / 2)


def brier_with_error_bound(runs: "Runs", replica: int) -> dict[str, float]:
    """The same with its error and the upper end of the error's interval. NaN for a critic."""
    errors = _squared_errors(runs, replica)
    target, _ = _brier_target(runs)
    se = 0.5 * sum(half.var() / len(half) for half in errors) ** 0.5
    return Measured(brier(runs, replica), float(se)).with_error_bound(
        np.nan if target is None else target, "brier"
    )


def _squared_errors(runs: "Runs", replica: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    estimate = ESTIMATES.get(runs.loss["brier_of"])
    if estimate is None:
        return np.array([np.nan]), np.array([np.nan])
    real, fake = (estimate(C[replica].astype(np.float64)) for C in (runs.logits_real, runs.logits_fake))
    return (real - 1) ** 2, fake**2


def _brier_target(runs: "Runs") -> tuple[float | None, str | None]:
    if runs.loss["brier_of"] is None:
        return None, "the critic's scale is free: it estimates no probability"
    return runs.loss["at_match"]["brier"], None


METRIC = DiscriminatorMetric(
    label="Brier",
    meaning="Mean squared error of that discriminator's estimate that a sample is real. Lower than at match "
    "means that it still tells generated samples apart.",
    unit="squared probability",
    paper="Brier 1950",
    place=240,
    measure=brier,
    target=_brier_target,
    threshold=Threshold.NUMBER,
)
