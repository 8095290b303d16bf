"""A lone discriminator's test before the game: can it tell real samples from noise at all?"""

from collections.abc import Sequence
from itertools import count, islice

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudy.keeping import Keeper, State, named, part_of
from ganstudy.randomness import generator
from ganstudy.training.draws import Draws, Round
from ganstudy.training.game import Game

ANSWERS = 200
PART = "warm_up"


def warm_up(
    game: Game, draws: Draws, seeds: Sequence[int], iterations: int, keeper: Keeper, begun: State
) -> dict[str, NDArray[np.float32]]:
    """Train the game's discriminator on real samples against U(0, 1) noise, then ask it about fresh ones.

    The game is used up by it; training begins where `begun`, what the keeper had, left it. Returns for each
    seed the mean answer D, over 200 batches, to `real` samples and to `noise`.
    """

    def contests() -> "zip[tuple[Round, Tensor]]":
        return zip(
            (round_ for block in count() for round_ in draws.rounds(block)),
            (fake for block in count() for fake in _uniform(block, draws, seeds)),
            strict=False,
        )

    if state := part_of(begun, PART):
        game.restore(state)
    met = contests()
    for round_, fake in islice(met, game.round, iterations):
        game.train_discriminator(fake, round_, 0)
        game.round += 1
        if keeper.is_due:
            keeper.save(named(PART, game.state))
    answers = [
        torch.stack([game.critic(examples).sigmoid() for examples in (round_.real[0], fake)])
        for round_, fake in islice(met, ANSWERS)
    ]
    real, noise = torch.stack(answers).mean(dim=(0, 3)).cpu().numpy()
    return {"real": real, "noise": noise}


def _uniform(block: int, draws: Draws, seeds: Sequence[int]) -> Tensor:
    """Examples of U(0, 1) values, `[rounds, lanes, batch, pack, dims]`."""
    shape = (draws.block, draws.recipe.batch, draws.recipe.discriminator.pack, draws.dims)
    drawn = [generator(seed, "warm_up", block).random(shape, dtype=np.float32) for seed in seeds]
    return torch.from_numpy(np.stack(drawn, axis=1)).to(draws.device)
