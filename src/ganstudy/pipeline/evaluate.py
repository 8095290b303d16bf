"""`ganstudy evaluate VARIANT LOSS`: judge a cell's runs."""

from functools import partial
from typing import TYPE_CHECKING, Any

from ganstudy.core.files import read_json, write_json
from ganstudy.evaluation.judgement import judge, judge_runs, summarise_cell, thresholds
from ganstudy.execution.environment import workers
from ganstudy.execution.process_pool import pool_gather, split_seeds
from ganstudy.pipeline.reading import load_truth
from ganstudy.results import paths
from ganstudy.results.run_files import load_runs

if TYPE_CHECKING:
    from ganstudy.study.params import Params

FEW_RUNS = 4


def evaluate(params: "Params", variant: str, loss: str) -> None:
    """Write reports/runs/VARIANT/LOSS.json and reports/metrics/VARIANT/LOSS.json."""
    cell = params.cell(variant, loss)
    runs = load_runs(paths.runs(variant, loss))
    floors = read_json(paths.floors(variant))
    metrics = thresholds(params.evaluation.tolerance(params.variants[variant]), floors["metrics"])
    work = partial(judged_rows, params, variant, loss, metrics)
    # A point, or a few runs, are judged before a process could start.
    enough = not cell.recipe.noise.is_constant and len(runs.seeds) > FEW_RUNS
    shards = split_seeds(runs.seeds, workers() if enough else 1, len(runs.seeds))
    parts = pool_gather(work, [(shard,) for shard in shards], f"{variant}, {loss}")
    rows = [row for part in parts for row in part]
    rows.sort(key=lambda row: runs.seeds.index(row["seed"]))
    judged = judge(cell, runs, load_truth(params, variant), metrics, rows, floors["trivial"])
    write_json(paths.judged(variant, loss), judged)
    write_json(paths.metrics(variant, loss), summarise_cell(judged))


def judged_rows(
    params: "Params", variant: str, loss: str, metrics: Any, report: Any, seeds: list[int]
) -> list[dict[str, Any]]:
    """In a worker: the rows of some of the cell's runs."""
    cell = params.cell(variant, loss)
    runs = load_runs(paths.runs(variant, loss)).only(seeds)
    return judge_runs(cell, runs, load_truth(params, variant), params.evaluation, metrics)
