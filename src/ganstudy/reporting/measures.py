"""What is told of every cell, in the order of the tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ganstudy.reporting.entries import (
    Entry,
    adversary,
    distance,
    error,
    matched,
    outcome,
    sampled,
)
from ganstudy.results import CellResult
from ganstudy.words import SCORES


@dataclass(frozen=True)
class Measure:
    """A number of every cell."""

    heading: str
    explanation: str
    entry: Callable[[CellResult], Entry]
    paper: str = ""
    figure: str = ""
    """Which figure of reports/runs a tolerance may be about."""
    only_if_judged: bool = False
    """Whether it is told only where a tolerance is about it."""
    of_some_sources: bool = False
    """Whether it is passed over in silence where a source has no such thing."""
    at_least: bool = False
    """Whether a tolerance is the least value that passes, instead of the greatest error."""


NO_TERMS = "the loss has no terms of real and of generated samples apart"
NAEEM = "Naeem et al. 2020, arXiv 2002.09797"
KYNKAANNIEMI = "Kynkäänniemi et al. 2019, arXiv 1904.06991"
MODES = "Srivastava et al. 2017, arXiv 1705.07761; Lin et al. 2018, arXiv 1712.04086"
OUTCOMES = (
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
    distance,
)
SAMPLES = (
    DISTANCE,
    Measure(
        "mean error",
        "Distance of the samples' mean from the data's, averaged over the values of a sample.",
        error("mean"),
        figure="mean",
    ),
    Measure("std error", "The same of the standard deviation.", error("std"), figure="std"),
    Measure("skew error", "The same of the skew.", error("skew"), figure="skew", only_if_judged=True),
    Measure(
        "kurtosis error",
        "The same of the excess kurtosis.",
        error("kurtosis"),
        figure="kurtosis",
        only_if_judged=True,
    ),
    Measure(
        "Wasserstein",
        "Wasserstein-1 distance from the data, in their unit, along random directions where a sample has "
        "several values.",
        sampled("wasserstein"),
        "sliced: Rabin et al. 2011",
        "wasserstein",
    ),
    Measure(
        "KS",
        "Kolmogorov-Smirnov distance, of the worst value of a sample.",
        sampled("ks"),
        "Kolmogorov 1933",
        "ks",
        only_if_judged=True,
    ),
    Measure(
        "energy distance",
        "Energy distance from held-out samples.",
        sampled("energy"),
        "Székely & Rizzo 2013",
        "energy",
        only_if_judged=True,
    ),
    Measure(
        "Fréchet",
        "Fréchet distance between normal distributions fitted to the features that the study's own "
        "classifier finds in generated and in held-out images.",
        sampled("frechet"),
        "Heusel et al. 2017, arXiv 1706.08500",
        "frechet",
        of_some_sources=True,
    ),
    Measure(
        "inside the box",
        "Share of the samples that lie where real ones can.",
        sampled("inside", at_match=True),
        figure="inside",
        only_if_judged=True,
        at_least=True,
    ),
    Measure(
        "modes missing",
        "Modes of the mixture that none of 2,500 samples comes within three standard deviations of.",
        sampled("modes_missing"),
        MODES,
        "modes_missing",
        of_some_sources=True,
    ),
    Measure(
        "high quality",
        "Share of 2,500 samples within three standard deviations of a mode.",
        sampled("high_quality", at_match=True),
        MODES,
        "high_quality",
        of_some_sources=True,
        at_least=True,
    ),
    Measure(
        "reverse KL",
        "Kullback-Leibler divergence of the modes' shares from the data's, in nats.",
        sampled("reverse_kl"),
        MODES,
        "reverse_kl",
        of_some_sources=True,
    ),
    Measure(
        "precision",
        "Share of the samples that lie in the neighbourhood of a real one.",
        sampled("precision", at_match=True),
        KYNKAANNIEMI,
        "precision",
        only_if_judged=True,
    ),
    Measure(
        "recall",
        "Share of the real samples that lie in the neighbourhood of a generated one.",
        sampled("recall", at_match=True),
        KYNKAANNIEMI,
        "recall",
        only_if_judged=True,
    ),
    Measure(
        "density",
        "How many real neighbourhoods a sample lies in, over how many it would if it were real.",
        sampled("density", at_match=True),
        NAEEM,
        "density",
        only_if_judged=True,
    ),
    Measure(
        "coverage",
        "Share of the real samples that have a generated one in their neighbourhood; of labelled images by "
        "the features of a classifier.",
        sampled("coverage", at_match=True),
        NAEEM,
        "coverage",
    ),
)
DISCRIMINATORS = (
    Measure(
        "fresh D",
        "Share of right answers of a discriminator trained afresh on the finished generator, on samples that "
        "neither has met: 1/2 where nothing tells generated from real samples.",
        sampled("fresh_accuracy", at_match=True),
        "Lopez-Paz & Oquab 2017, arXiv 1610.06545",
        "fresh_accuracy",
    ),
    Measure(
        "JS bound",
        "Lower bound on the Jensen-Shannon divergence between generated and real samples, in nats, from the "
        "same discriminator's cross-entropy; at most log 2 = 0.693.",
        sampled("jensen_shannon"),
        "Goodfellow et al. 2014, arXiv 1406.2661",
        "jensen_shannon",
    ),
    Measure(
        "D's loss",
        "The game's own discriminator: its loss over the last tenth of training, without penalties, beside "
        "the value at match, where the loss fixes one.",
        adversary("discriminator"),
    ),
    Measure(
        "D's real term",
        "The part of that loss that real samples cause, of losses that have one.",
        adversary("discriminator_real", NO_TERMS),
    ),
    Measure(
        "D's fake term",
        "The part that generated samples cause.",
        adversary("discriminator_fake", NO_TERMS),
    ),
    Measure(
        "Brier",
        "Mean squared error of that discriminator's estimate that a sample is real. Lower than at match "
        "means that it still tells generated samples apart.",
        adversary("brier"),
        "Brier 1950",
    ),
)
GROUPS = (
    ("How runs ended", OUTCOMES),
    ("How far samples are from the data", SAMPLES),
    ("What discriminators say", DISCRIMINATORS),
)
MEASURES = (*OUTCOMES, *SAMPLES, *DISCRIMINATORS)
FLOOR = (
    "A floor is the error that a perfect sampler stays below in at least 95 of 100 draws of the same size "
    "(with 99 % confidence): no generator can be asked for less. Errors, distances, losses and scores are "
    "interquartile means over the runs that have them, with 95 % bootstrap intervals over the seeds."
)


def told(result: CellResult, measures: Sequence[Measure]) -> list[Measure]:
    """Those that are told of the cell's variant, the study's own metrics after the others of samples."""
    known = [*measures, *own_metrics(result)] if measures == SAMPLES else measures
    return [
        measure
        for measure in known
        if not (measure.only_if_judged and tolerance(result, measure) is None)
        and not (measure.of_some_sources and result.judged["figures"][measure.figure]["reason"])
    ]


def own_metrics(result: CellResult) -> list[Measure]:
    """Metrics of the study's own."""
    return [
        Measure(
            name.replace("_", " "),
            f"A metric of this study's own, own/{about['use']}.",
            sampled(name, at_match=about["target"] != 0),
            figure=name,
        )
        for name, about in result.judged["figures"].items()
        if "use" in about
    ]


def all_told(result: CellResult) -> list[Measure]:
    """Everything that is told of the cell, in the order of the tables."""
    return [measure for _, measures in GROUPS for measure in told(result, measures)]


def tolerance(result: CellResult, measure: Measure) -> float | None:
    """The error within which a run has to stay, if there is one for this."""
    about = result.judged["figures"].get(measure.figure, {})
    found: float | None = about.get("tolerance")
    return found
