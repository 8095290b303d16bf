"""Bring the store to where the study is."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ganstudy.results import CellResult, Results
from ganstudy.tracking.cell_run import cell_fingerprint, cell_record, figure_files, figure_fingerprint
from ganstudy.tracking.progress import mirroring_progress
from ganstudy.tracking.record import FIGURES, PARENT, SUPERSEDED, Record
from ganstudy.tracking.seed_run import seed_fingerprints, seed_record

if TYPE_CHECKING:
    from ganstudy.tracking.store import Store, Stored

DESCRIPTION = """\
A mirror of the study's files, kept by `ganstudy track`.

A run whose tag `level` is `cell` is a variant trained with a loss: `final/…` are interquartile means over its
seeds, `curve/…` the same over training; `target/…`, `floor/…` and `tolerance/…` say what to aim at, what a
perfect sampler would score, and how far off still counts as matched. Below it lies one run for each seed.
What a later result has replaced is kept, with the tag `superseded` set to `true`.
"""


def mirror(results: Results) -> dict[str, Any]:
    """Make the store hold the study, adding only what is missing; what it then holds, by fingerprint.

    UserError if the store cannot be used. What is there by then stays, and the next call goes on from it.
    """
    # Here, since importing MLflow takes seconds.
    from ganstudy.tracking.store import Store

    store = Store.open(results.params.study.name, DESCRIPTION)
    cells: dict[str, dict[str, str]] = {variant: {} for variant in results.params.variants}
    with mirroring_progress(len(results.cells) * (1 + len(results.params.seeds))) as progress:
        image = _Image(store, progress)
        # The run list shows the newest first: made from last to first, it reads as params.yaml does.
        for result in reversed(results.cells):
            # A copy of its own, whose arrays go when it does.
            cells[result.cell.variant][result.cell.loss] = image.keep_cell(replace(result))
        image.supersede_the_rest()
    return {"experiment": results.params.study.name, "cells": cells}


class _Image:
    """The runs in the store, some of them found to be the study's."""

    def __init__(self, store: "Store", progress: Callable[[bool], None]) -> None:
        self._store, self._progress = store, progress
        self._held = store.finished()
        self._current: set[str] = set()

    def keep_cell(self, result: CellResult) -> str:
        """Make what is missing of the cell's runs; the cell's fingerprint."""
        seeds = seed_fingerprints(result)
        own = cell_fingerprint(result, seeds)
        parent = self._keep(own, partial(cell_record, result, own))
        figures = figure_files(result)
        if parent.tags.get(FIGURES) != (drawn := figure_fingerprint(figures)):
            self._store.add_files(parent.id, figures)
            self._store.set_tag(parent, FIGURES, drawn)
        for lane, print_ in reversed(list(enumerate(seeds.values()))):
            run = self._keep(print_, partial(seed_record, result, lane, print_, parent.id))
            # A seed's run stays what it was when only others of its cell are new.
            self._store.set_tag(run, PARENT, parent.id)
        return own

    def supersede_the_rest(self) -> None:
        """Tell what the study holds no longer from what it holds, or holds again."""
        for print_, run in self._held.items():
            self._store.set_tag(run, SUPERSEDED, "false" if print_ in self._current else "true")

    def _keep(self, print_: str, make: Callable[[], Record]) -> "Stored":
        missing = print_ not in self._held
        if missing:
            self._held[print_] = self._store.add(make())
        self._current.add(print_)
        self._progress(missing)
        return self._held[print_]
