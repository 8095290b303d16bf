"""A number of a cell with what goes beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ganstudy.reporting.words import MISSING, exact, interval, measured, number
from ganstudy.results import CellResult


@dataclass(frozen=True)
class Entry:
    """What stands in one place of a table."""

    text: str
    interval: str = ""
    """Over the seeds, 95 %."""
    yardstick: str = ""
    """What a perfect sampler or a settled game would get."""
    reason: str = ""
    """Why there is nothing."""

    @property
    def beside(self) -> str:
        """All that goes with the number, in one line."""
        return "; ".join(filter(None, (self.interval, self.yardstick)))


ALL_DIVERGED = "no run ended with numbers"


def missing(reason: str | None) -> Entry:
    return Entry(MISSING, reason=reason or ALL_DIVERGED)


def matched(result: CellResult) -> Entry:
    summary = result.summary
    return Entry(
        f"{summary['matched']}/{summary['runs']}",
        interval(summary["success_rate_low"], summary["success_rate_high"]),
    )


def outcome(name: str) -> Callable[[CellResult], Entry]:
    return lambda result: Entry(str(result.summary[name]))


def distance(result: CellResult) -> Entry:
    """What losses are compared by, in floors."""
    name = result.score_name
    if name is None:
        return missing("no figure says how far the samples are")
    over_runs, floor = over(result, f"{name}_error"), result.judged["figures"][name]["floor"]
    if over_runs["mean"] is None or not floor:
        return missing(None)
    return measurement({key: over_runs[key] / floor for key in ("mean", "low", "high")}, "floor 1")


def over(result: CellResult, key: str) -> dict[str, Any]:
    """A figure's interquartile mean over the runs, and its interval."""
    found: dict[str, Any] = result.judged["over_runs"].get(key, {"mean": None})
    return found


def measurement(over_runs: Mapping[str, float], yardstick: str) -> Entry:
    """An interquartile mean in its interval."""
    value, low, high = measured(*(over_runs[key] for key in ("mean", "low", "high")))
    return Entry(value, f"{low} to {high}", yardstick)


def error(figure: str) -> Callable[[CellResult], Entry]:
    """How far a figure of the generator's samples is from its target, beside its floor."""
    return sampled(figure, f"{figure}_error")


def sampled(figure: str, key: str = "", at_match: bool = False) -> Callable[[CellResult], Entry]:
    """A figure of the generator's samples beside its floor, and its value at match where that is not 0."""

    def entry(result: CellResult) -> Entry:
        about: dict[str, Any] = result.judged["figures"][figure]
        if about["reason"]:
            return missing(about["reason"])
        over_runs = over(result, key or figure)
        if over_runs["mean"] is None:
            return missing(None)
        floor = number(about["floor"], 2)
        target = f"at match {number(about['target'])} ± {floor}" if at_match else f"floor {floor}"
        return measurement(over_runs, target)

    return entry


def adversary(figure: str, reason: str = "") -> Callable[[CellResult], Entry]:
    """A figure of the trained discriminator beside its value at match; `reason`, or the figure's own, says
    why a loss would have none."""

    def entry(result: CellResult) -> Entry:
        if result.summary.get("discriminator") is None:
            return missing(None)
        about, over_runs = result.judged["figures"][figure], over(result, figure)
        if over_runs["mean"] is None:
            return missing(reason or about["reason"])
        return measurement(over_runs, "" if about["target"] is None else f"at match {exact(about['target'])}")

    return entry
