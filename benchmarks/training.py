"""How much faster seeds train together than one after the other: `python benchmarks/training.py [ROW …]`.

Ours is timed whole, from the call to the results in hand, worker processes and their start included. Of the
plain programs one seed is timed over some seconds of iterations, and multiplied. Beside both stands the share
of a step's time that its matrix products alone would take, by PyTorch's own `bmm` as it comes. Prints a
table and writes `benchmarks/training.json`.
"""

import json
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from timeit import repeat
from unittest import mock

import numpy as np
from rich.console import Console
from rich.table import Table

from ganstudy import ARITHMETIC
from ganstudy.core.files import read_yaml
from ganstudy.execution import cell as execution
from ganstudy.execution.environment import replicas, workers
from ganstudy.execution.process_pool import split_seeds
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.loading import parse
from ganstudy.study.params import Params
from ganstudy.training.cell import Cell
from ganstudy.training.shard import train_shard

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).with_suffix(".json")
PATIENCE = 8.0
"""Seconds to time a plain program for."""


@dataclass(frozen=True)
class Work:
    """Something to train: a cell for so many seeds and steps."""

    variant: str
    loss: str
    seeds: int
    steps: int
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

    products: float | None
    """The share of a step that its matrix products would take alone, by a bare `bmm`."""

    @property
    def ratio(self) -> float | None:
        """How many times as fast as the plain loops."""
        return self.plain and self.plain * self.work.steps * self.work.seeds / self.ours


def study() -> Params:
    """The committed study, with the ready recipe for MNIST."""
    settings, ready = (
        read_yaml((ROOT / path).read_text(encoding="utf-8"), path)
        for path in ("params.yaml", "src/ganstudy/cli/new_study/studies/mnist.yaml")
    )
    recipe = ready["variants"]["mnist_mlp"]
    recipe["source"]["split"] = "test"
    settings["variants"]["mnist_mlp"] = recipe
    return parse(settings)


def cell_of(params: Params, work: Work) -> Cell:
    """The work's cell, of its length and without anything before the gan."""
    cell = params.cell(work.variant, work.loss)
    recipe = cell.recipe.model_copy(update={"steps": work.steps, "discriminator_pretest": 0})
    return cell.model_copy(update={"recipe": recipe})


def measure(work: Work) -> Row:
    """Both sides of a row. Ours first: the system tells the peak memory of all children so far."""
    cell = cell_of(study(), work)
    data = Prepared.of(make_source(cell.recipe.source))
    start = perf_counter()
    execution.run(train_shard, cell, range(work.seeds), data)
    ours = perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if not work.has_plain:
        return Row(work, ours, memory, None, None)
    with TemporaryDirectory() as folder:
        path = Path(folder, "data.npy")
        np.save(path, data.train, allow_pickle=False)
        plain = outside("plain.py", work.variant, str(path), str(PATIENCE))
    return Row(work, ours, memory, plain, share_of_products(cell, range(work.seeds), data))


def outside(*command: str) -> float:
    """What a script prints in a process that has none of our settings."""
    environment = {name: value for name, value in os.environ.items() if name not in ARITHMETIC}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=Path(__file__).parent,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout)


def share_of_products(cell: Cell, seeds: Sequence[int], data: Prepared) -> float:
    """Of a step of a worker's shard, one thread each."""
    import torch

    from ganstudy.training.batches import BatchSampler
    from ganstudy.training.capture import captured_step, kernels
    from ganstudy.training.train_step import GanTrainer

    cpu, shard = torch.device("cpu"), split_seeds(seeds, workers(), replicas())[0]
    shapes: list[tuple[torch.Size, ...]] = []

    def noting(operation: object, *of: torch.Size) -> kernels.Kernel | None:
        if operation in (kernels.aten.bmm.default, kernels.aten.baddbmm.default):
            shapes.append(of[-2:])
        return kernels.on_processor(operation, *of)

    with torch.inference_mode(), mock.patch.object(captured_step, "on_processor", noting):
        gan = GanTrainer(cell, data.shape, shard, cpu)
        stream = data.stream(make_source(cell.recipe.source))
        draws = BatchSampler(cell.recipe, gan.generator, gan.loss, stream, data.shape, shard, cpu)
        steps = list(draws.of_block(0))
        gan.train_step(steps[0])
        ours = min(repeat(lambda: gan.train_step(steps[-1]), number=10, repeat=5)) / 10
    return outside("products.py", json.dumps(shapes)) / ours


def table_of(rows: dict[str, Row]) -> Table:
    """As a person reads it."""
    table = Table(
        "work", "seeds", "steps", "ours, s", "ms a seed and 1,000 steps", "MB", "plain, ms", "ratio", "bmm"
    )
    for name, row in rows.items():
        share = row.ours / row.work.seeds / row.work.steps * 1e6
        table.add_row(
            name,
            f"{row.work.seeds}",
            f"{row.work.steps:,}",
            f"{row.ours:.1f}",
            f"{share:.1f}",
            f"{row.memory:.0f}",
            f"{row.plain * 1e3:.2f}" if row.plain else "",
            f"{row.ratio:.1f}" if row.ratio else "",
            f"{row.products:.0%}" if row.products else "",
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
