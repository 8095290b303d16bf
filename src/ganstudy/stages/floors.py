"""`ganstudy floors VARIANT`: what a perfect sampler of the variant's data would score."""

from functools import partial
from typing import Any

from ganstudy import layout
from ganstudy.evaluation.floors import DRAWS, Scores, floors, score
from ganstudy.execution.environment import workers
from ganstudy.execution.team import gathered
from ganstudy.params import Params
from ganstudy.results import write_json
from ganstudy.stages.reading import load_truth


def write_floors(params: Params, variant: str) -> None:
    """Write reports/floors/VARIANT.json."""
    recipe, work = params.variants[variant], partial(scored, params, variant)
    # Points are drawn before a process could start.
    n = 1 if recipe.noise.name == "constant" else min(workers(), DRAWS)
    scores = gathered(work, [(list(range(DRAWS))[i::n],) for i in range(n)], variant)
    write_json(layout.floors(variant), floors(load_truth(params, variant), recipe, params.evaluation, scores))


def scored(params: Params, variant: str, report: Any, draws: list[int]) -> dict[str, Scores]:
    """In a worker: what some perfect samplers score."""
    return score(load_truth(params, variant), params.variants[variant], params.evaluation, draws)
