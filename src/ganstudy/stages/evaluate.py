"""`ganstudy evaluate VARIANT LOSS`: judge a cell's runs."""

from functools import partial
from typing import Any

from ganstudy import layout
from ganstudy.evaluation import judge, judge_runs, yardstick
from ganstudy.evaluation.judgement import summarise
from ganstudy.execution.environment import workers
from ganstudy.execution.shards import split
from ganstudy.execution.team import gathered
from ganstudy.params import Params
from ganstudy.results import read_json, write_json
from ganstudy.runs import Runs
from ganstudy.stages.reading import load_truth

FEW = 4


def evaluate(params: Params, variant: str, loss: str) -> None:
    """Write reports/runs/VARIANT/LOSS.json and reports/metrics/VARIANT/LOSS.json."""
    cell = params.cell(variant, loss)
    runs = Runs.load(layout.runs(variant, loss))
    floors = read_json(layout.floors(variant))
    figures = yardstick(cell, params.evaluation, floors["figures"])
    work = partial(judged_rows, params, variant, loss, figures)
    # A point, or a few runs, are judged before a process could start.
    enough = cell.recipe.noise.name != "constant" and len(runs.seeds) > FEW
    shards = split(runs.seeds, workers() if enough else 1, len(runs.seeds))
    parts = gathered(work, [(shard,) for shard in shards], f"{variant}, {loss}")
    rows = [row for part in parts for row in part]
    rows.sort(key=lambda row: runs.seeds.index(row["seed"]))
    judged = judge(cell, runs, load_truth(params, variant), figures, rows, floors["trivial"])
    write_json(layout.judged(variant, loss), judged)
    write_json(layout.metrics(variant, loss), summarise(judged))


def judged_rows(
    params: Params, variant: str, loss: str, figures: Any, report: Any, seeds: list[int]
) -> list[dict[str, Any]]:
    """In a worker: the rows of some of the cell's runs."""
    cell = params.cell(variant, loss)
    runs = Runs.load(layout.runs(variant, loss)).only(seeds)
    return judge_runs(cell, runs, load_truth(params, variant), params.evaluation, figures)
