"""Every figure on which generated samples are judged, in the order of reports. A new one is a line here."""

from collections.abc import Mapping

import numpy as np

from ganstudy import own
from ganstudy.evaluation.distances import ENERGY, FRECHET, KS, WASSERSTEIN
from ganstudy.evaluation.diversity import DIVERSITY
from ganstudy.evaluation.figure import Figure, Measured, jackknifed
from ganstudy.evaluation.generated import Generated
from ganstudy.evaluation.shape import INSIDE, MOMENTS, moment
from ganstudy.params import Evaluation, UserError
from ganstudy.params.evaluation import Metric
from ganstudy.sources.source import Samples

FIGURES: dict[str, Figure] = {
    **{name: moment(name) for name in MOMENTS},
    "wasserstein": WASSERSTEIN,
    "ks": KS,
    "energy": ENERGY,
    "frechet": FRECHET,
    "inside": INSIDE,
    **DIVERSITY,
}


def figures_of(evaluation: Evaluation) -> Mapping[str, Figure]:
    """These, and the study's own."""
    return {**FIGURES, **{name: own_figure(metric) for name, metric in evaluation.metrics.items()}}


def own_value(metric: Metric, samples: Samples, real: Samples) -> float:
    """What a metric of one's own says of generated samples and real ones, `[n, dims]`. UserError if it
    raises, gives no number, or tries to change them: others are to be computed from the same."""
    value = own.make(metric.use, _read_only_copy(samples), _read_only_copy(real), **metric.options)
    is_number = np.shape(value) == () and np.asarray(value).dtype.kind in "iuf"
    if not is_number:
        shape = f" of shape {list(np.shape(value))}" if np.shape(value) else ""
        shown = f" ({value!r})" if isinstance(value, str | bool) else ""
        raise UserError(
            f"{own.HOME / metric.use}: returned a {type(value).__name__}{shape}{shown}, expected a number"
        )
    return float(value)


def _read_only_copy(samples: Samples) -> Samples:
    """Read-only, so that changing it is an error; a copy, since `torch.from_numpy` writes all the same."""
    copy = samples.copy()
    copy.flags.writeable = False
    return copy


def own_figure(metric: Metric) -> Figure:
    """A metric of one's own: of the generated samples and the held-out real ones, both `[n, dims]`."""

    def measure(generated: Generated) -> Measured:
        def of(samples: Samples) -> float:
            return own_value(metric, samples, generated.truth.held_out)

        return jackknifed(of, generated.samples)

    target = metric.target
    return Figure(measure, None if target is None else lambda truth: target, lambda truth, point: None)
