"""A number of a cell, with its interval and thresholds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ganstudy.core.text import MISSING, exact, interval, measured, number
from ganstudy.results.study_results import CellResult


@dataclass(frozen=True)
class Entry:
    """What stands in one place of a table."""

    text: str
    interval: str = ""
    """Over the seeds, 95 %."""
    thresholds: str = ""
    """What a perfect sampler or a settled training would get."""
    reason: str = ""
    """Why there is nothing."""

    @property
    def context(self) -> str:
        """All that goes with the number, in one line."""
        return "; ".join(filter(None, (self.interval, self.thresholds)))


ALL_DIVERGED = "no run ended with numbers"


def missing(reason: str | None) -> Entry:
    """An entry without a number, and why."""
    return Entry(MISSING, reason=reason or ALL_DIVERGED)


def matched(result: CellResult) -> Entry:
    """How many runs matched, and the interval of their share."""
    summary = result.summary
    return Entry(
        f"{summary['matched']}/{summary['runs']}",
        interval(summary["success_rate_low"], summary["success_rate_high"]),
    )


def outcome(name: str) -> Callable[[CellResult], Entry]:
    """How many runs ended so."""
    return lambda result: Entry(str(result.summary[name]))


def distance_in_floors(result: CellResult) -> Entry:
    """What losses are compared by, in floors."""
    name = result.score_name
    if name is None:
        return missing("no metric says how far the samples are")
    over_runs, floor = over(result, f"{name}_error"), result.judged["metrics"][name]["floor"]
    if over_runs["mean"] is None or not floor:
        return missing(None)
    return measurement({key: over_runs[key] / floor for key in ("mean", "low", "high")}, "floor 1")


def over(result: CellResult, key: str) -> dict[str, Any]:
    """A metric's interquartile mean over the runs, and its interval."""
    found: dict[str, Any] = result.judged["over_runs"].get(key, {"mean": None})
    return found


def measurement(over_runs: Mapping[str, float], thresholds: str) -> Entry:
    """An interquartile mean in its interval."""
    value, low, high = measured(*(over_runs[key] for key in ("mean", "low", "high")))
    return Entry(value, f"{low} to {high}", thresholds)


def error(metric: str) -> Callable[[CellResult], Entry]:
    """How far a metric of the generator's samples is from its target, with its floor."""
    return sampled(metric, f"{metric}_error")


def sampled(metric: str, key: str = "", at_match: bool = False) -> Callable[[CellResult], Entry]:
    """A metric of the generator's samples with its floor, and its value at match where that is not 0."""

    def entry(result: CellResult) -> Entry:
        about: dict[str, Any] = result.judged["metrics"][metric]
        if about["reason"]:
            return missing(about["reason"])
        over_runs = over(result, key or metric)
        if over_runs["mean"] is None:
            return missing(None)
        floor = number(about["floor"], 2)
        target = f"at match {number(about['target'])} ± {floor}" if at_match else f"floor {floor}"
        return measurement(over_runs, target)

    return entry


def of_discriminator(metric: str, reason: str = "") -> Callable[[CellResult], Entry]:
    """A metric of the trained discriminator with its value at match; `reason`, or the metric's own, says
    why a loss would have none."""

    def entry(result: CellResult) -> Entry:
        if result.summary.get("discriminator") is None:
            return missing(None)
        about, over_runs = result.judged["metrics"][metric], over(result, metric)
        if over_runs["mean"] is None:
            return missing(reason or about["reason"])
        return measurement(over_runs, "" if about["target"] is None else f"at match {exact(about['target'])}")

    return entry
