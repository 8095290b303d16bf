"""`ganstudy floors VARIANT`: what a perfect sampler of the variant's data would score."""

from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from typing import Any

import click

from ganstudy import layout
from ganstudy.evaluation.floors import DRAWS, Scores, floors, score
from ganstudy.execution.environment import workers
from ganstudy.execution.team import gathered
from ganstudy.params import Params
from ganstudy.results import read_json, write_json
from ganstudy.stages.reading import load_truth


def write_floors(params: Params, variant: str) -> None:
    """Write reports/floors/VARIANT.json.

    What an earlier variant has computed from the same is taken over; the first of them always computes.
    """
    key = _key(variant)
    for other in _earlier(params, variant):
        path = layout.floors(other)
        if key and path.is_file() and _key(other) == key and (found := read_json(path)).get("key") == key:
            click.echo(f"{variant}: the same data and sample size as {other}; its floors are taken over")
            write_json(layout.floors(variant), found)
            return
    recipe, work = params.variants[variant], partial(scored, params, variant)
    # Points are drawn before a process could start.
    n = 1 if recipe.noise.name == "constant" else min(workers(), DRAWS)
    scores = gathered(work, [(list(range(DRAWS))[i::n],) for i in range(n)], variant)
    found = floors(load_truth(params, variant), recipe, params.evaluation, scores)
    write_json(layout.floors(variant), {**found, "key": key})


def scored(params: Params, variant: str, report: Any, draws: list[int]) -> dict[str, Scores]:
    """In a worker: what some perfect samplers score."""
    return score(load_truth(params, variant), params.variants[variant], params.evaluation, draws)


def _earlier(params: Params, variant: str) -> Iterator[str]:
    for name in params.variants:
        if name == variant:
            return
        yield name


def _key(variant: str) -> str | None:
    """The digest of all that the variant's floors follow from; None where `ganstudy code` has not listed
    it."""
    digest = sha256()
    for path in (
        layout.settings("floors", variant),
        layout.code("floors", variant),
        layout.prepared(variant) / "description.json",  # which has the digest of the samples
        layout.classifier(variant) / "weights.safetensors",
    ):
        if path.is_file():
            digest.update(path.read_bytes())
        elif path.suffix != ".safetensors":
            return None
    return digest.hexdigest()
