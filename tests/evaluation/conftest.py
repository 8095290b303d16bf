"""Runs made by hand, so that a test knows what should be found in them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ganstudy.evaluation import Truth
from ganstudy.losses import make_loss
from ganstudy.params import Cell
from ganstudy.runs import Runs
from ganstudy.sources import Prepared, make_source


@pytest.fixture(scope="session")
def make_runs() -> Callable[..., Runs]:
    """`make_runs(cell, samples)`: finished runs of the cell that generated `samples`, `[runs, n, dims]`, with
    an undecided discriminator, and whatever should be otherwise."""

    def made(cell: Cell, samples: Any, **changes: Any) -> Runs:
        samples = np.asarray(samples, np.float32)
        n, loss = len(samples), make_loss(cell.settings)
        terms = ("discriminator_real", "discriminator_fake", "discriminator", "penalty", "generator")
        runs = Runs(
            seeds=list(range(n)),
            history=pd.DataFrame({"seed": range(n), "step": 1, **dict.fromkeys(terms, 0.5)}),
            samples=samples,
            evolution=samples[:, None, :1],
            evolution_steps=[1],
            logits_real=np.zeros((n, 4), np.float32),
            logits_fake=np.zeros((n, 4), np.float32),
            weights={"generator.1.weight": np.ones((n, 2, 2), np.float32)},
            loss={
                "paper": loss.paper,
                "at_match": loss.at_match._asdict(),
                "brier_of": loss.brier_of,
            },
            update="joint",
            warm_up=None,
        )
        return replace(runs, **changes)

    return made


@pytest.fixture(scope="session")
def make_truth() -> Callable[[Cell], Truth]:
    """`make_truth(cell)`: what the cell's generators are compared with."""

    def made(cell: Cell) -> Truth:
        source = make_source(cell.recipe.source)
        return Truth.of(source, Prepared.of(source))

    return made
