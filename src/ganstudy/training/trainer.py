"""From a cell and its seeds to finished runs."""

from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from ganstudy.core.random import generator
from ganstudy.networks.discriminator import Discriminator
from ganstudy.networks.generator import Generator
from ganstudy.networks.registry import can_be_captured
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.stream import Stream
from ganstudy.training.batches import BatchSampler
from ganstudy.training.capture.padding import padded_seeds
from ganstudy.training.cell import Cell
from ganstudy.training.checkpointer import NULL_CHECKPOINTER, Checkpointer, named, part_of
from ganstudy.training.discriminator_pretest import pretest
from ganstudy.training.history import History
from ganstudy.training.runs import Runs
from ganstudy.training.train_step import GanTrainer

PointProgress = Callable[[int, dict[str, float]], None]
"""Told at each point of the curves how many steps are done and the current losses."""

CHUNK = 4096


def train(
    cell: Cell,
    seeds: Sequence[int],
    data: Prepared,
    stream: Stream,
    device: str = "cpu",
    progress: PointProgress = lambda steps, losses: None,
    checkpointer: Checkpointer = NULL_CHECKPOINTER,
) -> Runs:
    """Train the cell's gan once for each seed, all side by side, to the recipe's end.

    `stream` supplies the real samples of training, `data.held_out` those that the finished discriminator is
    asked about. A run that diverges goes on as NaN and leaves the others as they are. A run's bits are its
    seed's alone, whichever others it is trained with. Training begins where `checkpointer` left it.
    """
    g = Generator(cell.recipe.noise, cell.recipe.generator, data.shape, len(data.classes))
    d = Discriminator(cell.recipe.discriminator, data.shape, len(data.classes))
    widths = [*g.network.nonlinear_widths, *d.network.nonlinear_widths]
    captured = can_be_captured(cell.recipe.generator, cell.recipe.discriminator)
    # Gradients are taken where steps are recorded; what is worked out anew has to take them each time.
    mode = torch.inference_mode if captured else torch.no_grad
    # Runs that diverge are no news to NumPy's user.
    with mode(), np.errstate(all="ignore"):
        runs = _train(
            cell, padded_seeds(seeds, widths), data, stream, torch.device(device), progress, checkpointer
        )
    return Runs.join([runs], seeds)


def _train(
    cell: Cell,
    seeds: Sequence[int],
    data: Prepared,
    stream: Stream,
    place: torch.device,
    progress: PointProgress,
    checkpointer: Checkpointer,
) -> Runs:
    recipe = cell.recipe
    classes = len(data.classes)
    gan = GanTrainer(cell, data.shape, seeds, place, classes)
    batches = BatchSampler(recipe, gan.generator, gan.loss, stream, data.shape, seeds, place, classes)
    history = History(gan, seeds, data, place)
    begun = checkpointer.load() or {}
    if "gan.step" in begun:
        gan.restore(part_of(begun, "gan"))
        history.restore(part_of(begun, "history"))
        progress(gan.step, history.latest)
    tried = part_of(begun, "tried") or None
    if recipe.discriminator_pretest and tried is None:
        tried = pretest(
            GanTrainer(cell, data.shape, seeds, place, classes),
            batches,
            seeds,
            recipe.discriminator_pretest,
            checkpointer,
            begun,
        )

    def keep() -> None:
        checkpointer.save(
            {**named("gan", gan.state), **named("history", history.state), **named("tried", tried or {})}
        )

    while gan.step < recipe.steps:
        block, done = divmod(gan.step, batches.block)
        for batch in islice(batches.of_block(block), done, done + recipe.steps - gan.step):
            history.note(gan.train_step(batch))
            if gan.step in history.points:
                progress(gan.step, history.latest)
            if checkpointer.is_due:
                keep()
    keep()
    samples, told = _samples(gan, seeds, data, place)
    real, told_of_real = (
        torch.from_numpy(part).to(place).expand(len(seeds), *part.shape)
        for part in (data.held_out, data.held_out_condition)
    )
    return Runs(
        seeds=list(seeds),
        history=_table(history, seeds),
        samples=samples.cpu().numpy(),
        evolution=np.stack(history.evolution, axis=1),
        evolution_steps=history.evolution_steps,
        logits_real=_logits(gan, real, told_of_real),
        logits_fake=_logits(gan, samples, told),
        weights={
            f"{network}.{name}": value.cpu().numpy().copy()
            for network, parameters in (
                ("generator", {**gan.judged, **gan.generator.network.buffers}),
                ("discriminator", {**gan.d.parameters, **gan.discriminator.network.buffers}),
            )
            for name, value in parameters.items()
        },
        loss={
            "paper": gan.loss.paper,
            "at_match": gan.loss.at_match._asdict(),
            "brier_of": gan.loss.brier_of,
        },
        update="real_then_fake" if gan.separate else "joint",
        pretest=tried,
    )


def _samples(
    gan: GanTrainer, seeds: Sequence[int], data: Prepared, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Output of the finished generators for noise they have not met, `[replicas, n, *shape]`, and what they
    were told of each, `[replicas, n, classes]`: conditions as frequent as in the samples trained on."""
    n = gan.recipe.samples
    drawn = [gan.generator.draw_noise(generator(seed, "evaluation", "final"), n) for seed in seeds]
    labels = [data.draw_condition(generator(seed, "evaluation", "final labels"), n) for seed in seeds]
    noise, told = (torch.from_numpy(np.stack(part)).to(device) for part in (drawn, labels))
    parts = zip(noise.split(CHUNK, dim=1), told.split(CHUNK, dim=1), strict=True)
    return torch.cat([gan.generated(*part) for part in parts], dim=1), told


def _logits(gan: GanTrainer, samples: Tensor, told: Tensor) -> np.ndarray:
    """The discriminators' answers to as many whole packs as the samples make, `[replicas, packs]`."""
    pack = gan.recipe.discriminator.pack
    packs = samples.shape[1] // pack
    examples, conditions = (
        x[:, : packs * pack].unflatten(1, (packs, pack)).split(max(1, CHUNK // pack), dim=1)
        for x in (samples, told)
    )
    answers = [gan.critic(*part) for part in zip(examples, conditions, strict=True)]
    return torch.cat(answers, dim=1).cpu().numpy()


def _table(history: History, seeds: Sequence[int]) -> pd.DataFrame:
    values = np.stack(history.rows)
    tables = []
    for replica, seed in enumerate(seeds):
        table = pd.DataFrame(values[:, :, replica], columns=history.columns)
        table.insert(0, "step", history.steps)
        table.insert(0, "seed", seed)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
