"""What metrics of losses late in training share."""

from typing import TYPE_CHECKING, Any

from ganstudy.metrics.metric import DiscriminatorMetric

if TYPE_CHECKING:
    from ganstudy.training.runs import Runs

LATE_IN_TRAINING = 0.9
"""The last tenth."""


def late(column: str, **about: Any) -> DiscriminatorMetric:
    """A loss averaged over the last tenth of training."""

    def measure(runs: "Runs", replica: int) -> float:
        run = runs.history[runs.history["seed"] == runs.seeds[replica]]
        rows = run[run["step"] > LATE_IN_TRAINING * run["step"].max()]
        return float(rows[column].mean())

    def target(runs: "Runs") -> tuple[float | None, str | None]:
        value = runs.loss["at_match"][column.removeprefix("discriminator_")]
        return value, None if value is not None else "the loss fixes no value at match"

    return DiscriminatorMetric(measure=measure, target=target, unit="the loss's", **about)
