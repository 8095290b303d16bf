"""The columns of the table of cells."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ganstudy.reporting.words import MISSING, exact, interval, number
from ganstudy.results import CellResult


@dataclass(frozen=True)
class Entry:
    """What stands in one place of the table."""

    text: str
    beside: str = ""
    """The interval and, after a semicolon, the floor or the value at match that go with it."""
    reason: str = ""
    """Why there is nothing."""


@dataclass(frozen=True)
class Column:
    """A figure of every cell."""

    heading: str
    explanation: str
    entry: Callable[[CellResult], Entry]
    in_summary: bool = True
    """Whether the page of Markdown has room for it."""


ALL_DIVERGED = "no run ended with numbers"


def missing(reason: str | None) -> Entry:
    return Entry(MISSING, reason=reason or ALL_DIVERGED)


def outcome(name: str) -> Callable[[CellResult], Entry]:
    return lambda result: Entry(str(result.summary[name]))


def success(result: CellResult) -> Entry:
    summary = result.summary
    text = f"{100 * summary['success_rate']:.0f} %"
    return Entry(text, interval(summary["success_rate_low"], summary["success_rate_high"]))


def beside_floor(figure: str, key: str) -> Callable[[CellResult], Entry]:
    """A figure of the generator's samples, with its interval and what a perfect sampler would get."""

    def entry(result: CellResult) -> Entry:
        about: dict[str, Any] = result.judged["figures"][figure]
        if about["reason"]:
            return missing(about["reason"])
        over_runs = result.judged["over_runs"].get(key, {"mean": None})
        if over_runs["mean"] is None:
            return missing(None)
        low, high, floor = (number(x, 2) for x in (over_runs["low"], over_runs["high"], about["floor"]))
        return Entry(number(over_runs["mean"]), f"{low} to {high}; floor {floor}")

    return entry


def beside_target(figure: str) -> Callable[[CellResult], Entry]:
    """The same of a figure whose value at match is not zero, with that value."""

    def entry(result: CellResult) -> Entry:
        found = beside_floor(figure, figure)(result)
        about = result.judged["figures"][figure]
        if not found.beside:
            return found
        return replace(
            found,
            beside=f"{found.beside.split(';')[0]}; at match {number(about['target'])} ± "
            f"{number(about['floor'], 2)}",
        )

    return entry


def discriminator(result: CellResult) -> Entry:
    """Both terms where the loss has them, otherwise the whole."""
    summary, figures = result.summary, result.judged["figures"]
    names = ["discriminator_real", "discriminator_fake"]
    if any(summary.get(name) is None for name in names):
        names = ["discriminator"]
    values = [summary.get(name) for name in names]
    if values[0] is None:
        return missing(None)
    targets = [figures[name]["target"] for name in names]
    whole = figures["discriminator"]["target"]
    if None not in targets:
        at_match = " + ".join(map(exact, targets))
    else:
        at_match = MISSING if whole is None else f"sum {exact(whole)}"
    return Entry(" + ".join(map(number, values)).replace("+ −", "− "), at_match)


def brier(result: CellResult) -> Entry:
    about, value = result.judged["figures"]["brier"], result.summary.get("brier")
    return missing(about["reason"]) if value is None else Entry(number(value), exact(about["target"]))


COLUMNS = (
    Column(
        "matched",
        "Runs that ended within every tolerance of their variant, of all runs.",
        lambda result: Entry(f"{result.summary['matched']}/{result.summary['runs']}"),
    ),
    Column(
        "off target",
        "Runs that missed a tolerance without collapsing.",
        outcome("off_target"),
        in_summary=False,
    ),
    Column(
        "collapsed",
        "Runs that missed a tolerance and whose output has lost most of its spread or of its modes.",
        outcome("collapsed"),
        in_summary=False,
    ),
    Column(
        "diverged",
        "Runs that ended without numbers. They count as failures and are never dropped.",
        outcome("diverged"),
        in_summary=False,
    ),
    Column(
        "success",
        "Matched runs over all runs; below it the 95 % Wilson interval.",
        success,
    ),
    Column(
        "mean error",
        "Distance of the samples' mean from the data's, averaged over the values of a sample.",
        beside_floor("mean", "mean_error"),
        in_summary=False,
    ),
    Column(
        "std error",
        "The same of the standard deviation.",
        beside_floor("std", "std_error"),
        in_summary=False,
    ),
    Column(
        "Wasserstein",
        "Wasserstein-1 distance from the data, in their unit, along random directions where a sample has "
        "several values.",
        beside_floor("wasserstein", "wasserstein"),
    ),
    Column(
        "coverage",
        "Share of the real samples that have a generated one in their neighbourhood (Naeem et al. 2020), of "
        "labelled images by the features of a classifier.",
        beside_target("coverage"),
    ),
    Column(
        "fresh D",
        "Share of right answers of a discriminator trained afresh on the finished generator, on samples that "
        "neither has met: 1/2 where nothing tells generated from real samples.",
        beside_target("fresh_accuracy"),
    ),
    Column(
        "JS bound",
        "Lower bound on the Jensen-Shannon divergence between generated and real samples, in nats, from the "
        "same discriminator's cross-entropy; at most log 2 = 0.693.",
        beside_floor("jensen_shannon", "jensen_shannon"),
        in_summary=False,
    ),
    Column(
        "D's loss",
        "The discriminator's loss over the last tenth of training, its terms of real and of generated "
        "samples apart where it has them, without penalties; below it the value at match, where the loss "
        "fixes one.",
        discriminator,
        in_summary=False,
    ),
    Column(
        "Brier",
        "Mean squared error of the finished discriminator's estimate that a sample is real; below it the "
        "value at match. Lower means that it still tells generated samples apart.",
        brier,
    ),
)
FLOOR = (
    "{} a figure stand its 95 % bootstrap interval over the seeds and its floor: the error that a perfect "
    "sampler stays below in at least 95 of 100 draws of the same size (with 99 % confidence). No generator "
    "can be asked for less. Errors, distances, losses and scores are interquartile means over the runs that "
    "have them."
)
