"""From a cell and its seeds to finished runs."""

from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from ganstudy.keeping import FORGETFUL, Keeper, named, part_of
from ganstudy.models import Discriminator, Generator
from ganstudy.params import Cell
from ganstudy.randomness import generator
from ganstudy.runs import Runs
from ganstudy.sources import Prepared, Stream
from ganstudy.training.draws import Draws
from ganstudy.training.game import Game, is_recordable
from ganstudy.training.history import History
from ganstudy.training.lanes import filled
from ganstudy.training.warm_up import warm_up

Progress = Callable[[int, dict[str, float]], None]
"""Told at each point of the curves how many rounds are done and the current losses."""

CHUNK = 4096


def train(
    cell: Cell,
    seeds: Sequence[int],
    data: Prepared,
    stream: Stream,
    device: str = "cpu",
    progress: Progress = lambda rounds, losses: None,
    keeper: Keeper = FORGETFUL,
) -> Runs:
    """Play the cell's game once for each seed, all side by side, to the recipe's end.

    `stream` supplies the real samples of training, `data.held_out` those that the finished discriminator is
    asked about. A run that diverges goes on as NaN and leaves the others as they are. A run's bits are its
    seed's alone, whichever others it is trained with. Training begins where `keeper` left it.
    """
    g = Generator(cell.recipe.noise, cell.recipe.generator, data.shape)
    d = Discriminator(cell.recipe.discriminator, data.shape)
    widths = [*g.network.nonlinear_widths, *d.nonlinear_widths]
    # Gradients are taken where steps are recorded; what is worked out anew has to take them each time.
    mode = torch.inference_mode if is_recordable(cell) else torch.no_grad
    # Runs that diverge are no news to NumPy's user.
    with mode(), np.errstate(all="ignore"):
        runs = _play(cell, filled(seeds, widths), data, stream, torch.device(device), progress, keeper)
    return Runs.join([runs], seeds)


def _play(
    cell: Cell,
    seeds: Sequence[int],
    data: Prepared,
    stream: Stream,
    place: torch.device,
    progress: Progress,
    keeper: Keeper,
) -> Runs:
    recipe, dims = cell.recipe, data.train.shape[1]
    game = Game(cell, data.shape, seeds, place)
    draws = Draws(recipe, game.generator, game.loss, stream, dims, seeds, place)
    history = History(game, seeds, dims, place)
    begun = keeper.load() or {}
    if "game.round" in begun:
        game.restore(part_of(begun, "game"))
        history.restore(part_of(begun, "history"))
        progress(game.round, history.latest)
    tried = part_of(begun, "tried") or None
    if recipe.warm_up and tried is None:
        tried = warm_up(Game(cell, data.shape, seeds, place), draws, seeds, recipe.warm_up, keeper, begun)

    def keep() -> None:
        keeper.save(
            {**named("game", game.state), **named("history", history.state), **named("tried", tried or {})}
        )

    while game.round < recipe.steps:
        block, played = divmod(game.round, draws.block)
        for round_ in islice(draws.rounds(block), played, played + recipe.steps - game.round):
            history.note(game.play(round_))
            if game.round in history.points:
                progress(game.round, history.latest)
            if keeper.is_due:
                keep()
    keep()
    samples = _samples(game, seeds, place)
    return Runs(
        seeds=list(seeds),
        history=_table(history, seeds),
        samples=samples.cpu().numpy(),
        evolution=np.stack(history.evolution, axis=1),
        evolution_steps=history.evolution_steps,
        logits_real=_logits(game, torch.from_numpy(data.held_out).to(place).expand(len(seeds), -1, -1)),
        logits_fake=_logits(game, samples),
        weights={
            f"{network}.{name}": value.cpu().numpy().copy()
            for network, parameters in (
                ("generator", {**game.judged, **game.generator.network.buffers}),
                ("discriminator", {**game.d.parameters, **game.discriminator.network.buffers}),
            )
            for name, value in parameters.items()
        },
        loss={
            "paper": game.loss.paper,
            "at_match": game.loss.at_match._asdict(),
            "brier_of": game.loss.brier_of,
        },
        update="real_then_fake" if game.separate else "joint",
        warm_up=tried,
    )


def _samples(game: Game, seeds: Sequence[int], device: torch.device) -> Tensor:
    """Output of the finished generators for noise they have not met, `[lanes, n, dims]`."""
    n = game.recipe.samples
    drawn = [game.generator.draw_noise(generator(seed, "evaluation", "final"), n) for seed in seeds]
    noise = torch.from_numpy(np.stack(drawn)).to(device)
    return torch.cat([game.generated(part) for part in noise.split(CHUNK, dim=1)], dim=1)


def _logits(game: Game, samples: Tensor) -> np.ndarray:
    """The discriminators' answers to as many whole packs as the samples make, `[lanes, packs]`."""
    pack = game.recipe.discriminator.pack
    packs = samples.shape[1] // pack
    examples = samples[:, : packs * pack].unflatten(1, (packs, pack))
    answers = [game.critic(part) for part in examples.split(max(1, CHUNK // pack), dim=1)]
    return torch.cat(answers, dim=1).cpu().numpy()


def _table(history: History, seeds: Sequence[int]) -> pd.DataFrame:
    values = np.stack(history.rows)
    tables = []
    for lane, seed in enumerate(seeds):
        table = pd.DataFrame(values[:, :, lane], columns=history.columns)
        table.insert(0, "step", history.steps)
        table.insert(0, "seed", seed)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
