"""How many real samples is a generated one like?"""

from typing import TYPE_CHECKING

from ganstudy.metrics.metric import Measured, SampleMetric, Shown, standard_error
from ganstudy.metrics.neighbours import K

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def density(generated: "Generated") -> Measured:
    """In how many real neighbourhoods a generated sample lies, in k."""
    each = generated.likeness.holding / K
    return Measured(float(each.mean()), standard_error(each))


METRIC = SampleMetric(
    label="density",
    meaning="How many real neighbourhoods a sample lies in, over how many it would if it were real.",
    unit="ratio",
    paper="Naeem et al. 2020, arXiv 2002.09797",
    criterion="density at most {0:.3g} from a perfect sampler's",
    place=150,
    measure=density,
    target=None,
    shown=Shown.IF_JUDGED,
    with_target=True,
    of_features=True,
    by_default=True,
)
