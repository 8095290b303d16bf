"""`ganstudy report`: pictures, tables of curves, and pages."""

from ganstudy.reporting.render import render
from ganstudy.results.study_results import Results
from ganstudy.study.params import Params


def report(params: Params) -> None:
    """Write reports/curves, reports/figures, reports/index.html and reports/summary.md."""
    render(Results.load(params))
