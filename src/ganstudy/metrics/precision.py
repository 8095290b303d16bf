"""Are generated samples like real ones?"""

from typing import TYPE_CHECKING

from ganstudy.metrics.metric import Measured, SampleMetric, Shown, share

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def precision(generated: "Generated") -> Measured:
    """The share of generated samples within a real one's neighbourhood."""
    return share(generated.likeness.holding > 0)


METRIC = SampleMetric(
    label="precision",
    meaning="Share of the samples that lie in the neighbourhood of a real one.",
    unit="share",
    paper="Kynkäänniemi et al. 2019, arXiv 1904.06991",
    criterion="precision at most {0:.3g} from a perfect sampler's",
    place=130,
    measure=precision,
    target=None,
    shown=Shown.IF_JUDGED,
    with_target=True,
    of_features=True,
)
