"""The cells side by side."""

from typing import Any

from ganstudy.evaluation.rounding import rounded
from ganstudy.params import Params


def compare(
    params: Params,
    summaries: dict[tuple[str, str], dict[str, Any]],
    judged: dict[tuple[str, str], dict[str, Any]],
) -> dict[str, Any]:
    """The whole study's result, ready for JSON: each cell's summary, each variant's ranking of losses and
    what was found, in one sentence a variant. Both dictionaries are keyed by (variant, loss)."""
    cells = [
        {
            "variant": cell.variant,
            "loss": cell.loss,
            "overrides": judged[cell.variant, cell.loss]["overrides"],
            "update": judged[cell.variant, cell.loss]["update"],
            "update_asked": judged[cell.variant, cell.loss]["update_asked"],
            **summaries[cell.variant, cell.loss],
        }
        for cell in params.cells
    ]
    rankings = {
        variant: sorted((cell for cell in cells if cell["variant"] == variant), key=_rank)
        for variant in params.variants
    }
    return rounded(
        {
            "study": params.study.name,
            "seeds": params.seeds,
            "cells": cells,
            "ranking": {variant: [cell["loss"] for cell in ranked] for variant, ranked in rankings.items()},
            "findings": {variant: _sentence(variant, ranked) for variant, ranked in rankings.items()},
        }
    )


def _rank(cell: dict[str, Any]) -> tuple[float, float, str]:
    """Most matched runs first, then the smaller distance."""
    distance = cell.get("wasserstein")
    return -cell["success_rate"], float("inf") if distance is None else distance, cell["loss"]


def _sentence(variant: str, ranked: list[dict[str, Any]]) -> str:
    """The best and the worst loss, with intervals."""

    def score(cell: dict[str, Any]) -> str:
        low, high = 100 * cell["success_rate_low"], 100 * cell["success_rate_high"]
        return f"{cell['matched']} of {cell['runs']} seeds ({low:.0f} to {high:.0f} %)"

    best, worst = ranked[0], ranked[-1]
    if best["matched"] == 0:
        return f"{variant}: no loss matched the data in any seed."
    if len(ranked) == 1:
        return f"{variant}: {best['loss']} matched in {score(best)}."
    leaders = [cell["loss"] for cell in ranked if cell["matched"] == best["matched"]]
    if len(leaders) == len(ranked):
        return f"{variant}: every loss matched in {score(best)}."
    most = f"{_listed(leaders)} matched most often, in {score(best)}"
    return f"{variant}: {most}; {worst['loss']} in {score(worst)}."


def _listed(names: list[str]) -> str:
    """a, b and c."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
