"""What each run is judged by, as tables of a cell's seeds show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ganstudy.reporting.measures import MEASURES
from ganstudy.reporting.words import exact
from ganstudy.results import CellResult

AT_LEAST = {measure.figure for measure in MEASURES if measure.at_least}


@dataclass(frozen=True)
class Criterion:
    """A figure with a tolerance: of most its error may be so large, of some the value itself so small."""

    figure: str
    tolerance: float

    @property
    def at_least(self) -> bool:
        return self.figure in AT_LEAST

    @property
    def bound(self) -> str:
        """`≤ 0.05` or `≥ 0.5`."""
        return f"{'≥' if self.at_least else '≤'} {exact(self.tolerance)}"

    def found(self, run: Mapping[str, Any]) -> float | None:
        """What the run's samples show; None if it ended without numbers."""
        value: float | None = run.get(self.figure if self.at_least else f"{self.figure}_error")
        return value

    def judged(self, run: Mapping[str, Any]) -> float | None:
        """The end of its interval that is compared with the tolerance."""
        error, bound = run.get(f"{self.figure}_error"), run.get(f"{self.figure}_error_bound")
        if not self.at_least or (value := self.found(run)) is None:
            return bound
        # The interval is as wide on either side.
        return None if error is None or bound is None else value - (bound - error)


def criteria(result: CellResult) -> list[Criterion]:
    """By what the cell's runs are judged."""
    figures = result.judged["figures"].items()
    return [Criterion(name, about["tolerance"]) for name, about in figures if about["tolerance"] is not None]
