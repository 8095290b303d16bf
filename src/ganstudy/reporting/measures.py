"""What is told of every cell, in the order of the tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ganstudy.metrics.metric import DiscriminatorMetric, Group, Metric, Shown
from ganstudy.metrics.own import OwnMetricSettings, own_metric
from ganstudy.metrics.registry import METRICS, SCORES
from ganstudy.reporting.entries import Entry, distance_in_floors, matched, of_discriminator, outcome, sampled
from ganstudy.results.study_results import CellResult


@dataclass(frozen=True)
class Measure:
    """A number of every cell."""

    heading: str
    explanation: str
    entry: Callable[[CellResult], Entry]
    paper: str = ""
    metric: str = ""
    """Which figure of reports/runs a tolerance may be about."""
    only_if_judged: bool = False
    """Whether it is told only where a tolerance is about it."""
    of_some_sources: bool = False
    """Whether it is passed over in silence where a source has no such thing."""

    @property
    def at_least(self) -> bool:
        """Whether a tolerance is the least value that passes, instead of the greatest error."""
        return self.metric in METRICS and METRICS[self.metric].at_least


OUTCOME_MEASURES = (
    Measure(
        "matched",
        "Runs that ended within every tolerance of their variant, of all runs, each error with the margin "
        "that the number of samples leaves; beside it the 95 % Wilson interval.",
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
)
DISTANCE = Measure(
    "distance in floors",
    "What losses are compared by, in floors, so that 1 is as far as a perfect sampler may be: the first of "
    f"{', '.join(SCORES.values())} that says something about the variant.",
    distance_in_floors,
)


def of_metric(name: str, metric: Metric) -> Measure:
    """What tables tell of a metric."""
    if isinstance(metric, DiscriminatorMetric):
        entry = of_discriminator(name, metric.missing)
    else:
        entry = sampled(name, f"{name}_error" if metric.of_error else "", at_match=metric.with_target)
    return Measure(
        metric.label,
        metric.meaning,
        entry,
        metric.paper,
        name,
        only_if_judged=metric.shown is Shown.IF_JUDGED,
        of_some_sources=metric.shown is Shown.WHERE_IT_APPLIES,
    )


def _of_group(group: Group) -> tuple[Measure, ...]:
    metrics = METRICS.items()
    return tuple(
        of_metric(name, metric)
        for name, metric in metrics
        if metric.group is group and metric.shown is not Shown.NEVER
    )


SAMPLE_MEASURES = (DISTANCE, *_of_group(Group.SAMPLES))
DISCRIMINATOR_MEASURES = _of_group(Group.DISCRIMINATORS)
GROUPS = (
    ("How runs ended", OUTCOME_MEASURES),
    (Group.SAMPLES.value, SAMPLE_MEASURES),
    (Group.DISCRIMINATORS.value, DISCRIMINATOR_MEASURES),
)
MEASURES = (*OUTCOME_MEASURES, *SAMPLE_MEASURES, *DISCRIMINATOR_MEASURES)
FLOOR = (
    "A floor is the error that a perfect sampler stays below in at least 95 of 100 draws of the same size "
    "(with 99 % confidence): no generator can be asked for less. Errors, distances, losses and scores are "
    "interquartile means over the runs that have them, with 95 % bootstrap intervals over the seeds."
)


def told(result: CellResult, measures: Sequence[Measure]) -> list[Measure]:
    """Those that are told of the cell's variant, the study's own metrics after the others of samples."""
    known = [*measures, *own_metrics(result)] if measures == SAMPLE_MEASURES else measures
    return [
        measure
        for measure in known
        if not (measure.only_if_judged and tolerance(result, measure) is None)
        and not (measure.of_some_sources and result.judged["metrics"][measure.metric]["reason"])
    ]


def own_metrics(result: CellResult) -> list[Measure]:
    """Metrics of the study's own."""
    return [
        of_metric(name, own_metric(name, OwnMetricSettings(use=about["use"], target=about["target"])))
        for name, about in result.judged["metrics"].items()
        if "use" in about
    ]


def all_told(result: CellResult) -> list[Measure]:
    """Everything that is told of the cell, in the order of the tables."""
    return [measure for _, measures in GROUPS for measure in told(result, measures)]


def tolerance(result: CellResult, measure: Measure) -> float | None:
    """The error within which a run has to stay, if there is one for this."""
    about = result.judged["metrics"].get(measure.metric, {})
    found: float | None = about.get("tolerance")
    return found
