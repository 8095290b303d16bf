"""What each run is judged by, as tables of a cell's seeds show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ganstudy.core.text import exact, listed
from ganstudy.metrics.metric import Metric
from ganstudy.metrics.own import OwnMetricSettings
from ganstudy.metrics.registry import metric_of
from ganstudy.results.study_results import CellResult


@dataclass(frozen=True)
class Criterion:
    """A metric with a tolerance: of most its error may be so large, of some the value itself so small."""

    metric: str
    about: Metric
    tolerance: float

    @property
    def bound(self) -> str:
        """`≤ 0.05` or `≥ 0.5`."""
        return f"{'≥' if self.about.at_least else '≤'} {exact(self.tolerance)}"

    def __str__(self) -> str:
        """When a run has matched by it."""
        words = self.about.criterion or f"{self.metric} within {{0:.3g}} of the data's"
        return words.format(self.tolerance).replace("%", " %")

    def found(self, run: Mapping[str, Any]) -> float | None:
        """What the run's samples show; None if it ended without numbers."""
        value: float | None = run.get(self.metric if self.about.at_least else f"{self.metric}_error")
        return value

    def judged(self, run: Mapping[str, Any]) -> float | None:
        """The end of its interval that is compared with the tolerance."""
        return self.about.bound(self.metric, run)


def own_settings(result: CellResult) -> dict[str, OwnMetricSettings]:
    """The study's own metrics."""
    return {
        name: OwnMetricSettings(use=about["use"], target=about["target"])
        for name, about in result.judged["metrics"].items()
        if "use" in about
    }


def criteria(result: CellResult) -> list[Criterion]:
    """By what the cell's runs are judged."""
    own = own_settings(result)
    return [
        Criterion(name, metric_of(name, own), about["tolerance"])
        for name, about in result.judged["metrics"].items()
        if about["tolerance"] is not None
    ]


def criteria_in_words(result: CellResult) -> str:
    """When a run of the cell's variant has matched."""
    words = [str(each) for each in sorted(criteria(result), key=lambda criterion: criterion.metric)]
    if not words:
        return "Nothing is judged: matched means that the run ended with numbers."
    return f"Matched means {listed(words)}, each by its error bound (95 %, one-sided)."
