"""`ganstudy evaluate VARIANT LOSS`: judge a cell's runs."""

from ganstudy import layout
from ganstudy.evaluation import Truth, judge
from ganstudy.evaluation.judgement import summarise
from ganstudy.params import Params
from ganstudy.results import write_json
from ganstudy.runs import Runs
from ganstudy.sources import Prepared, make_source


def evaluate(params: Params, variant: str, loss: str) -> None:
    """Write reports/runs/VARIANT/LOSS.json and reports/metrics/VARIANT/LOSS.json."""
    cell = params.cell(variant, loss)
    truth = Truth.of(make_source(cell.recipe.source), Prepared.load(layout.prepared(variant)))
    judged = judge(cell, Runs.load(layout.runs(variant, loss)), truth, params.evaluation)
    write_json(layout.judged(variant, loss), judged)
    write_json(layout.metrics(variant, loss), summarise(judged))
