"""Own work tried once, on a few samples: whether it takes and gives what is expected."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np

from ganstudy.cli.contracts import BrokenError
from ganstudy.core import own
from ganstudy.core.errors import Problem, UserError
from ganstudy.losses.own import OwnLossSettings
from ganstudy.metrics.own import own_value
from ganstudy.networks.own import OwnNetworkSettings
from ganstudy.sources.own import OwnSourceSettings
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import SOURCES, make_source
from ganstudy.sources.source import Dataset
from ganstudy.study.params import Params
from ganstudy.study.variant import Variant

TRIAL_SAMPLES = 50
"""On which a metric is tried."""


def misfits(params: Params) -> Iterator[Problem]:
    """Each own component that raises, or gives something else than expected. Takes a second where there
    are losses or networks, which import PyTorch."""
    for name, entry in params.losses.items():
        if isinstance(entry.settings, OwnLossSettings):
            yield from _said(f"losses.{name}", _try_loss, entry.settings)
    prepared = {}
    for name, variant in params.variants.items():
        if isinstance(variant.source, OwnSourceSettings):
            yield from _said(f"variants.{name}.source", _try_source, variant.source)
        if getattr(SOURCES.of(variant.source), "is_downloaded", False):
            continue  # perhaps it is still to be downloaded
        with suppress(UserError):  # told elsewhere
            prepared[name] = Prepared.of(make_source(variant.source))
    for name, data in prepared.items():
        variant = params.variants[name]
        for network in ("generator", "discriminator"):
            if isinstance(getattr(variant, network), OwnNetworkSettings):
                yield from _said(f"variants.{name}.{network}", _try_network, variant, network, data)
        for metric_name, metric in params.evaluation.metrics.items():
            some = data.train[:TRIAL_SAMPLES].copy(), data.held_out[: TRIAL_SAMPLES // 2].copy()
            yield from _said(f"evaluation.metrics.{metric_name}", own_value, metric, *some)


def _said(place: str, attempt: Callable[..., Any], *given: Any) -> Iterator[Problem]:
    try:
        attempt(*given)
    except Exception as error:
        if (said := own.user_message(error)) is None:
            raise
        yield Problem(place, said)


def _try_loss(settings: OwnLossSettings) -> None:
    import torch

    from ganstudy.cli.contracts.losses import it_can_be_replayed
    from ganstudy.losses.registry import make_loss

    loss = make_loss(settings)
    logits, u = torch.zeros(2, 3), torch.full((2, 3), 0.5)
    loss.discriminator(logits, logits, (u, u))
    loss.generator(logits, logits, u)
    try:
        it_can_be_replayed(loss)
    except BrokenError as error:
        raise UserError(f"{own.HOME / settings.use}: {error}") from None


def _try_source(settings: OwnSourceSettings) -> None:
    source = make_source(settings)
    if isinstance(source, Dataset):
        one, same = source.load().samples, source.load().samples
        if not np.array_equal(one, same):
            raise UserError(f"{own.HOME / settings.use}.load gives other samples each time; fix its seed")
    Prepared.of(source)


def _try_network(variant: Variant, network: str, data: Prepared) -> None:
    import torch

    from ganstudy.networks.discriminator import Discriminator
    from ganstudy.networks.generator import Generator

    pack, batch, classes = variant.discriminator.pack, variant.batch, len(data.classes)
    with torch.no_grad():
        if network == "generator":
            generator = Generator(variant.noise, variant.generator, data.shape, classes)
            noise, told = (
                torch.zeros(1, batch * pack, variant.noise.size),
                torch.zeros(1, batch * pack, classes),
            )
            generator(generator.initial([0]), noise, told)
        else:
            discriminator = Discriminator(variant.discriminator, data.shape, classes)
            examples, told = torch.zeros(1, batch, pack, *data.shape), torch.zeros(1, batch, pack, classes)
            discriminator(discriminator.initial([0]), examples, told)
