"""`ganstudy floors VARIANT`: what a perfect sampler of the variant's data would score."""

from functools import partial
from hashlib import sha256
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import click

from ganstudy.core.files import read_json, write_json
from ganstudy.evaluation.floors import DRAWS, DrawnValues, score, targets_and_floors
from ganstudy.execution.environment import workers
from ganstudy.execution.process_pool import pool_gather
from ganstudy.pipeline.reading import load_truth
from ganstudy.results import paths

if TYPE_CHECKING:
    from ganstudy.study.params import Params


def floors(params: "Params", variant: str) -> None:
    """Write reports/floors/VARIANT.json.

    What an earlier variant has computed from the same is taken over; the first of them always computes.
    """
    key, path = _key(variant), paths.floors(variant)
    for other in takewhile(variant.__ne__, params.variants):
        if key and _key(other) == key and _is_made_from(other, key):
            click.echo(f"{variant}: the same data and sample size as {other}; its floors are taken over")
            write_json(path, read_json(paths.floors(other)))
            return
    recipe, work = params.variants[variant], partial(scored, params, variant)
    # Points are drawn before a process could start.
    n = 1 if recipe.noise.is_constant else min(workers(), DRAWS)
    scores = pool_gather(work, [(list(range(DRAWS))[i::n],) for i in range(n)], variant)
    write_json(path, targets_and_floors(load_truth(params, variant), recipe, params.evaluation, scores))
    # Beside the outputs: what they were made from is not to change their bytes.
    paths.FLOORS_MADE_FROM.mkdir(parents=True, exist_ok=True)
    (paths.FLOORS_MADE_FROM / variant).write_text(_origin(variant, key), encoding="utf-8")


def scored(params: "Params", variant: str, report: Any, draws: list[int]) -> dict[str, DrawnValues]:
    """In a worker: what some perfect samplers score."""
    return score(load_truth(params, variant), params.variants[variant], params.evaluation, draws)


def _is_made_from(variant: str, key: str) -> bool:
    """Whether the variant's floors are those that were last computed here, and from the same."""
    try:
        said = (paths.FLOORS_MADE_FROM / variant).read_text(encoding="utf-8")
        return said == _origin(variant, key)
    except FileNotFoundError:
        return False


def _origin(variant: str, key: str | None) -> str:
    """What the variant's floors were made from, and their own digest."""
    return f"{key} {sha256(paths.floors(variant).read_bytes()).hexdigest()}"


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
