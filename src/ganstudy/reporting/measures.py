"""What is told of every cell, in the order of the tables, and what is said of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudy.core.text import MISSING, exact, interval, measured, number
from ganstudy.metrics.metric import DiscriminatorMetric, Group, Metric, Shown
from ganstudy.metrics.own import own_metric
from ganstudy.metrics.registry import METRICS, SCORES
from ganstudy.reporting.criteria import own_settings
from ganstudy.results.study_results import CellResult

Span = tuple[float, ...]
"""Low, middle, high."""


# ---- A cell's numbers


@dataclass(frozen=True)
class Entry:
    """A number of a cell, in one place of a table."""

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


def matched(result: CellResult) -> Entry:
    """How many runs matched, and the interval of their share."""
    summary = result.summary
    share = interval(summary["success_rate_low"], summary["success_rate_high"])
    return Entry(f"{summary['matched']}/{summary['runs']}", share)


def score_floor(result: CellResult) -> float | None:
    """What a perfect sampler's distance stays below; None of a single point, which may have none."""
    floor: float | None = result.judged["metrics"][result.score_name]["floor"]
    return floor


def seeds_in_floors(result: CellResult) -> NDArray[np.float64]:
    """Every run's distance in floors, `[seeds]`; infinite where it diverged."""
    values = [run.get(f"{result.score_name}_error") for run in result.judged["runs"]]
    floor = score_floor(result) or 1.0
    return np.array([np.inf if value is None else value / floor for value in values])


def in_floors(result: CellResult) -> Span | None:
    """The interquartile mean of the runs' distances in its interval over the seeds; None without any."""
    over_runs = _over_runs(result, f"{result.score_name}_error")
    floor = score_floor(result) or 1.0
    return over_runs and tuple(value / floor for value in over_runs)


def distance_in_floors(result: CellResult) -> Entry:
    """What losses are compared by, in floors."""
    return _entry(in_floors(result) if score_floor(result) else None, "floor 1")


def _over_runs(result: CellResult, key: str) -> Span | None:
    """A metric's interquartile mean over the runs in its interval."""
    found = result.judged["over_runs"].get(key)
    if not found or found["mean"] is None:
        return None
    return found["low"], found["mean"], found["high"]


def _entry(span: Span | None, thresholds: str, reason: str | None = None) -> Entry:
    """An interquartile mean in its interval, or why there is none."""
    if span is None:
        return Entry(MISSING, reason=reason or ALL_DIVERGED)
    low, value, high = span
    text, *ends = measured(value, low, high)
    return Entry(text, " to ".join(ends), thresholds)


def _of_samples(name: str, metric: Metric, result: CellResult) -> Entry:
    """A metric of the generator's samples with its floor, and its value at match where that is not 0."""
    about: Mapping[str, Any] = result.judged["metrics"][name]
    floor = number(about["floor"], 2)
    thresholds = f"at match {number(about['target'])} ± {floor}" if metric.with_target else f"floor {floor}"
    found = None if about["reason"] else _over_runs(result, f"{name}_error" if metric.of_error else name)
    return _entry(found, thresholds, about["reason"])


def _of_discriminator(name: str, metric: DiscriminatorMetric, result: CellResult) -> Entry:
    """A metric of the trained discriminator with its value at match."""
    if result.summary.get("discriminator") is None:
        return _entry(None, "")
    about = result.judged["metrics"][name]
    at_match = "" if about["target"] is None else f"at match {exact(about['target'])}"
    return _entry(_over_runs(result, name), at_match, metric.missing or about["reason"])


# ---- What is told of all cells


@dataclass(frozen=True)
class Measure:
    """A number of every cell."""

    heading: str
    explanation: str
    entry: Callable[[CellResult], Entry]
    paper: str = ""
    metric: str = ""
    """Which metric of reports/runs a tolerance may be about."""
    shown: Shown = Shown.ALWAYS
    at_least: bool = False
    """Whether a tolerance is the least value that passes, instead of the greatest error."""


def outcome(name: str) -> Callable[[CellResult], Entry]:
    """How many runs ended so."""
    return lambda result: Entry(str(result.summary[name]))


