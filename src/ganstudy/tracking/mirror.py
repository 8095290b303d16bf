"""Bring the store to where the study is.

On a server nothing is locked and nobody waits: look at what the store holds, make what is missing, put
right what is not as it should be, and look again, until there is nothing to do. Of several runs with the
same fingerprint the one with the least id stays, whoever made it. Whoever acts last also looks last, and
finds the store as it should be: so it ends well however many mirror at once, and wherever any of them was
interrupted. Who mirrors other results under the same name meanwhile sees some tags otherwise; each says so
once, and the next call puts right what is left of that.
"""

import random
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TimeRemainingColumn

from ganstudy.core.colours import colours
from ganstudy.execution import process_pool
from ganstudy.execution.environment import workers
from ganstudy.results.study_results import Results
from ganstudy.tracking.address import home
from ganstudy.tracking.cell_run import cell_drawn, cell_name, comparable_metrics
from ganstudy.tracking.making import Presentation, Wanted, keep_cell
from ganstudy.tracking.record import (
    COLOUR,
    DRAWN,
    EXPERIMENT,
    NOTE,
    PARENT,
    SUPERSEDED,
    file_fingerprint,
    origin_tags,
)
from ganstudy.tracking.store import Store, Stored, alone, now
from ganstudy.tracking.study_run import study_drawn, study_fingerprint, study_record
from ganstudy.tracking.views import OURS, Comparable, description, study_views

RUNS_ALONE = 40
"""So many runs are made before a worker process could start."""
MOST_WORKERS = 4
"""So many workers at once: a file has room for one writer, and a server has others to serve."""
ABANDONED = 3_600_000
"""After so many ms an unfinished run that nobody wants is nobody's work any more."""


def mirror(results: Results, shown: Presentation) -> dict[str, Any]:
    """Make the store hold the study, adding only what is missing; what it then holds, by fingerprint.

    UserError if the store cannot be used. What is there by then stays, and the next call goes on from it.
    """
    with alone():
        image = _Image(Store.open(results.params.study.name), results, shown)
        image.complete()
        # One of DVC's copies leaves the main checkout's looks as they are.
        if home() == Path.cwd():
            image.dress()
    return image.summary


