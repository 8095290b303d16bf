"""The study's own run in the store: the page, the ranking, params.yaml."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from ganstudy.results import paths
from ganstudy.results.study_results import Results
from ganstudy.study.evaluation import OUTCOMES
from ganstudy.study.loading import FILE
from ganstudy.tracking.cell_run import number_points
from ganstudy.tracking.fingerprint import file_fingerprint, fingerprint
from ganstudy.tracking.links import Place
from ganstudy.tracking.record import (
    DRAWN,
    FINAL,
    FINGERPRINT,
    SUPERSEDED,
    Point,
    Record,
    metric_name,
    one_line_json,
)


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
    drawn = study_drawn()
    runs = len(results.cells) * len(params.seeds)
    outcomes = {name: sum(result.summary[name] for result in results.cells) for name in OUTCOMES}
    matched = f"{outcomes['matched']} of {runs} matched"
    return Record(
        name=params.study.name,
        tags={
            "level": "study",
            "dvc_stage": "compare",
            "outcome": matched,
            FINGERPRINT: print_,
            SUPERSEDED: "false",
            DRAWN: file_fingerprint(drawn),
        },
        params={
            "variants": one_line_json(list(params.variants)),
            "losses": one_line_json(list(params.losses)),
            "seeds": one_line_json(params.seeds),
        },
        metrics=[
            *number_points(FINAL, {**outcomes, "runs": runs, "success_rate": outcomes["matched"] / runs}),
            *_ranks(comparison.get("stability", {}).get("mean_rank", {})),
        ],
        files={
            "params.yaml": FILE,
            "comparison.json": paths.COMPARISON,
            **({"leaderboard.csv": paths.LEADERBOARD} if paths.LEADERBOARD.is_file() else {}),
        },
        drawn=drawn,
        note=partial(_note, results, matched),
    )


def _note(results: Results, matched: str, place: Place) -> str:
    comparison, variants = results.comparison, results.params.variants
    of_variants = comparison.get("findings", {})
    findings = [comparison.get("overall"), *(of_variants.get(name) for name in variants)]
    findings += [comparison.get("tests") if len(results.params.losses) > 1 else None]
    links = f"[report]({place.file('report.html')}), [leaderboard]({place.file('leaderboard.csv')})"
    return "\n\n".join([f"**{matched}**: {links}", *(finding for finding in findings if finding)])


def _ranks(mean_rank: Mapping[str, Mapping[str, float]]) -> list[Point]:
    """Each loss's mean rank over the variants, and its interval."""
    return [
        Point(metric_name(section, loss), about[key])
        for loss, about in mean_rank.items()
        for section, key in (("mean_rank", "rank"), ("mean_rank_low", "low"), ("mean_rank_high", "high"))
    ]
