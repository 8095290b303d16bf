"""The discriminator pretest: can a discriminator alone tell real samples from noise?"""

from collections.abc import Sequence
from itertools import count, islice

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudy.core.random import generator
from ganstudy.training.batches import Batch, BatchSampler
from ganstudy.training.checkpointer import Checkpointer, State, named, part_of
from ganstudy.training.train_step import GanTrainer

ANSWERS = 200
PART = "pretest"
STREAM = "warm_up"
"""What its random numbers are named after: another name would change every run's bits."""


def pretest(
    gan: GanTrainer,
    batches: BatchSampler,
    seeds: Sequence[int],
    iterations: int,
    checkpointer: Checkpointer,
    begun: State,
) -> dict[str, NDArray[np.float32]]:
    """Train the gan's discriminator on real samples against U(0, 1) noise, then ask it about others.

    It resumes from `begun`, the checkpointer's state. The gan cannot be trained afterwards. Returns for each
    seed the mean answer D, over 200 batches, to `real` samples and to `noise`: `[seeds]` each.
    """

    def pairs() -> "zip[tuple[Batch, Tensor]]":
        return zip(
            (batch for block in count() for batch in batches.of_block(block)),
            (fake for block in count() for fake in _uniform(block, batches, seeds)),
            strict=False,
        )

    if state := part_of(begun, PART):
        gan.restore(state)
    unseen = pairs()
    for batch, fake in islice(unseen, gan.step, iterations):
        gan.train_discriminator(fake, batch, 0)
        gan.step += 1
        if checkpointer.is_due:
            checkpointer.save(named(PART, gan.state))
    answers = [
        torch.stack([gan.critic(of, batch.condition[0]).sigmoid() for of in (batch.real[0], fake)])
        for batch, fake in islice(unseen, ANSWERS)
    ]
    real, noise = torch.stack(answers).mean(dim=(0, 3)).cpu().numpy()
    return {"real": real, "noise": noise}


def _uniform(block: int, batches: BatchSampler, seeds: Sequence[int]) -> Tensor:
    """Examples of U(0, 1) values, `[steps, replicas, batch, pack, *shape]`."""
    shape = (batches.block, batches.recipe.batch, batches.recipe.discriminator.pack, *batches.shape)
    drawn = [generator(seed, STREAM, block).random(shape, dtype=np.float32) for seed in seeds]
    return torch.from_numpy(np.stack(drawn, axis=1)).to(batches.device)
