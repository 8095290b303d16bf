"""The game: two players in every lane, and one round of it.

Every loss is one of an example; each lane descends the mean over its batch. No operation mixes lanes, so a
lane's gradient is its own, and the optimisers' element-wise rules act on each lane as if it were alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from ganstudy.keeping import State, number
from ganstudy.losses import TwoTermLoss, make_loss, squared_slope
from ganstudy.models import Discriminator, Generator, Parameters
from ganstudy.params import Cell
from ganstudy.params.recipe import OwnNetwork
from ganstudy.training.descent import Descent, Player
from ganstudy.training.draws import Round
from ganstudy.training.lanes import whole
from ganstudy.training.recording import Recorded

TERMS = ("discriminator_real", "discriminator_fake", "discriminator", "penalty", "generator")
"""What a round reports of each lane; the two terms are NaN for losses that do not have them."""


class Game:
    """Generators against discriminators, one pair a lane, under a cell's recipe and loss."""

    def __init__(self, cell: Cell, shape: Sequence[int], seeds: Sequence[int], device: torch.device) -> None:
        recipe = self.recipe = cell.recipe
        self.loss = make_loss(cell.settings)
        self.generator = Generator(recipe.noise, recipe.generator, shape)
        self.discriminator = Discriminator(recipe.discriminator, shape)
        self.g = Player(self.generator.initial(seeds), recipe.generator_optimizer or recipe.optimizer, device)
        self.d = Player(self.discriminator.initial(seeds), recipe.optimizer, device)
        self.average = self.g.flat.clone()
        # A penalty concerns real and generated samples at once.
        self.separate = (
            recipe.update == "real_then_fake"
            and isinstance(self.loss, TwoTermLoss)
            and self.loss.penalty is None
        )
        bound, once = self.loss.clip, is_recordable(cell)
        self._descend_both = Descent(self.d, self._both, bound, once)
        self._descend_real = Descent(self.d, self._real, bound, once)
        self._descend_fake = Descent(self.d, self._fake, bound, once)
        self._descend_generator = Descent(self.g, self._generated, None, once)
        self._generate = Recorded(self._made_by) if once else self._made_by
        self._ask = Recorded(self._answered_by) if once else self._answered_by
        self.round = 0
        self._no_penalty = torch.zeros(1, len(seeds), device=device)

    @property
    def judged(self) -> Parameters:
        """The generator's parameters that count as its result: averaged where the recipe asks for it."""
        return self.g.views(self.average) if self.recipe.generator.average else self.g.parameters

    def critic(self, examples: Tensor) -> Tensor:
        """Logits `[lanes, batch]` of examples `[lanes, batch, pack, dims]`, as of a finished network."""
        with _finished(self.discriminator):
            return self._ask(examples, *self.d.parameters.values())[0]

    def generated(self, noise: Tensor) -> Tensor:
        """The judged generator's samples, `[lanes, n, dims]`, as of a finished network."""
        with _finished(self.generator):
            return self._generate(noise, *self.judged.values())[0]

    def fake(self, noise: Tensor) -> Tensor:
        """Generated examples `[lanes, batch, pack, dims]`."""
        return self._packed(self._generate(noise, *self.g.parameters.values())[0])

    def _made_by(self, noise: Tensor, *parameters: Tensor) -> tuple[Tensor]:
        return (self.generator(dict(zip(self.g.shapes, parameters, strict=True)), noise),)

    def _answered_by(self, examples: Tensor, *parameters: Tensor) -> tuple[Tensor]:
        return (self.discriminator(dict(zip(self.d.shapes, parameters, strict=True)), examples),)

    def _packed(self, samples: Tensor) -> Tensor:
        return samples.view(len(samples), -1, self.recipe.discriminator.pack, samples.shape[-1])

    def play(self, draws: Round) -> Tensor:
        """One round. The losses met, averaged over the round's updates: `[TERMS, lanes]`."""
        k = self.recipe.discriminator_steps
        met = [self.train_discriminator(self.fake(draws.noise[i]), draws, i) for i in range(k)]
        discriminator = self.d.parameters.values()
        losses = [
            self._descend_generator(draws.noise[i], draws.real[-1], draws.labels[i], *discriminator)
            for i in range(k, len(draws.noise))
        ]
        if self.recipe.generator.average:
            self._update_average()
        self.round += 1
        return torch.cat([_mean(met), _mean(losses)])

    def train_discriminator(self, fake: Tensor, draws: Round, i: int) -> Tensor:
        """The round's update `i` of the discriminator, against the examples `fake`. The losses met, all of
        `TERMS` but the generator's."""
        real, labels = draws.real[i], draws.labels[i]
        if not self.separate:
            return self._descend_both(real, fake, labels, draws.penalty[i])
        terms = [self._descend_real(real, labels), self._descend_fake(fake, labels)]
        return torch.cat([*terms, terms[0] + terms[1], self._no_penalty])

    def _both(
        self, parameters: Parameters, real: Tensor, fake: Tensor, u: Tensor, noise: Tensor
    ) -> tuple[Tensor, Tensor]:
        C, penalty = self._logits_and_penalty(parameters, real, fake, noise)
        C_real, C_fake = (whole(part) for part in C.chunk(2, dim=1))
        u = whole(u)
        if isinstance(self.loss, TwoTermLoss):
            terms = [self.loss.real(C_real, u[0]), self.loss.fake(C_fake, u[1])]
            loss = terms[0] + terms[1]
        else:
            loss = self.loss.discriminator(C_real, C_fake, (u[0], u[1]))
            terms = [torch.full_like(loss, torch.nan)] * 2
        if penalty is None:
            return loss, torch.stack([*terms, loss, torch.zeros_like(loss)])
        penalty = whole(penalty)
        return loss + penalty, torch.stack([*terms, loss, penalty])

    def _logits_and_penalty(
        self, parameters: Parameters, real: Tensor, fake: Tensor, noise: Tensor
    ) -> tuple[Tensor, Tensor | None]:
        """Of the real and the generated examples together the logits, `[lanes, 2 × batch]`; and the penalty,
        `[lanes, batch]`."""

        def critic(x: Tensor) -> Tensor:
            return self.discriminator(parameters, x)

        both, penalty = torch.cat([real, fake], dim=1), self.loss.penalty
        if penalty is None:
            return critic(both), None
        points = penalty.points(real, fake, noise)
        if points is not None:
            return critic(both), penalty(*squared_slope(critic, points))
        C, square = squared_slope(critic, both)
        return C, penalty(C, square).unflatten(1, (2, -1)).mean(dim=1)

    def _real(self, parameters: Parameters, real: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        assert isinstance(self.loss, TwoTermLoss)
        loss = self.loss.real(whole(self.discriminator(parameters, real)), whole(u[0]))
        return loss, loss[None]

    def _fake(self, parameters: Parameters, fake: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        assert isinstance(self.loss, TwoTermLoss)
        loss = self.loss.fake(whole(self.discriminator(parameters, fake)), whole(u[1]))
        return loss, loss[None]

    def _generated(
        self, parameters: Parameters, noise: Tensor, real: Tensor, u: Tensor, *discriminator: Tensor
    ) -> tuple[Tensor, Tensor]:
        d = dict(zip(self.d.shapes, discriminator, strict=True))
        C_fake = whole(self.discriminator(d, self._packed(self.generator(parameters, noise))))
        C_real = None if isinstance(self.loss, TwoTermLoss) else whole(self.discriminator(d, real))
        loss = self.loss.generator(C_fake, C_real, whole(u[0]))
        return loss, loss[None]

    @property
    def state(self) -> State:
        """All that rounds have changed."""
        tensors = {f"{i}": tensor.cpu().numpy() for i, tensor in enumerate(self._changing)}
        return {"round": number(self.round), **tensors}

    def restore(self, state: State) -> None:
        """Go on from a state that another game of this cell and these seeds has had."""
        self.round = int(state["round"][0])
        for i, tensor in enumerate(self._changing):
            tensor.copy_(torch.from_numpy(state[f"{i}"]))

    @property
    def _changing(self) -> list[Tensor]:
        networks = self.generator.network, self.discriminator.network
        return [
            *self.g.changing,
            *self.d.changing,
            self.average,
            *(tensor for network in networks for tensor in network.state),
        ]

    def _update_average(self) -> None:
        # A long average would otherwise remember the initial values; the ramp is TensorFlow's `num_updates`.
        decay = min(self.recipe.generator.average, (1 + self.round) / (10 + self.round))
        self.average.lerp_(self.g.flat, 1 - decay)


def is_recordable(cell: Cell) -> bool:
    """Whether each round does what every other does, so that it need be worked out only once. A network of
    one's own may do otherwise."""
    networks = cell.recipe.generator, cell.recipe.discriminator
    return not any(isinstance(network, OwnNetwork) for network in networks)


@contextmanager
def _finished(player: Generator | Discriminator) -> Iterator[None]:
    """With the network as it is used, not trained, in what makes a difference to it, as dropout does."""
    player.network.is_training = False
    try:
        yield
    finally:
        player.network.is_training = True


def _mean(losses: list[Tensor]) -> Tensor:
    return losses[0] if len(losses) == 1 else torch.stack(losses).mean(dim=0)
