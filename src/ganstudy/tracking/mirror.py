"""Bring the store to where the study is.

On a server nothing is locked and nobody waits: look at what the store holds, make what is missing, put
right what is not as it should be, and look again, until there is nothing to do. Of several runs with the
same fingerprint the one with the least id stays, whoever made it. Whoever acts last also looks last, and
finds the store as it should be: so it ends well however many mirror at once, and wherever any of them was
interrupted. Who mirrors other results under the same name meanwhile sees some tags otherwise; each says so
once, and the next call puts right what is left of that.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganstudy.core.colours import colours
from ganstudy.execution.environment import workers
from ganstudy.execution.process_pool import pool_map
from ganstudy.results.study_results import CellResult, Results
from ganstudy.tracking.cell_run import cell_drawn, cell_fingerprint, cell_name, comparable_figures
from ganstudy.tracking.curves import telling_columns
from ganstudy.tracking.fingerprint import file_fingerprint
from ganstudy.tracking.making import Presentation, Times, Wanted, add, keep_cell
from ganstudy.tracking.origin import Origin
from ganstudy.tracking.progress import mirroring_progress
from ganstudy.tracking.record import COLOUR, DRAWN, EXPERIMENT, NOTE, PARENT, SUPERSEDED
from ganstudy.tracking.seed_run import seed_fingerprints
from ganstudy.tracking.study_run import study_drawn, study_fingerprint, study_record
from ganstudy.tracking.views import OURS, Comparable, description, study_views

if TYPE_CHECKING:
    from ganstudy.tracking.store import Store, Stored

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
    # Here, since importing MLflow takes seconds.
    from ganstudy.tracking.store import Store, alone

    with alone():
        store = Store.open(results.params.study.name)
        image = _Image(store, results, shown)
        image.dress(image.complete())
    return image.summary


class _Image:
    """The study in the store."""

    def __init__(self, store: "Store", results: Results, shown: Presentation) -> None:
        self._store, self._results, self._shown = store, results, shown
        self._origin = Origin.here()
        self._curves: dict[str, list[str]] = {name: [] for name in results.params.variants}
        self._cells = [self._wanted(replace(result)) for result in results.cells]
        self._study = study_fingerprint(results, [cell.fingerprint for cell in self._cells])
        self._said: set[tuple[str, str, str]] = set()
        """Tags that were wrong: the run's id, the key, the value."""

    def _wanted(self, result: CellResult) -> Wanted:
        # A copy of its own, whose arrays go when it does.
        seeds = seed_fingerprints(result)
        known = self._curves[result.cell.variant]
        known += [name for name in telling_columns(result.runs.history) if name not in known]
        return Wanted(result.cell, cell_fingerprint(result, seeds), seeds)

    @property
    def summary(self) -> dict[str, Any]:
        """What track writes to its file."""
        cells: dict[str, dict[str, str]] = defaultdict(dict)
        for wanted in self._cells:
            cells[wanted.cell.variant][wanted.cell.loss] = wanted.fingerprint
        return {"experiment": self._results.params.study.name, "cells": dict(cells), "study": self._study}

    @property
    def _all(self) -> set[str]:
        return {self._study, *(print_ for cell in self._cells for print_ in cell.all)}

    def _describe(self, study: str) -> None:
        """Say what the experiment holds, and lay out the views of it. `study` is the study's run, by id."""
        results, store = self._results, self._store
        views = study_views(
            {
                name: Comparable(curves, comparable_figures(results.of_variant(name)[0]))
                for name, curves in self._curves.items()
            },
            longest=max(len(cell_name(wanted.cell)) for wanted in self._cells),
        )
        created = store.created
        tags = {view.tag: view.value(created - i) for i, view in enumerate(views)}
        tags[NOTE] = description(views, results.params, store.experiment, study)
        tags["mlflow.experimentKind"] = "custom_model_development"
        store.tag_experiment(tags, OURS)

    def complete(self) -> "_Held":
        """Until there is nothing to do, look and act."""
        held = self._held()
        missing = self._all - held.finished.keys()
        with mirroring_progress(len(self._all), len(missing)) as progress:
            while self._make(held, progress) or self._put_right(held):
                held = self._held()
        return held

    def dress(self, held: "_Held") -> None:
        """Give the experiment and its cells the study's looks, which one of DVC's copies leaves as they are.
        It is done once: who mirrors another study beside us, with the same cells, may want others."""
        # Here, since importing MLflow takes seconds.
        from ganstudy.tracking.store import OvertakenError

        if self._origin.is_copy:
            return
        colour = colours(list(self._results.params.losses))
        for wanted in self._cells:
            # Whoever put another run in its place gives that one its colour.
            with suppress(OvertakenError):
                self._store.set_tag(held.finished[wanted.fingerprint], COLOUR, colour[wanted.cell.loss])
        self._describe(held.finished[self._study].id)

    def _held(self) -> "_Held":
        return _Held(self._store.runs())

    def _make(self, held: "_Held", progress: Callable[[int], None]) -> bool:
        """What is missing. Whether anything was."""
        missing = self._all - held.finished.keys()
        times = Times.now(len(self._cells))
        jobs = [(i, wanted) for i, wanted in enumerate(self._cells) if not missing.isdisjoint(wanted.all)]
        # Who mirrors beside us most likely begins elsewhere, and each finds more and more done.
        first = random.randrange(len(jobs)) if jobs else 0
        jobs = jobs[first:] + jobs[:first]
        work = partial(keep_cell, self._store.experiment, self._shown, self._origin.tags, times)
        if len(missing) > RUNS_ALONE and len(jobs) > 1 and (most := min(MOST_WORKERS, workers())) > 1:
            for _ in pool_map(work, jobs, most, "track", lambda made, _: progress(made)):
                pass
        else:
            for job in jobs:
                work(lambda made, _: progress(made), *job)
        if self._study in missing:
            record = study_record(self._results, self._study)
            progress(add(self._store, record, self._origin.tags, times.study) is not None)
        return bool(missing)

    def _put_right(self, held: "_Held") -> bool:
        """Remove what is there twice or half, and tell what the study holds from what it held. Whether
        anything had to be."""
        # Here, since importing MLflow takes seconds.
        from ganstudy.tracking.store import OvertakenError

        try:
            return self._mended(held)
        except OvertakenError:
            return True

    def _mended(self, held: "_Held") -> bool:
        store, finished = self._store, held.finished
        changed = [store.remove(run) for run in held.superfluous(self._all)]
        done = len(changed) > 0
        pictures = {name: cell_drawn(name) for name in self._results.params.variants}
        digests = {name: file_fingerprint(files) for name, files in pictures.items()}
        for wanted in self._cells:
            parent, variant = finished[wanted.fingerprint], wanted.cell.variant
            done |= self._redraw(parent, pictures[variant], digests[variant])
            for print_ in wanted.seeds.values():
                # A seed's run stays what it was when only others of its cell are new.
                done |= self._say(finished[print_], PARENT, parent.id)
        page = study_drawn()
        done |= self._redraw(finished[self._study], page, file_fingerprint(page))
        for print_, run in finished.items():
            # What another experiment of DVC's found is for that one to call superseded.
            if print_ in self._all or run.tags.get(EXPERIMENT) == self._origin.experiment:
                done |= self._say(run, SUPERSEDED, "false" if print_ in self._all else "true")
        return done

    def _redraw(self, run: "Stored", files: Mapping[str, Path], digest: str) -> bool:
        if self._is_said(run, DRAWN, digest):
            return False
        self._store.add_files(run, files)
        return self._say(run, DRAWN, digest)

    def _say(self, run: "Stored", key: str, value: str) -> bool:
        """Give the run this tag. Whether it had another, and we had not said so before."""
        if self._is_said(run, key, value):
            return False
        self._store.set_tag(run, key, value)
        self._said.add((run.id, key, value))
        return True

    def _is_said(self, run: "Stored", key: str, value: str) -> bool:
        return run.tags.get(key) == value or (run.id, key, value) in self._said


class _Held:
    """The runs in the store at one look."""

    def __init__(self, runs: Iterable["Stored"]) -> None:
        self._all = sorted(runs, key=lambda run: run.id)
        self.finished: dict[str, Stored] = {}
        """By fingerprint. Of several the one with the least id, as everybody chooses."""
        for run in self._all:
            if run.finished:
                self.finished.setdefault(run.fingerprint, run)

    def superfluous(self, wanted: set[str]) -> list["Stored"]:
        """What has a better duplicate; and what was begun long ago, is not finished, and is wanted no
        longer."""
        from ganstudy.tracking.store import now

        return [
            run
            for run in self._all
            if self.finished.get(run.fingerprint, run) is not run
            or (not run.finished and run.fingerprint not in wanted and run.started < now() - ABANDONED)
        ]
