"""A study's own components, put through the contracts."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ganstudy.cli.contracts import BrokenError, title
from ganstudy.cli.contracts.losses import LOSS
from ganstudy.cli.contracts.metrics import METRIC, TriedMetric
from ganstudy.cli.contracts.sources import DATASET, DISTRIBUTION
from ganstudy.cli.contracts.training import CELL, short
from ganstudy.core import own
from ganstudy.losses.own import OwnLossSettings
from ganstudy.losses.registry import make_loss
from ganstudy.networks.own import OwnNetworkSettings
from ganstudy.sources.own import OwnSourceSettings
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.sources.source import Distribution
from ganstudy.study.params import Params

TRIED_SAMPLES = 2000
"""Real samples that a metric is tried on."""


class Examined(NamedTuple):
    """An own component, and a promise."""

    place: str
    """Where params.yaml names it."""
    use: str
    clause: str
    broken: str | None
    """What was found; None if the promise is kept."""


def examine(params: Params) -> Iterator[Examined]:
    """Each promise of each own component that the study names, as it is tested. UserError if a file
    cannot be run."""
    for name, entry in params.losses.items():
        if isinstance(loss := entry.settings, OwnLossSettings):
            place = f"losses.{name}"
            yield from _examined(place, loss.use, LOSS, make_loss(loss))
            # The first task will do: it is the loss that is on trial.
            yield from _examined(place, loss.use, CELL, short(params.cell(next(iter(params.variants)), name)))
    # One of ganstudy's own if there is any.
    losses = sorted(params.losses, key=lambda name: isinstance(params.losses[name].settings, OwnLossSettings))
    for name, variant in params.variants.items():
        cell = short(params.cell(name, losses[0]))
        if isinstance(variant.source, OwnSourceSettings):
            source = make_source(variant.source)
            clauses = DISTRIBUTION if isinstance(source, Distribution) else DATASET
            yield from _examined(f"variants.{name}.source", variant.source.use, clauses, source)
        for role in ("generator", "discriminator"):
            if isinstance(network := getattr(variant, role), OwnNetworkSettings):
                yield from _examined(f"variants.{name}.{role}", network.use, CELL, cell)
        for metric_name, metric in params.evaluation.metrics.items():
            real = Prepared.of(make_source(variant.source)).held_out[:TRIED_SAMPLES].copy()
            place = f"evaluation.metrics.{metric_name} for {name}"
            yield from _examined(place, metric.use, METRIC, TriedMetric(metric, real))


def _examined(
    place: str, use: str, clauses: Sequence[Callable[[Any], None]], work: Any
) -> Iterator[Examined]:
    for clause in clauses:
        broken = None
        try:
            clause(work)
        except BrokenError as error:
            broken = str(error)
        except Exception as error:
            broken = own.user_message(error) or f"{type(error).__name__}: {' '.join(str(error).split())}"
        yield Examined(place, use, title(clause), broken)
        if broken is not None and clauses is METRIC:
            # The reasons that later clauses would give would mislead: of NaN no two are the same.
            return
