"""Games to be played by hand."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

import pytest
import torch

from ganstudy.params import Cell
from ganstudy.sources import Prepared, Stream, make_source
from ganstudy.training.draws import Draws, Round
from ganstudy.training.game import Game

CPU = torch.device("cpu")


def stream_of(cell: Cell) -> tuple[Stream, int]:
    """The cell's real samples, and how many values each has."""
    source = make_source(cell.recipe.source)
    data = Prepared.of(source)
    return data.stream(source), data.train.shape[1]


def game_of(cell: Cell, seeds: Sequence[int]) -> tuple[Game, Draws]:
    stream, dims = stream_of(cell)
    game = Game(cell, (dims,), seeds, CPU)
    return game, Draws(cell.recipe, game.generator, game.loss, stream, dims, seeds, CPU)


def endless(draws: Draws) -> Iterator[Round]:
    return (round_ for block in count() for round_ in draws.rounds(block))


@pytest.fixture(scope="session")
def make_game() -> Callable[[Cell, Sequence[int]], tuple[Game, Draws]]:
    """`make_game(cell, seeds)`: a game about to start, and its random numbers."""
    return game_of


@pytest.fixture(scope="session")
def rounds() -> Callable[[Draws], Iterator[Round]]:
    """`rounds(draws)`: all rounds in order, without end."""
    return endless


@pytest.fixture(scope="session")
def make_stream() -> Callable[[Cell], tuple[Stream, int]]:
    """`make_stream(cell)`: the cell's real samples, and how many values each has."""
    return stream_of


@pytest.fixture(scope="session")
def lone_draws(make_cell: Callable[..., Cell]) -> Callable[..., Draws]:
    """`lone_draws(loss, seeds, **recipe)`: the random numbers of a small cell."""

    def drawn(loss: str | dict[str, Any], seeds: Sequence[int], **recipe: Any) -> Draws:
        return game_of(make_cell(loss, **recipe), seeds)[1]

    return drawn
