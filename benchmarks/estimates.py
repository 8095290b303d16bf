"""What `ganstudy check` estimates durations by: the constants of `pipeline.cost_model`, measured and fitted.

    python benchmarks/estimates.py

A minute or two on one core. Needs the study's prepared data. Trains some cells of the study for a few steps,
on seeds that the study leaves alone, and prints constants and how far off the fit is.
"""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.optimize import nnls

from ganstudy.core.files import read_yaml
from ganstudy.pipeline.cost_model import Work, hidden_widths, training_work
from ganstudy.results import paths
from ganstudy.sources.prepared import Prepared
from ganstudy.study.loading import FILE, parse
from ganstudy.training.capture.padding import padded_replicas
from ganstudy.training.cell import Cell
from ganstudy.training.checkpointer import NULL_CHECKPOINTER
from ganstudy.training.shard import train_shard

FIRST = 1000
STEPS = {"pattern_1010": 1500, "gaussian_2017": 600, "gaussian": 400, "ring": 400, "digits_mlp": 150}
PRETEST = 500
RUNS = [
    *(
        (variant, loss, seeds, 1)
        for variant in STEPS
        for loss in ("mse", "r3gan", "wgan_gp")
        for seeds in (8, 2)
    ),
    *((variant, "hinge", 16, 1) for variant in ("gaussian", "ring", "digits_mlp")),
    *((variant, "minimax", 4, 3) for variant in STEPS),
]
"""Variant, loss, seeds, and how many times the steps."""


def cells() -> Iterator[tuple[Cell, int]]:
    """Each with the number of its seeds."""
    study: Any = read_yaml(FILE.read_text(encoding="utf-8"), str(FILE))
    study["losses"]["hinge"] = {}
    for variant, loss, seeds, times in RUNS:
        recipe = study["variants"][variant]
        recipe["steps"] = times * STEPS[variant]
        if recipe.get("discriminator_pretest"):
            recipe["discriminator_pretest"] = PRETEST
        yield parse(study).cell(variant, loss), seeds


def seconds(cell: Cell, seeds: int) -> float:
    """Of the processor's time: what else the machine does is not counted."""
    data = Prepared.load(paths.prepared(cell.variant))
    started = time.process_time()
    train_shard(cell, list(range(FIRST, FIRST + seeds)), data, "cpu", lambda *said: None, NULL_CHECKPOINTER)
    return time.process_time() - started


def main() -> None:
    known = list(cells())
    seconds(*known[0])  # Imports torch.
    took = np.array([seconds(cell, seeds) for cell, seeds in known])
    work = np.array(
        [
            [1.0, *training_work(cell, padded_replicas(seeds, hidden_widths(cell.recipe)))]
            for cell, seeds in known
        ]
    )
    # Each counts by how far off it is in its own measure.
    constants, _ = nnls(work / took[:, None], np.ones(len(took)))
    for name, constant in zip(("to begin", *Work._fields), constants, strict=True):
        print(f"{name:>16}  {constant:.2g} s")
    off = (work @ constants) / took
    for (cell, seeds), measured, factor in zip(known, took, off, strict=True):
        print(
            f"{cell.variant:>16}  {cell.loss:8} {seeds:3} seeds  {measured:6.2f} s  estimated × {factor:.2f}"
        )
    factors = np.exp(np.abs(np.log(off)))
    print(f"off by a factor of {np.median(factors):.2f} in the middle, {factors.max():.2f} at worst")


if __name__ == "__main__":
    main()
