"""The columns of the table of cells."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ganstudy.reporting.words import MISSING, exact, interval, number
from ganstudy.results import CellResult


@dataclass(frozen=True)
class Entry:
    """What stands in one place of the table."""

    text: str
    beside: str = ""
    """The floor, the interval or the value at match that goes with it."""
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
    """A figure of the generator's samples, with what a perfect sampler would get."""

    def entry(result: CellResult) -> Entry:
        about: dict[str, Any] = result.judged["figures"][figure]
        value = result.summary.get(key)
        if value is None:
            return missing(about["reason"])
        return Entry(number(value), number(about["floor"], 2))

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
        "Distance of the samples' mean from the data's, averaged over the values of a sample; below it the "
        "floor.",
        beside_floor("mean", "mean_error"),
    ),
    Column(
        "std error",
        "The same of the standard deviation.",
        beside_floor("std", "std_error"),
    ),
    Column(
        "Wasserstein",
        "Wasserstein-1 distance from the data, in their unit, along random directions where a sample has "
        "several values; below it the floor.",
        beside_floor("wasserstein", "wasserstein"),
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
    "The floor is the error that a perfect sampler stays below in 95 of 100 draws of the same size: no "
    "generator can be asked for less. Errors, distances, losses and scores are interquartile means over the "
    "runs that have them."
)
