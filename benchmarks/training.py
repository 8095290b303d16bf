"""How much faster seeds train together than one after the other: `python benchmarks/training.py [ROW …]`.

Ours is timed whole, from the call to the results in hand, worker processes and their start included. Of the
plain programs one seed is timed over some seconds of iterations, and multiplied. Prints a table and writes
`benchmarks/training.json`.
"""

import json
import os
import platform
import resource
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML

from ganstudy import ARITHMETIC, execution
from ganstudy.execution.environment import workers
from ganstudy.params import Cell, Params, parse
from ganstudy.sources import Prepared, make_source

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).with_suffix(".json")
PATIENCE = 8.0
"""Seconds to time a plain program for."""


@dataclass(frozen=True)
class Work:
    """Something to train: a cell for so many seeds and rounds."""

    variant: str
    loss: str
    seeds: int
    rounds: int
    has_plain: bool = True


WORK = {
    "pattern_1010": Work("pattern_1010", "mse", 100, 10_000),
    "gaussian_2017": Work("gaussian_2017", "non_saturating", 16, 30_000),
    "digits_mlp": Work("digits_mlp", "smoothed", 16, 2_000),
    "mnist_mlp": Work("mnist_mlp", "smoothed", 4, 500),
    "pattern_1010, few": Work("pattern_1010", "mse", 16, 10_000, has_plain=False),
    "pattern_1010, many": Work("pattern_1010", "mse", 256, 10_000, has_plain=False),
    "gaussian_2017, few": Work("gaussian_2017", "non_saturating", 16, 5_000, has_plain=False),
    "gaussian_2017, many": Work("gaussian_2017", "non_saturating", 256, 5_000, has_plain=False),
}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    work: Work
    ours: float
    """Seconds, all seeds."""
    memory: float
    """Of the largest worker at its peak, MB."""
    plain: float | None
    """Seconds an iteration, one seed."""

    @property
    def ratio(self) -> float | None:
        """How many times as fast as the plain loops."""
        return self.plain and self.plain * self.work.rounds * self.work.seeds / self.ours


def study() -> Params:
    """The committed study, with the catalogue's recipe for MNIST."""
    settings, catalogue = (
        YAML(typ="safe").load(ROOT / path) for path in ("params.yaml", "src/ganstudy/catalogue.yaml")
    )
    recipe = catalogue["variants"]["mnist_mlp"]
    recipe["source"]["split"] = "test"
    settings["variants"]["mnist_mlp"] = recipe
    return parse(settings)


def cell_of(params: Params, work: Work) -> Cell:
    """The work's cell, of its length and without anything before the game."""
    cell = params.cell(work.variant, work.loss)
    recipe = cell.recipe.model_copy(update={"steps": work.rounds, "warm_up": 0})
    return cell.model_copy(update={"recipe": recipe})


def measure(work: Work) -> Row:
    """Both sides of a row. Ours first: the system tells the peak memory of all children so far."""
    cell = cell_of(study(), work)
    data = Prepared.of(make_source(cell.recipe.source))
    start = perf_counter()
    execution.run(cell, range(work.seeds), data)
    ours = perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Row(work, ours, memory, time_plain(work, data) if work.has_plain else None)


def time_plain(work: Work, data: Prepared) -> float:
    """Seconds an iteration, in a process that has none of our settings."""
    environment = {name: value for name, value in os.environ.items() if name not in ARITHMETIC}
    with TemporaryDirectory() as folder:
        path = Path(folder, "data.npy")
        np.save(path, data.train, allow_pickle=False)
        command = [sys.executable, "plain.py", work.variant, str(path), str(PATIENCE)]
        done = subprocess.run(
            command, cwd=Path(__file__).parent, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    return float(done.stdout)


def table_of(rows: dict[str, Row]) -> Table:
    """As a person reads it."""
    table = Table(
        "work", "seeds", "rounds", "ours, s", "ms a seed and 1,000 rounds", "MB", "plain, ms", "ratio"
    )
    for name, row in rows.items():
        share = row.ours / row.work.seeds / row.work.rounds * 1e6
        table.add_row(
            name,
            f"{row.work.seeds}",
            f"{row.work.rounds:,}",
            f"{row.ours:.1f}",
            f"{share:.1f}",
            f"{row.memory:.0f}",
            f"{row.plain * 1e3:.2f}" if row.plain else "",
            f"{row.ratio:.1f}" if row.ratio else "",
        )
    return table


def processor() -> str:
    """Its name, as Linux knows it."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def main() -> None:
    names = sys.argv[1:] or list(WORK)
    rows: dict[str, Row] = {}
    for name in names:
        # A process a row, so that a row's memory is its own.
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            rows[name] = pool.submit(measure, WORK[name]).result()
        Console(stderr=True).print(f"{name}: {rows[name].ours:.1f} s")
    Console(width=120).print(table_of(rows))
    result = {
        "processor": processor(),
        "workers": workers(),
        "rows": {name: {**asdict(row), "ratio": row.ratio} for name, row in rows.items()},
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
