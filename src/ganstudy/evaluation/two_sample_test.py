"""The classifier two-sample test (C2ST) of finished generators. Lopez-Paz & Oquab 2017, arXiv 1610.06545.

A run's own discriminator is no judge: its losses may lie at chance while the generator is wrong. So a new
classifier is trained to tell the finished generator's samples from real ones, until it learns no more. Its
accuracy says whether they differ, and its cross-entropy how much they differ at least.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit
from torch import Tensor
from torch.nn.functional import softplus

from ganstudy.core.random import generator
from ganstudy.metrics.metric import INTERVAL_WIDTH, Measured
from ganstudy.metrics.reference import Truth
from ganstudy.networks.family import Parameters
from ganstudy.networks.layers import Layers
from ganstudy.networks.mlp import PytorchInit
from ganstudy.sources.source import Samples
from ganstudy.study.evaluation import TwoSampleTest
from ganstudy.training.capture.captured_step import Captured
from ganstudy.training.capture.padding import pad, padded_seeds
from ganstudy.training.optimizer_step import OptimizerStep, TrainState
from ganstudy.training.optimizers import Adam

MOST_SAMPLES = 10_000
"""At most so many real samples, and as many generated ones, take part."""
OCTAVES, MOST_WAVE_VALUES = 8, 8
"""Samples of few values are shown besides as sines and cosines of each value and its multiples by powers of
two: a network this small would see no detail (Fourier features; Tancik et al. 2020, arXiv 2006.10739)."""
TEST_DIVISOR = 5
"""One in so many is kept for the test, and as many to see when learning stops."""


class Parts(NamedTuple):
    """Samples to learn from, to stop by and to test on, `[replicas, n, dims]` each, or shared by all
    replicas."""

    learn: Samples
    stop: Samples
    test: Samples


class TestResult(NamedTuple):
    """What the classifier of a run found, on samples that it was not trained on."""

    accuracy: Measured
    """Its share of right answers when it calls the likelier half real."""
    p_value: float
    """The probability of more right answers if nothing told real and generated samples apart, and half that
    of as many (the mid-p-value)."""
    brier: Measured
    jensen_shannon: Measured
    """A lower bound on the Jensen-Shannon divergence, in nats: log 2 minus half its cross-entropy."""
    passes: int
    """Over its samples, until it learnt no more."""


@torch.inference_mode()
def two_sample_test(
    settings: TwoSampleTest, seeds: Sequence[int], samples: Samples, truth: Truth
) -> list[TestResult]:
    """Train a classifier on each run's samples, `[runs, n, *shape]`, all runs side by side.

    A run's result is its own, whatever other runs there are.
    """
    samples = samples.reshape(*samples.shape[:2], -1)
    real = np.concatenate([truth.values, truth.train.reshape(len(truth.train), -1)])
    n = min(samples.shape[1], len(real), MOST_SAMPLES)
    real = _seen(real[:n], truth)
    layers = Layers(
        (real.shape[1], *settings.hidden, 1),
        [*["leaky_relu"] * len(settings.hidden), "linear"],
        PytorchInit(),
    )
    replicas = padded_seeds(seeds, layers.nonlinear_widths)
    # Replicas beyond the runs fill up vectors, and are not looked at.
    chosen = [*range(len(seeds)), *[0] * (len(replicas) - len(seeds))]
    learner = _Learner(
        settings, layers, replicas, _parts(real[None]), _parts(_seen(samples[chosen, :n], truth))
    )
    passes = learner.learn()[: len(seeds)]
    logits = learner.test_logits()
    return [
        _judge(C, done, generator(seed, "probe", "ties"))
        for seed, C, done in zip(seeds, logits, passes, strict=False)
    ]


def _seen(samples: Samples, truth: Truth) -> Samples:
    """Samples `[…, dims]` as the classifiers see them: standardised, with their sines and cosines."""
    scale = truth.values.std(axis=0)
    with np.errstate(over="ignore", invalid="ignore"):
        x = (samples - truth.values.mean(axis=0)) / np.where(scale > 0, scale, 1)
        if x.shape[-1] > MOST_WAVE_VALUES:
            return np.asarray(x)
        waves = [wave(2.0**octave * x) for octave in range(OCTAVES) for wave in (np.sin, np.cos)]
        return np.concatenate([x, *waves], axis=-1)


def _parts(samples: Samples) -> Parts:
    """Real samples begin with the held-out ones: it is those that the test is made of."""
    apart = max(1, samples.shape[1] // TEST_DIVISOR)
    return Parts(samples[:, 2 * apart :], samples[:, apart : 2 * apart], samples[:, :apart])


class _Learner:
    """Discriminators that learn side by side, each until its own loss stops falling."""

    def __init__(
        self, settings: TwoSampleTest, layers: Layers, replicas: Sequence[int], real: Parts, fake: Parts
    ) -> None:
        self.settings, self.layers, self.replicas = settings, layers, replicas
        self.real, self.fake = real, fake
        optimizer = Adam(name="adam", lr=settings.lr)
        self.state = TrainState(layers.initial(replicas, "probe"), optimizer, torch.device("cpu"))
        self.take_step = OptimizerStep(self.state, self._objective)
        # Before the first pass nothing is known: D = 1/2.
        self.best = {name: torch.zeros_like(value) for name, value in self.state.parameters.items()}
        self._answer = Captured(self._answered_by)

    def learn(self) -> NDArray[np.int64]:
        """Pass over the samples until no replica's held-out loss falls any more. How many passes brought each
        replica to its lowest."""
        # D = 1/2 costs 2 log 2.
        lowest = np.full(len(self.replicas), 2 * np.log(2))
        reached = np.zeros(len(self.replicas), np.int64)
        for done in range(1, self.settings.passes + 1):
            self._pass(done)
            C = self._logits(self.state.parameters, self.real.stop, self.fake.stop)
            loss = two_sample_loss(C).mean(axis=1)
            # A replica that has stopped does not begin again, however long others go on.
            better = (loss < lowest) & (done - reached <= self.settings.patience)
            lowest[better], reached[better] = loss[better], done
            self._keep(torch.from_numpy(better))
            if (done - reached).min() >= self.settings.patience:
                break
        return reached

    def test_logits(self) -> NDArray[np.float64]:
        """Of the best discriminators, `[replicas, n, 2]`: of real and of generated samples kept for the
        test."""
        return self._logits(self.best, self.real.test, self.fake.test)

    def _pass(self, done: int) -> None:
        """Over all samples to learn from, real and generated ones in an order of each replica's own."""
        n = self.real.learn.shape[1]
        batch = min(self.settings.batch, n)
        orders = np.stack(
            [
                [rng.permutation(n) for _ in range(2)]
                for rng in (generator(seed, "probe", done) for seed in self.replicas)
            ]
        )
        for start in range(0, n - batch + 1, batch):
            rows = orders[:, :, start : start + batch]
            real = self.real.learn[0][rows[:, 0]]
            fake = np.take_along_axis(self.fake.learn, rows[:, 1, :, None], axis=1)
            self.take_step(_stacked(real, fake))

    def _keep(self, better: Tensor) -> None:
        for name, value in self.state.parameters.items():
            self.best[name][better] = value[better]

    def _logits(self, parameters: Parameters, real: Samples, fake: Samples) -> NDArray[np.float64]:
        x = _stacked(np.broadcast_to(real, (len(self.replicas), *real.shape[1:])), fake)
        C = self._answer(x, *parameters.values())[0].numpy().astype(np.float64)
        return np.stack(np.split(C, 2, axis=1), axis=2)

    def _objective(self, parameters: Parameters, x: Tensor) -> tuple[Tensor, Tensor]:
        C = self.layers(parameters, x).squeeze(-1)
        real, fake = (pad(part) for part in C.chunk(2, dim=1))
        loss = softplus(-real) + softplus(fake)
        return loss, loss[None]

    def _answered_by(self, x: Tensor, *parameters: Tensor) -> tuple[Tensor]:
        return (self.layers(dict(zip(self.best, parameters, strict=True)), x).squeeze(-1),)