class _Image:
    """The study in the store."""

    def __init__(self, store: Store, results: Results, shown: Presentation) -> None:
        self._store, self._results, self._shown = store, results, shown
        self._tags = origin_tags()
        # Of copies, whose arrays go when they do.
        self._cells = [Wanted.of(replace(result)) for result in results.cells]
        self._study = study_fingerprint(results, [cell.fingerprint for cell in self._cells])
        self._wanted = {self._study, *(print_ for cell in self._cells for print_ in cell.all)}
        self._said: set[tuple[str, str, str]] = set()
        """Tags that were wrong: the run's id, the key, the value."""
        self._look()

    def _look(self) -> None:
        self._held = sorted(self._store.runs(), key=lambda run: run.id)
        # Of several with the same fingerprint the one with the least id, as everybody chooses.
        self._finished = {run.fingerprint: run for run in reversed(self._held) if run.finished}

    @property
    def summary(self) -> dict[str, Any]:
        """What track writes to its file."""
        cells: dict[str, dict[str, str]] = {name: {} for name in self._results.params.variants}
        for wanted in self._cells:
            cells[wanted.cell.variant][wanted.cell.loss] = wanted.fingerprint
        return {"experiment": self._results.params.study.name, "cells": cells, "study": self._study}

    def complete(self) -> None:
        """Until there is nothing to do, look and act."""
        runs, there, made = len(self._wanted), len(self._wanted & self._finished.keys()), 0
        bar = Progress(
            "MLflow",
            BarColumn(),
            "{task.completed} of {task.total} runs, {task.fields[made]} of them new",
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )

        def progress(more: int, _: Mapping[str, float]) -> None:
            nonlocal made
            made += more
            bar.update(task, completed=min(runs, there + made), made=made)

        with bar:
            task = bar.add_task("", total=runs, completed=there, made=0)
            while self._make(progress) or self._put_right():
                self._look()

    def _make(self, progress: process_pool.Progress) -> bool:
        """What is missing. Whether anything was."""
        missing = self._wanted - self._finished.keys()
        # The run list shows the newest first, and a hundred at most: so the cells in the order of
        # params.yaml, then the study, then every cell's first seed, second seed, …
        opened = now()
        study_started = opened - len(self._cells)
        jobs = [
            (wanted, opened - i) for i, wanted in enumerate(self._cells) if not missing.isdisjoint(wanted.all)
        ]
        # Who mirrors beside us most likely begins elsewhere, and each finds more and more done.
        first = random.randrange(len(jobs)) if jobs else 0
        jobs = jobs[first:] + jobs[:first]
        work = partial(keep_cell, self._store.experiment, self._shown, self._tags, study_started)
        if len(missing) > RUNS_ALONE and len(jobs) > 1 and (most := min(MOST_WORKERS, workers())) > 1:
            for _ in process_pool.pool_map(work, jobs, most, "track", progress):
                pass
        else:
            for job in jobs:
                work(progress, *job)
        if self._study in missing:
            self._store.add(study_record(self._results, self._study), self._tags, study_started)
            progress(1, {})
        return bool(missing)

    def _put_right(self) -> bool:
        """Remove what is there twice or half, and tell what the study holds from what it held. Whether
        anything had to be."""
        done = False
        for run in self._held:
            abandoned = not run.finished and run.started < now() - ABANDONED
            if abandoned or self._finished.get(run.fingerprint, run) is not run:
                self._store.remove(run)
                done = True
        for wanted in self._cells:
            parent = self._finished[wanted.fingerprint]
            drawn = cell_drawn(wanted.cell.variant)
            done |= self._say(parent, DRAWN, file_fingerprint(drawn), drawn)
            for print_ in wanted.seeds.values():
                # A seed's run stays what it was when only others of its cell are new.
                done |= self._say(self._finished[print_], PARENT, parent.id)
        drawn = study_drawn()
        done |= self._say(self._finished[self._study], DRAWN, file_fingerprint(drawn), drawn)
        for print_, run in self._finished.items():
            # What another experiment of DVC's found is for that one to call superseded.
            if print_ in self._wanted or run.tags.get(EXPERIMENT) == self._tags.get(EXPERIMENT):
                done |= self._say(run, SUPERSEDED, "false" if print_ in self._wanted else "true")
        return done

    def _say(self, run: Stored, key: str, value: str, files: Mapping[str, Path] | None = None) -> bool:
        """Give the run this tag, after the files that it is about. Whether it had another, and we had not
        said so before."""
        if run.tags.get(key) == value or (run.id, key, value) in self._said:
            return False
        self._store.set_tag(run, key, value, files)
        self._said.add((run.id, key, value))
        return True

    def dress(self) -> None:
        """Give the experiment and its cells the study's looks. It is done once: who mirrors another study
        beside us, with the same cells, may want others."""
        params, store = self._results.params, self._store
        colour = colours(list(params.losses))
        for wanted in self._cells:
            # Whoever put another run in its place gives that one its colour.
            store.set_tag(self._finished[wanted.fingerprint], COLOUR, colour[wanted.cell.loss])
        views = study_views({name: self._comparable(name) for name in params.variants})
        created, longest = store.created, max(len(cell_name(wanted.cell)) for wanted in self._cells)
        tags = {view.tag: view.value(created - i, longest) for i, view in enumerate(views)}
        tags[NOTE] = description(views, params, store.experiment, self._finished[self._study].id)
        tags["mlflow.experimentKind"] = "custom_model_development"
        store.tag_experiment(tags, OURS)

    def _comparable(self, variant: str) -> Comparable:
        cells = [wanted for wanted in self._cells if wanted.cell.variant == variant]
        curves = dict.fromkeys(name for wanted in cells for name in wanted.curves)
        return Comparable(list(curves), comparable_metrics(self._results.of_variant(variant)[0]))
