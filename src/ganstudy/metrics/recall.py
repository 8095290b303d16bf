"""Is there a generated sample like each real one?"""

from typing import TYPE_CHECKING

from ganstudy.metrics.metric import Measured, SampleMetric, Shown
from ganstudy.metrics.neighbours import but_for

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def recall(generated: "Generated") -> Measured:
    """The share of real samples within a generated one's neighbourhood."""
    return but_for(generated.likeness.recalled, generated.likeness.recalling)


METRIC = SampleMetric(
    label="recall",
    meaning="Share of the real samples that lie in the neighbourhood of a generated one.",
    unit="share",
    paper="Kynkäänniemi et al. 2019, arXiv 1904.06991",
    criterion="recall at most {0:.3g} from a perfect sampler's",
    place=140,
    measure=recall,
    target=None,
    shown=Shown.IF_JUDGED,
    with_target=True,
    of_features=True,
)
