"""Trainers whose steps a test takes itself."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

import pytest
import torch

from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.batches import Batch, BatchSampler
from ganstudy.training.cell import Cell
from ganstudy.training.train_step import GanTrainer

CPU = torch.device("cpu")


def trainer_of(cell: Cell, seeds: Sequence[int]) -> tuple[GanTrainer, BatchSampler]:
    source = make_source(cell.recipe.source)
    data = Prepared.of(source)
    stream, classes = data.stream(source), len(data.classes)
    gan = GanTrainer(cell, data.shape, seeds, CPU, classes)
    return gan, BatchSampler(cell.recipe, gan.generator, gan.loss, stream, data.shape, seeds, CPU, classes)


def endless(draws: BatchSampler) -> Iterator[Batch]:
    return (batch for block in count() for batch in draws.of_block(block))


@pytest.fixture(scope="session")
def make_trainer() -> Callable[[Cell, Sequence[int]], tuple[GanTrainer, BatchSampler]]:
    """`make_trainer(cell, seeds)`: a gan about to start, and its random numbers."""
    return trainer_of


@pytest.fixture(scope="session")
def steps() -> Callable[[BatchSampler], Iterator[Batch]]:
    """`steps(draws)`: all steps in order, without end."""
    return endless


@pytest.fixture(scope="session")
def lone_draws(make_cell: Callable[..., Cell]) -> Callable[..., BatchSampler]:
    """`lone_draws(loss, seeds, **recipe)`: the random numbers of a small cell."""

    def drawn(loss: str | dict[str, Any], seeds: Sequence[int], **recipe: Any) -> BatchSampler:
        return trainer_of(make_cell(loss, **recipe), seeds)[1]

    return drawn