OUTCOME_MEASURES = [
    Measure(
        "matched",
        "Runs whose error bounds are all within the tolerances of their variant, of all runs, with the 95 % "
        "Wilson interval.",
        matched,
        "equivalence by intervals: Schuirmann 1987; interval: Wilson 1927",
    ),
    Measure(
        "undecided",
        "Runs within every tolerance, where a generator that has learnt nothing (the mean alone, one "
        "training sample alone, noise) is within them too, or nearly: no evidence of a match.",
        outcome("undecided"),
    ),
    Measure("off target", "Runs that missed a tolerance without collapsing.", outcome("off_target")),
    Measure(
        "collapsed",
        "Runs whose output has lost most of its spread or of its modes, whatever the tolerances.",
        outcome("collapsed"),
    ),
    Measure(
        "diverged",
        "Runs that ended without numbers. They count as failures and are never dropped.",
        outcome("diverged"),
    ),
]
DISTANCE = Measure(
    "distance in floors",
    "What losses are compared by, in floors, so that 1 is as far as a perfect sampler may be: the first of "
    f"{', '.join(SCORES.values())} that says something about the variant.",
    distance_in_floors,
)


def of_metric(name: str, metric: Metric) -> Measure:
    """What tables tell of a metric."""
    if isinstance(metric, DiscriminatorMetric):
        entry = partial(_of_discriminator, name, metric)
    else:
        entry = partial(_of_samples, name, metric)
    return Measure(metric.label, metric.meaning, entry, metric.paper, name, metric.shown, metric.at_least)


GROUPS: dict[str, list[Measure]] = {
    "How runs ended": OUTCOME_MEASURES,
    **{
        group.value: [
            of_metric(name, metric)
            for name, metric in METRICS.items()
            if metric.group is group and metric.shown is not Shown.NEVER
        ]
        for group in Group
    },
}
"""A table each, by its title."""
GROUPS[Group.SAMPLES.value].insert(0, DISTANCE)


def told(result: CellResult) -> dict[str, list[Measure]]:
    """What is told of the cell's variant, by table; the study's own metrics come after the others of
    samples."""
    own = [of_metric(name, own_metric(name, settings)) for name, settings in own_settings(result).items()]
    known = {**GROUPS, Group.SAMPLES.value: [*GROUPS[Group.SAMPLES.value], *own]}

    def is_told(measure: Measure) -> bool:
        if measure.shown is Shown.IF_JUDGED:
            return tolerance(result, measure) is not None
        return not (
            measure.shown is Shown.WHERE_IT_APPLIES and result.judged["metrics"][measure.metric]["reason"]
        )

    return {title: [*filter(is_told, measures)] for title, measures in known.items()}


def all_told(result: CellResult) -> list[Measure]:
    """Everything that is told of the cell, in the order of the tables."""
    return [measure for measures in told(result).values() for measure in measures]


def tolerance(result: CellResult, measure: Measure) -> float | None:
    """The error within which a run has to stay, if there is one for this."""
    found: float | None = result.judged["metrics"].get(measure.metric, {}).get("tolerance")
    return found


# ---- What it means

FLOOR = (
    "A floor is the error that a perfect sampler stays below in at least 95 of 100 draws of the same size "
    "(with 99 % confidence): no generator can be asked for less. Errors, distances, losses and scores are "
    "interquartile means over the runs that have them, with 95 % bootstrap intervals over the seeds."
)


@dataclass(frozen=True)
class Term:
    """A word about statistics over seeds."""

    name: str
    meaning: str
    paper: str


STATISTICS = (
    Term(
        "interval of a share",
        "Of matched runs: 95 %, what shares the seeds leave possible. Never empty, also at 0 or all.",
        "Wilson 1927",
    ),
    Term(
        "interquartile mean",
        "The mean of the middle half of the runs: a quarter on either side cannot move it.",
        "Agarwal et al. 2021, arXiv 2108.13264",
    ),
    Term(
        "interval of a mean",
        "95 %, percentiles of 10,000 draws of the seeds with replacement, the same draws for every loss.",
        "Efron 1982",
    ),
    Term(
        "floor",
        "The largest error of 100 perfect samplers of as many samples: at least 95 of 100 stay below it, "
        "with 99 % confidence. No generator can be asked for less.",
        "Wilks 1941",
    ),
    Term(
        "significantly different",
        "Two losses by the differences of their distances under each seed; p-values corrected for the number "
        "of pairs of a variant.",
        "Wilcoxon 1945; Holm 1979",
    ),
    Term(
        "share of seeds within",
        "Performance profile: the share of runs whose distance is at most so many floors.",
        "Dolan & Moré 2002",
    ),
    Term(
        "ranking",
        "More matched runs first, then the smaller interquartile mean of the distance; ranked again for each "
        "of the 10,000 draws.",
        "Agarwal et al. 2021, arXiv 2108.13264",
    ),
)
