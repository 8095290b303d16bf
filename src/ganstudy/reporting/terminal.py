"""A cell's findings in the terminal."""

from rich.table import Table
from rich.text import Text

from ganstudy.reporting import notes
from ganstudy.reporting.columns import COLUMNS
from ganstudy.reporting.words import number
from ganstudy.results import CellResult

COLOURS = {"matched": "green", "off_target": "yellow", "collapsed": "red", "diverged": "red"}


def cell_findings(result: CellResult) -> list[Text | Table]:
    """What `rich` is to print: the criteria, every figure beside its floor, every seed."""
    figures = Table(
        box=None, pad_edge=False, title=f"{result.cell.variant} · {result.cell.loss}", title_justify="left"
    )
    figures.add_column("over the seeds")
    figures.add_column("", justify="right")
    figures.add_column("")
    for column in COLUMNS:
        entry = column.entry(result)
        figures.add_row(
            column.heading, entry.text, entry.beside or entry.reason, style=None if entry.text else "dim"
        )
    judged = [name for name, about in result.judged["figures"].items() if about["tolerance"] is not None]
    seeds = Table(box=None, pad_edge=False)
    seeds.add_column("seed", justify="right")
    seeds.add_column("outcome")
    for name in judged:
        seeds.add_column(f"{name} ≤ {number(result.judged['figures'][name]['tolerance'])}", justify="right")
    for run in result.judged["runs"]:
        outcome = Text(run["outcome"].replace("_", " "), COLOURS[run["outcome"]])
        errors = (
            Text(number(run.get(f"{name}_error_bound")), "bold" if name in run["failed"] else "")
            for name in judged
        )
        seeds.add_row(str(run["seed"]), outcome, *errors)
    return [figures, Text(), Text(notes.criteria(result)), Text(), seeds]
