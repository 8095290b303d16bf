"""Make the runs of a cell that the store lacks, in this process or in a worker."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Self

from ganstudy.execution.process_pool import Progress
from ganstudy.results.study_results import CellResult, load_cell
from ganstudy.tracking.cell_run import cell_fingerprint, cell_record
from ganstudy.tracking.curves import telling_columns
from ganstudy.tracking.seed_run import seed_fingerprints, seed_record
from ganstudy.tracking.store import Store
from ganstudy.training.cell import Cell


class Presentation(NamedTuple):
    """How results are shown to people, which is not for tracking to know."""

    page: Callable[[CellResult], str]
    """A cell's findings as HTML."""
    picture: Callable[[CellResult, int], bytes | None]
    """What the run in a replica of the cell makes, as PNG; None if that cannot be shown."""


class Wanted(NamedTuple):
    """The runs of a cell that the store should hold, by fingerprint."""

    cell: Cell
    fingerprint: str
    seeds: dict[int, str]
    curves: list[str]
    """The columns of its histories that say something."""

    @classmethod
    def of(cls, result: CellResult) -> Self:
        """Those of a finished cell."""
        seeds = seed_fingerprints(result)
        curves = telling_columns(result.runs.history)
        return cls(result.cell, cell_fingerprint(result, seeds), seeds, curves)

    @property
    def all(self) -> list[str]:
        """The cell's and its seeds'."""
        return [self.fingerprint, *self.seeds.values()]


def keep_cell(
    experiment: str,
    shown: Presentation,
    tags: Mapping[str, str],
    study_started: int,
    report: Progress,
    wanted: Wanted,
    started: int,
) -> None:
    """Make what the experiment lacks of the cell, each run with these tags besides its own. `report` is told
    of each. The cell is said to have started at `started`, in ms, and its seeds before the study, the first
    one last. UserError if the store cannot be used."""
    store, cell = Store(experiment), wanted.cell
    result = load_cell(cell)
    # Somebody else may have made some of them since.
    held = {run.fingerprint: run for run in store.runs(variant=cell.variant, loss=cell.loss) if run.finished}
    parent = held.get(wanted.fingerprint)
    if parent is None:
        record = cell_record(result, wanted.fingerprint, shown.page(result))
        parent = store.add(record, tags, started)
        report(1, {})
    if parent is None:
        # Without it the others have nowhere to lie, and the next look will find the other's.
        return
    for replica, print_ in enumerate(wanted.seeds.values()):
        if print_ not in held:
            record = seed_record(result, replica, print_, parent.id, shown.picture(result, replica))
            store.add(record, tags, study_started - 1 - replica)
            report(1, {})
