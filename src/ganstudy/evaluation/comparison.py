"""The cells side by side."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ganstudy.evaluation.findings import TESTS, across, finding
from ganstudy.evaluation.rounding import rounded
from ganstudy.sources.registry import make_source
from ganstudy.statistics.estimates import wilson
from ganstudy.statistics.paired_tests import compare_pairs
from ganstudy.statistics.ranking import rank, stability
from ganstudy.statistics.scores import Scores
from ganstudy.study.params import Params
from ganstudy.training.recipe import Recipe

PROFILE = (0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
"""In floors."""


def compare_losses(
    params: Params,
    summaries: dict[tuple[str, str], dict[str, Any]],
    judged: dict[tuple[str, str], dict[str, Any]],
) -> dict[str, Any]:
    """The whole study's result, ready for JSON: each cell's summary, each variant's comparison of losses and
    what the data support, in one sentence a variant. Both dictionaries are keyed by (variant, loss)."""
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
    scores = {
        variant: Scores.of({loss: judged[variant, loss] for loss in params.losses})
        for variant in params.variants
    }
    held = stability(scores)
    variants, findings = {}, {}
    for variant, of in scores.items():
        ranking, pairs = rank(of), compare_pairs(of)
        variants[variant] = {
            "score": of.metric,
            "floor": of.floor,
            "ranking": ranking,
            "pairs": pairs,
            "profiles": {
                loss: profile(values / of.floor) for loss, values in zip(of.losses, of.values, strict=True)
            },
        }
        counted = any("modes_missing" in run for loss in ranking for run in judged[variant, loss]["runs"])
        modes = modes_of(params.variants[variant]) if counted else None
        ranked = [
            {"loss": loss, **summaries[variant, loss], "captured": captured(judged[variant, loss])}
            for loss in ranking
        ]
        first = held["variants"][variant]["first"]
        findings[variant] = finding(variant, of.metric, ranked, pairs, first, modes)
    return rounded(
        {
            "study": params.study.name,
            "seeds": params.seeds,
            "cells": cells,
            "variants": variants,
            "stability": held,
            "findings": findings,
            "tests": TESTS,
            "overall": across(list(params.losses), held)
            if min(len(params.losses), len(scores)) > 1
            else None,
        }
    )


def modes_of(recipe: Recipe) -> int | None:
    """How many modes the variant's data have, as far as that is known."""
    known = make_source(recipe.source).modes
    return len(known.centres) if known else None


def captured(judged: Mapping[str, Any]) -> int:
    """How many of a cell's runs miss no mode."""
    return sum(run.get("modes_missing") == 0 for run in judged["runs"])


def profile(in_floors: Any) -> list[dict[str, float]]:
    """The share of runs whose score is within so many floors, with its 95 % Wilson interval: the performance
    profile (Dolan & Moré 2002; Agarwal et al. 2021, arXiv 2108.13264)."""
    points = []
    for floors in PROFILE:
        within, n = int(np.sum(in_floors <= floors)), len(in_floors)
        low, high = wilson(within, n)
        points.append({"floors": floors, "share": within / n, "low": low, "high": high})
    return points
