"""Make the runs of a cell that the store lacks, in this process or in a worker."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Self

from ganstudy.execution.process_pool import Progress
from ganstudy.results.study_results import CellResult, load_cell
from ganstudy.tracking.cell_run import cell_record
from ganstudy.tracking.record import EXPERIMENT, Record
from ganstudy.tracking.seed_run import seed_record
from ganstudy.training.cell import Cell

if TYPE_CHECKING:
    from ganstudy.tracking.store import Store, Stored


class Presentation(NamedTuple):
    """How results are shown to people, which is not for tracking to know."""

    page: Callable[[CellResult], str]
    """A cell's findings as HTML."""
    picture: Callable[[CellResult, int], bytes | None]
    """What the run in a replica of the cell makes, as PNG; None if that cannot be shown."""


@dataclass(frozen=True)
class Wanted:
    """The runs of a cell that the store should hold, by fingerprint."""

    cell: Cell
    fingerprint: str
    seeds: dict[int, str]

    @property
    def all(self) -> list[str]:
        """The cell's and its seeds'."""
        return [self.fingerprint, *self.seeds.values()]


class Times(NamedTuple):
    """When runs are said to have started, in ms. The run list shows the newest first, and a hundred at most:
    so the cells in the order of params.yaml, then the study, then every cell's first seed, second seed, …"""

    opened: int
    cells: int

    @classmethod
    def now(cls, cells: int) -> Self:
        """For a study of so many cells, tracked now."""
        return cls(int(time.time() * 1000), cells)

    def cell(self, i: int) -> int:
        """Of the cell in place `i` of params.yaml, in ms."""
        return self.opened - i

    @property
    def study(self) -> int:
        """The study's, in ms."""
        return self.opened - self.cells

    def seed(self, replica: int) -> int:
        """Of the seed in that replica, in ms."""
        return self.study - 1 - replica


def keep_cell(
    experiment: str,
    shown: Presentation,
    tags: Mapping[str, str],
    times: Times,
    report: Progress,
    place: int,
    wanted: Wanted,
) -> None:
    """Make what the experiment lacks of the cell, the one in that place among the study's. `report` is told
    of each run. UserError if the store cannot be used."""
    # Here, since importing MLflow takes seconds.
    from ganstudy.tracking.store import Store

    store, result = Store(experiment), load_cell(wanted.cell)
    cell = wanted.cell
    # Somebody else may have made some of them since.
    held = {run.fingerprint: run for run in store.runs(variant=cell.variant, loss=cell.loss) if run.finished}

    def keep(print_: str, make: Callable[[], Record], started: int) -> "Stored | None":
        if print_ in held:
            return held[print_]
        made = add(store, make(), tags, started)
        report(1, {})
        return made

    def of_cell() -> Record:
        return cell_record(result, wanted.fingerprint, shown.page(result))

    def of_seed(replica: int, print_: str, parent: str) -> Record:
        return seed_record(result, replica, print_, parent, shown.picture(result, replica))

    # Without it the others have nowhere to lie, and the next look will find the other's.
    if parent := keep(wanted.fingerprint, of_cell, times.cell(place)):
        for replica, print_ in enumerate(wanted.seeds.values()):
            keep(print_, partial(of_seed, replica, print_, parent.id), times.seed(replica))


def add(store: "Store", record: Record, tags: Mapping[str, str], started: int) -> "Stored | None":
    """Make the run, with these tags besides its own; None if somebody else finished it first."""
    from ganstudy.tracking.store import OvertakenError

    name = f"{record.name} ({tags[EXPERIMENT]})" if EXPERIMENT in tags else record.name
    try:
        return store.add(replace(record, name=name, tags={**record.tags, **tags}), started)
    except OvertakenError:
        return None
