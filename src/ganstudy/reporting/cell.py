"""A cell's findings, on a page of MLflow and in the terminal."""

from rich.table import Table
from rich.text import Text

from ganstudy.core.text import number
from ganstudy.reporting.criteria import criteria, criteria_in_words
from ganstudy.reporting.measures import FLOOR, all_told
from ganstudy.reporting.page import fill_template
from ganstudy.results.study_results import CellResult

COLOURS = {
    "matched": "green",
    "undecided": "cyan",
    "off_target": "yellow",
    "collapsed": "red",
    "diverged": "red",
}


def cell_page(result: CellResult) -> str:
    """A cell's findings on a page of HTML: every metric with its floor, and every seed."""
    context = {
        "name": f"{result.cell.variant} · {result.cell.loss}",
        "criteria": criteria_in_words(result),
        "entries": [(measure, measure.entry(result)) for measure in all_told(result)],
        "floor": FLOOR,
        "judged": criteria(result),
        "runs": result.judged["runs"],
    }
    return fill_template("cell.html", context)


def cell_findings(result: CellResult) -> list[Text | Table]:
    """What `rich` is to print: the criteria, every metric with its floor, every seed."""
    table = Table(
        box=None, pad_edge=False, title=f"{result.cell.variant} · {result.cell.loss}", title_justify="left"
    )
    table.add_column("over the seeds")
    table.add_column("", justify="right")
    table.add_column("")
    for measure in all_told(result):
        entry = measure.entry(result)
        table.add_row(
            measure.heading, entry.text, entry.context or entry.reason, style=None if entry.text else "dim"
        )
    judged = criteria(result)
    seeds = Table(box=None, pad_edge=False)
    seeds.add_column("seed", justify="right")
    seeds.add_column("outcome")
    for criterion in judged:
        seeds.add_column(f"{criterion.metric} {criterion.bound}", justify="right")
    for run in result.judged["runs"]:
        outcome = Text(run["outcome"].replace("_", " "), COLOURS[run["outcome"]])
        found = (
            Text(number(criterion.judged(run)), "bold" if criterion.metric in run["failed"] else "")
            for criterion in judged
        )
        seeds.add_row(str(run["seed"]), outcome, *found)
    return [table, Text(), Text(criteria_in_words(result)), Text(), seeds]
