"""The Fréchet distance of images."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganstudy.metrics.metric import Measured, SampleMetric, Shown, jackknifed

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def frechet(generated: "Generated") -> Measured:
    """The Fréchet distance between Gaussians fitted to the features of either side (Heusel et al. 2017), by
    torchmetrics. Not comparable with Inception's: the features are of this pipeline's own classifier."""
    # Here and not above: it takes longer to import than anything else here, and only images need it.
    import torch
    from torchmetrics.image.fid import FrechetInceptionDistance

    class Given(torch.nn.Module):
        """In the place of a network that would find the features."""

        num_features = generated.features.shape[1]

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x

    distance = FrechetInceptionDistance(feature=Given(), reset_real_features=False)
    distance.set_dtype(torch.float64)
    distance.update(torch.from_numpy(generated.truth.features), real=True)

    def of(features: NDArray[np.float64]) -> float:
        distance.reset()
        distance.update(torch.from_numpy(features), real=False)
        return float(distance.compute())

    return jackknifed(of, generated.features)


METRIC = SampleMetric(
    label="Fréchet",
    meaning="Fréchet distance between normal distributions fitted to the features that the study's own "
    "classifier finds in generated and in held-out images.",
    unit="the features', squared",
    paper="Heusel et al. 2017, arXiv 1706.08500",
    criterion="Fréchet distance at most {0:.3g}",
    place=80,
    score="Fréchet distance",
    score_place=1,
    measure=frechet,
    shown=Shown.WHERE_IT_APPLIES,
    needs="pixels",
    of_features=True,
    by_default=True,
)
