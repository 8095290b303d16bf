"""The study's own run in the store: the page, the ranking, params.yaml."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ganstudy.results import paths
from ganstudy.results.study_results import Results
from ganstudy.study.evaluation import OUTCOMES
from ganstudy.study.loading import FILE
from ganstudy.tracking.links import Place
from ganstudy.tracking.record import FINAL, Record, fingerprint, number_points

RANK_SECTIONS = {"rank": "mean_rank", "low": "mean_rank_low", "high": "mean_rank_high"}
"""Of charts, for each loss's mean rank over the variants and the ends of its interval."""


def study_fingerprint(results: Results, cells: Sequence[str]) -> str:
    """Of the cells' fingerprints and what their comparison says. The page is no part of it."""
    return fingerprint(
        {
            "level": "study",
            "study": results.params.study.name,
            "cells": sorted(cells),
            "comparison": results.comparison,
        }
    )


def study_drawn() -> dict[str, Path]:
    """What the report says of the study, by place among the run's artifacts."""
    files = {
        "report.html": paths.PAGE,
        "summary.md": paths.SUMMARY,
        f"figures/{paths.OVERVIEW.name}": paths.OVERVIEW,
    }
    return {place: path for place, path in files.items() if path.is_file()}


def study_record(results: Results, print_: str) -> Record:
    """The run with the fingerprint `print_`."""
    params, comparison = results.params, results.comparison
    runs = len(results.cells) * len(params.seeds)
    outcomes = {name: sum(result.summary[name] for result in results.cells) for name in OUTCOMES}
    ranks = comparison.get("stability", {}).get("mean_rank", {})
    matched = f"{outcomes['matched']} of {runs} matched"
    return Record(
        name=params.study.name,
        fingerprint=print_,
        tags={"level": "study", "dvc_stage": "compare", "outcome": matched},
        params={
            "variants": json.dumps(list(params.variants)),
            "losses": json.dumps(list(params.losses)),
            "seeds": json.dumps(params.seeds),
        },
        metrics=number_points(
            {
                FINAL: {**outcomes, "runs": runs, "success_rate": outcomes["matched"] / runs},
                **{
                    section: {loss: about[key] for loss, about in ranks.items()}
                    for key, section in RANK_SECTIONS.items()
                },
            }
        ),
        files={
            "params.yaml": FILE,
            "comparison.json": paths.COMPARISON,
            **({"leaderboard.csv": paths.LEADERBOARD} if paths.LEADERBOARD.is_file() else {}),
        },
        drawn=study_drawn(),
        note=partial(_note, results, matched),
    )


def _note(results: Results, matched: str, place: Place) -> str:
    comparison, variants = results.comparison, results.params.variants
    of_variants = comparison.get("findings", {})
    findings = [comparison.get("overall"), *(of_variants.get(name) for name in variants)]
    findings += [comparison.get("tests") if len(results.params.losses) > 1 else None]
    links = f"[report]({place.file('report.html')}), [leaderboard]({place.file('leaderboard.csv')})"
    return "\n\n".join([f"**{matched}**: {links}", *(finding for finding in findings if finding)])
