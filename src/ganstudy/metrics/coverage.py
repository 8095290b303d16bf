"""Have real samples a generated one near them?"""

from typing import TYPE_CHECKING

from ganstudy.metrics.metric import Measured, SampleMetric
from ganstudy.metrics.neighbours import but_for

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def coverage(generated: "Generated") -> Measured:
    """The share of real samples whose neighbourhood holds a generated one."""
    return but_for(generated.likeness.covered, generated.likeness.covering)


METRIC = SampleMetric(
    label="coverage",
    meaning="Share of the real samples that have a generated one in their neighbourhood; of labelled images "
    "by the features of a classifier.",
    unit="share",
    paper="Naeem et al. 2020, arXiv 2002.09797",
    criterion="coverage at most {0:.3g} from a perfect sampler's",
    place=160,
    measure=coverage,
    target=None,
    with_target=True,
    of_features=True,
    by_default=True,
)
