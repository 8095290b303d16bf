"""The five lines that end a study."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ganstudy.core.errors import UserError
from ganstudy.core.files import read_json
from ganstudy.pipeline.lock import Comparison, committed_lock, compare_locks, read_lock
from ganstudy.results import paths
from ganstudy.study.evaluation import OUTCOMES
from ganstudy.study.params import Params

Rankings = Mapping[str, Sequence[dict[str, Any]]]
"""Each variant's cells, the best loss first."""

NAMED = 6
"""So many stages are named before the others are counted."""


def summarise(params: Params) -> str:
    """What was run, what was found (two lines), where to look, and whether the committed result was
    reproduced. UserError if the study in the current folder is not finished."""
    comparison = _comparison()
    rankings = _rankings(params, comparison)
    return "\n".join(
        [
            _counts(params, comparison["cells"]),
            f"matched most often: {_leaders(rankings)}",
            f"least often: {_losers(rankings)}",
            f"look at {paths.PAGE}, {paths.SUMMARY}, or every run's curves with `mlflow ui`",
            f"{paths.LOCK}: {_reproduced()}",
        ]
    )


def for_machines(params: Params) -> dict[str, Any]:
    """The same as data; docs/commands.md names the keys. UserError as `summarise`."""
    comparison = _comparison()
    lock: dict[str, Any]
    try:
        compared = _compared()
        lock = {"problem": None, "identical": compared.identical, **asdict(compared)}
    except UserError as error:
        lock = {"problem": str(error)}
    return {
        "study": params.study.name,
        "cells": len(comparison["cells"]),
        "seeds": len(params.seeds),
        "outcomes": {name: sum(cell[name] for cell in comparison["cells"]) for name in OUTCOMES},
        "variants": {
            variant: [{key: cell[key] for key in ("loss", "matched", "runs")} for cell in ranked]
            for variant, ranked in _rankings(params, comparison).items()
        },
        "page": str(paths.PAGE),
        "lock": lock,
    }


def _comparison() -> dict[str, Any]:
    try:
        comparison: dict[str, Any] = read_json(paths.COMPARISON)
    except FileNotFoundError:
        raise UserError(f"{paths.COMPARISON}: not there; run `dvc repro` first") from None
    return comparison


def _rankings(params: Params, comparison: Mapping[str, Any]) -> Rankings:
    cells = {(cell["variant"], cell["loss"]): cell for cell in comparison["cells"]}
    return {
        variant: [cells[variant, loss] for loss in comparison["variants"][variant]["ranking"]]
        for variant in params.variants
    }


def _counts(params: Params, cells: Sequence[dict[str, Any]]) -> str:
    runs = sum(cell["runs"] for cell in cells)
    counts = ", ".join(
        f"{sum(cell[outcome] for cell in cells):,} {outcome.replace('_', ' ')}" for outcome in OUTCOMES
    )
    return f"{params.study.name}: {len(cells)} cells × {len(params.seeds)} seeds = {runs:,} GANs: {counts}"


# ---- What was found


def _leaders(rankings: Rankings) -> str:
    """Each variant's best losses, with how often; then the variants where none ever matched."""
    won = {variant: ranked for variant, ranked in rankings.items() if ranked[0]["matched"]}
    never = [variant for variant in rankings if variant not in won]
    return "; ".join(
        [f"{variant}: {_tied(ranked, ranked[0])}" for variant, ranked in won.items()]
        + ([f"never: {', '.join(never)}"] if never else [])
    )


def _losers(rankings: Rankings) -> str:
    """The worst losses of each variant where losses differ at all, with how often."""
    differing = [
        f"{variant}: {_tied(ranked, ranked[-1])}"
        for variant, ranked in rankings.items()
        if ranked[-1]["matched"] < ranked[0]["matched"]
    ]
    return "; ".join(differing) or "no loss did worse than another"


def _tied(ranked: Sequence[dict[str, Any]], cell: dict[str, Any]) -> str:
    losses = [other["loss"] for other in ranked if other["matched"] == cell["matched"]]
    names = "every loss" if len(losses) == len(ranked) > 1 else ", ".join(losses)
    return f"{names} {cell['matched']}/{cell['runs']}"


# ---- Whether it was reproduced


def _reproduced() -> str:
    try:
        return verdict(_compared())
    except UserError as error:
        return str(error)


def _compared() -> Comparison:
    """The study's lock beside the committed one. UserError if either is not there."""
    committed = committed_lock()
    if not paths.LOCK.is_file():
        raise UserError("not there; run `dvc repro` first")
    return compare_locks(committed, read_lock(paths.LOCK.read_text(encoding="utf-8")))


def verdict(comparison: Comparison) -> str:
    """The comparison in a line."""
    if comparison.identical:
        return f"all {comparison.outputs} outputs identical to the committed ones"
    parts = []
    if comparison.differ:
        parts.append(f"differ: {_named(comparison.differ)}")
    if comparison.changed:
        parts.append(f"new or changed by params.yaml: {_stages(len(comparison.changed))}")
    if comparison.missing:
        parts.append(f"missing: {_named(comparison.missing)}")
    if not comparison.differ:
        parts.append("all others identical to the committed ones")
    return "; ".join(parts)


def _stages(n: int) -> str:
    return f"{n} stage" if n == 1 else f"{n} stages"


def _named(stages: Sequence[str]) -> str:
    more = len(stages) - NAMED
    return ", ".join(stages[:NAMED]) + (f" and {more} more" if more > 0 else "")
