"""`ganstudy floors VARIANT`: what a perfect sampler of the variant's data would score."""

from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganstudy.core.files import read_json, write_json
from ganstudy.evaluation.floors import DRAWS, Scores, floors, score
from ganstudy.execution.environment import workers
from ganstudy.execution.process_pool import pool_gather
from ganstudy.pipeline.reading import load_truth
from ganstudy.results import paths

if TYPE_CHECKING:
    from ganstudy.study.params import Params


def write_floors(params: "Params", variant: str) -> None:
    """Write reports/floors/VARIANT.json.

    What an earlier variant has computed from the same is taken over; the first of them always computes.
    """
    key = _key(variant)
    for other in _earlier(params, variant):
        path = paths.floors(other)
        if key and path.is_file() and _key(other) == key and _made_from(other) == f"{key} {_digest(path)}":
            click.echo(f"{variant}: the same data and sample size as {other}; its floors are taken over")
            write_json(paths.floors(variant), read_json(path))
            return
    recipe, work = params.variants[variant], partial(scored, params, variant)
    # Points are drawn before a process could start.
    n = 1 if recipe.noise.is_constant else min(workers(), DRAWS)
    scores = pool_gather(work, [(list(range(DRAWS))[i::n],) for i in range(n)], variant)
    found = floors(load_truth(params, variant), recipe, params.evaluation, scores)
    write_json(paths.floors(variant), found)
    # Beside the outputs: what they were made from is not to change their bytes.
    paths.FLOORS_MADE_FROM.mkdir(parents=True, exist_ok=True)
    (paths.FLOORS_MADE_FROM / variant).write_text(f"{key} {_digest(paths.floors(variant))}", encoding="utf-8")


def scored(params: "Params", variant: str, report: Any, draws: list[int]) -> dict[str, Scores]:
    """In a worker: what some perfect samplers score."""
    return score(load_truth(params, variant), params.variants[variant], params.evaluation, draws)


def _earlier(params: "Params", variant: str) -> Iterator[str]:
    for name in params.variants:
        if name == variant:
            return
        yield name


def _made_from(variant: str) -> str | None:
    """What the variant's floors were made from when they were last computed here, and their own digest."""
    path = paths.FLOORS_MADE_FROM / variant
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _key(variant: str) -> str | None:
    """The digest of all that the variant's floors follow from; None where `ganstudy code` has not listed
    it."""
    digest = sha256()
    for path in (
        paths.settings("floors", variant),
        paths.code("floors", variant),
        paths.prepared(variant) / "description.json",  # which has the digest of the samples
        paths.classifier(variant) / "weights.safetensors",
    ):
        if path.is_file():
            digest.update(path.read_bytes())
        elif path.suffix != ".safetensors":
            return None
    return digest.hexdigest()
