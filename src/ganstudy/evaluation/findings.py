"""What the data support, in a sentence a variant."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ganstudy.evaluation.pairs import LEVEL
from ganstudy.words import SCORES, listed


def finding(
    variant: str,
    figure: str,
    ranked: Sequence[Mapping[str, Any]],
    pairs: Iterable[Mapping[str, Any]],
    first: Mapping[str, float],
) -> str:
    """Of the variant's cells, the best first: how often the leader matched, which losses it is ahead of by
    the paired tests, and how often it would lead under other seeds."""
    leader = ranked[0]
    name = leader["loss"]
    leaders = [cell["loss"] for cell in ranked if cell["matched"] == leader["matched"]]
    if not leader["matched"]:
        said = f"{variant}: no loss matched the data in any of {leader['runs']} seeds"
    elif len(ranked) == 1:
        said = f"{variant}: {name} matched in {_score(leader)}"
    elif len(leaders) == len(ranked):
        said = f"{variant}: every loss matched in {_score(leader)}"
    else:
        worst = ranked[-1]
        said = f"{variant}: {listed(leaders)} matched most often, in {_score(leader)}"
        said += f"; {worst['loss']} in {_score(worst)}"
    if len(ranked) == 1:
        return f"{said}."
    places = _places(name, pairs)
    apart = [
        f"{where} {listed(others)}"
        for where, others in (
            ("ahead of", places["behind"]),
            ("behind", places["ahead"]),
            ("not told apart from", places["level"]),
        )
        if others
    ]
    by, tests = f"By {SCORES[figure]}", f"(paired tests, Holm-corrected, p < {LEVEL:g})"
    if places["behind"] or places["ahead"]:
        order = f"{by} {name} is {listed(apart)} {tests}"
    else:
        order = f"{by} these seeds support no order: {name} is told apart from no other loss {tests}"
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


def _score(cell: Mapping[str, Any]) -> str:
    low, high = 100 * cell["success_rate_low"], 100 * cell["success_rate_high"]
    return f"{cell['matched']} of {cell['runs']} seeds ({low:.0f} to {high:.0f} %)"