def _stacked(real: NDArray[Any], fake: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.concatenate([real, fake], axis=1).astype(np.float32))


def two_sample_loss(C: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of logits `[…, 2]` of real and of generated samples: -log D(x) - log(1 - D(G)), `[…]`."""
    return np.asarray(np.logaddexp(0, -C[..., 0]) + np.logaddexp(0, C[..., 1]))


def _judge(C: NDArray[np.float64], passes: int, rng: np.random.Generator) -> TestResult:
    """From the logits of as many real as generated test samples, `[n, 2]`."""
    n = len(C)
    D = expit(C)
    briers = ((D[:, 0] - 1) ** 2 + D[:, 1] ** 2) / 2
    bounds = np.log(2) - two_sample_loss(C) / 2
    right = _right(C, rng)
    accuracy = right / n
    # If nothing told them apart, any n of the 2 n samples would be as likely to get the higher logits.
    chance = stats.hypergeom(2 * n, n, n)
    p_value = float(chance.sf(right) + chance.pmf(right) / 2)
    se = (accuracy * (1 - accuracy) / (2 * n)) ** 0.5
    bound, bound_se = float(bounds.mean()), float(bounds.std() / n**0.5)
    return TestResult(
        Measured(accuracy, se, max(accuracy - 0.5, 0.0), max(accuracy - 0.5 + INTERVAL_WIDTH * se, 0.0)),
        p_value,
        Measured(float(briers.mean()), float(briers.std() / n**0.5)),
        Measured(bound, bound_se, max(bound, 0.0), max(bound + INTERVAL_WIDTH * bound_se, 0.0)),
        int(passes),
    )


def _right(C: NDArray[np.float64], rng: np.random.Generator) -> int:
    """How many real samples are among the half with the higher logits; a draw decides between equals. So many
    generated ones are in the other half, and so the share of right answers is this over n.

    At match it has mean 1/2 and variance 1/(4 (2n - 1)), whatever the discriminator's own threshold.
    """
    n = len(C)
    logits = C.T.ravel()
    order = np.lexsort((rng.random(2 * n), logits))
    return int((order[n:] < n).sum())
