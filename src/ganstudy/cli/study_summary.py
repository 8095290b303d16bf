"""The five lines that end a study."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ganstudy.cli.study import finished
from ganstudy.core.errors import UserError
from ganstudy.core.files import read_json
from ganstudy.core.text import counted, first_of
from ganstudy.pipeline.lock import committed_lock, compare_locks, read_lock
from ganstudy.results import paths
from ganstudy.study.evaluation import OUTCOMES
from ganstudy.study.params import Params

Rankings = Mapping[str, Sequence[Mapping[str, Any]]]
"""Each variant's cells, the best loss first."""

STAGES_NAMED = 6
"""So many stages are named before the others are counted."""


def for_machines(params: Params) -> dict[str, Any]:
    """What was run, what was found, and whether the committed result was reproduced; docs/commands.md names
    the keys. UserError if the study in the current folder is not finished."""
    with finished():
        comparison = read_json(paths.COMPARISON)
    cells = {(cell["variant"], cell["loss"]): cell for cell in comparison["cells"]}
    return {
        "study": params.study.name,
        "cells": len(cells),
        "seeds": len(params.seeds),
        "outcomes": {name: sum(cell[name] for cell in cells.values()) for name in OUTCOMES},
        "variants": {
            variant: [
                {key: cells[variant, loss][key] for key in ("loss", "matched", "runs")}
                for loss in comparison["variants"][variant]["ranking"]
            ]
            for variant in params.variants
        },
        "page": str(paths.PAGE),
        "lock": _compared_lock(),
    }


def _compared_lock() -> dict[str, Any]:
    """The study's lock beside the committed one, or the problem if either is not there."""
    try:
        committed = committed_lock()
        if not paths.LOCK.is_file():
            raise UserError("not there; run `dvc repro` first")
        compared = compare_locks(committed, read_lock(paths.LOCK.read_text(encoding="utf-8")))
    except UserError as error:
        return {"problem": str(error)}
    return {"problem": None, "identical": compared.identical, **asdict(compared)}


def summarise_study(params: Params) -> str:
    """The same in lines: what was run, what was found (two lines), where to look, and whether it was
    reproduced."""
    found = for_machines(params)
    rankings, cells, seeds = found["variants"], found["cells"], found["seeds"]
    runs = sum(cell["runs"] for ranked in rankings.values() for cell in ranked)
    outcomes = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in found["outcomes"].items())
    return "\n".join(
        [
            f"{found['study']}: {cells} cells × {seeds} seeds = {runs:,} GANs: {outcomes}",
            f"matched most often: {_leaders(rankings)}",
            f"least often: {_losers(rankings)}",
            f"look at {found['page']}, {paths.SUMMARY}, or every run's curves with `mlflow ui`",
            f"{paths.LOCK}: {_reproduced(found['lock'])}",
        ]
    )


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


def _tied(ranked: Sequence[Mapping[str, Any]], cell: Mapping[str, Any]) -> str:
    losses = [other["loss"] for other in ranked if other["matched"] == cell["matched"]]
    names = "every loss" if len(losses) == len(ranked) > 1 else ", ".join(losses)
    return f"{names} {cell['matched']}/{cell['runs']}"


def _reproduced(lock: Mapping[str, Any]) -> str:
    if lock["problem"]:
        return str(lock["problem"])
    if lock["identical"]:
        return f"all {lock['outputs']} outputs identical to the committed ones"
    parts = {
        "differ": first_of(lock["differ"], STAGES_NAMED),
        "new or changed by params.yaml": lock["changed"] and counted(len(lock["changed"]), "stage"),
        "missing": first_of(lock["missing"], STAGES_NAMED),
    }
    said = [f"{what}: {stages}" for what, stages in parts.items() if stages]
    if not lock["differ"]:
        said.append("all others identical to the committed ones")
    return "; ".join(said)
