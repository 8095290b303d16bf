"""What the data support, in a sentence a variant."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ganstudy.core.text import listed
from ganstudy.metrics.registry import SCORES
from ganstudy.statistics.estimates import wilson
from ganstudy.statistics.paired_tests import LEVEL

TESTS = (
    "Differences between losses are significant where a paired test over the seeds, Holm-corrected, gives "
    f"p < {LEVEL:g}."
)
"""What holds of every finding, said once beside them."""


def finding(
    variant: str,
    metric: str,
    ranked: Sequence[Mapping[str, Any]],
    pairs: Iterable[Mapping[str, Any]],
    first: Mapping[str, float],
    modes: int | None = None,
) -> str:
    """Of the variant's cells, the best first: how often the leader matched, which losses it is ahead of by
    the paired tests, and how often it would lead under other seeds. Of a mixture of so many modes also in how
    many seeds they were all `captured`."""
    leader = ranked[0]
    name = leader["loss"]
    leaders = [cell["loss"] for cell in ranked if cell["matched"] == leader["matched"]]
    if undecided := sum(cell["undecided"] for cell in ranked):
        runs = sum(cell["runs"] for cell in ranked)
        said = f"{variant}: these samples do not tell a match from a generator that has learnt nothing; "
        said += f"{undecided} of {runs} runs are undecided"
    elif not leader["matched"]:
        said = f"{variant}: no loss matched the data in any of {leader['runs']} seeds"
    elif len(ranked) == 1:
        said = f"{variant}: {name} matched in {_score(leader)}"
    elif len(leaders) == len(ranked):
        said = f"{variant}: every loss matched in {_score(leader)}"
    else:
        worst = ranked[-1]
        said = f"{variant}: {listed(leaders)} matched most often, in {_score(leader)}"
        said += f"; {worst['loss']} in {_score(worst)}"
    if modes is not None:
        said += f". {_captured(ranked, modes)}"
    if len(ranked) == 1:
        return f"{said}."
    places = _places(name, pairs)
    apart = [
        f"{where} {listed(others)}"
        for where, others in (
            ("ahead of", places["behind"]),
            ("behind", places["ahead"]),
            ("not significantly different from", places["level"]),
        )
        if others
    ]
    by = f"By {SCORES[metric]}"
    if places["behind"] or places["ahead"]:
        order = f"{by} {name} is {listed(apart)}"
    else:
        order = f"{by} these seeds support no order: {name} does not differ significantly from any other loss"
    held = f"Drawn again, these seeds rank {name} first in {100 * first[name]:.0f} of 100 cases"
    return f"{said}. {order}. {held}."


def across(losses: Sequence[str], stability: Mapping[str, Any]) -> str:
    """Which loss does best over all variants, and whether that would hold."""
    means, first = stability["mean_rank"], stability["first"]
    least = min(means[loss]["rank"] for loss in losses)
    best, *more = [loss for loss in losses if means[loss]["rank"] == least]
    variants = f"Over all {len(stability['variants'])} variants"
    if more:
        return f"{variants} {listed([best, *more])} share the best mean rank, {least:.2g} of {len(losses)}."
    about = means[best]
    return (
        f"{variants} {best} has the best mean rank, "
        f"{about['rank']:.2g} of {len(losses)} ({about['low']:.2g} to {about['high']:.2g}), and keeps it in "
        f"{100 * first[best]:.0f} of 100 draws of the seeds."
    )


def _places(leader: str, pairs: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Where the other losses are, seen from the leader."""
    places: dict[str, list[str]] = {"behind": [], "ahead": [], "level": []}
    for pair in pairs:
        if leader in pair["losses"]:
            ours = pair["losses"].index(leader)
            better = (pair["rank_share"] > 0.5) == (ours == 0)
            where = "level" if pair["p_value_holm"] >= LEVEL else "behind" if better else "ahead"
            places[where].append(pair["losses"][1 - ours])
    return places


def _captured(ranked: Sequence[Mapping[str, Any]], modes: int) -> str:
    """In how many seeds the leader captured all modes, and the loss that did so least often. If that is the
    leader itself, the one that did most often."""

    def often(cell: Mapping[str, Any]) -> int:
        return int(cell["captured"])

    leader, fewest, most = ranked[0], min(ranked, key=often), max(ranked, key=often)
    if often(fewest) == often(most):
        who = leader["loss"] if len(ranked) == 1 else "every loss"
        return f"{who} captured all {modes} modes in {_seeds(often(leader), leader['runs'])}"
    other = fewest if often(fewest) < often(leader) else most
    return (
        f"{leader['loss']} captured all {modes} modes in {_seeds(often(leader), leader['runs'])}; "
        f"{other['loss']} in {_seeds(often(other), other['runs'])}"
    )


def _score(cell: Mapping[str, Any]) -> str:
    return _seeds(cell["matched"], cell["runs"])


def _seeds(n: int, of: int) -> str:
    """With the 95 % Wilson interval of the share."""
    low, high = wilson(n, of)
    return f"{n} of {of} seeds ({100 * low:.0f} to {100 * high:.0f} %)"
