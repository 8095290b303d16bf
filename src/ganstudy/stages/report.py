"""`ganstudy report`: pictures, tables of curves, and pages."""

from ganstudy.params import Params
from ganstudy.reporting import render
from ganstudy.results import Results


def report(params: Params) -> None:
    """Write reports/curves, reports/figures, reports/index.html and reports/summary.md."""
    render(Results.load(params))
