"""What the discriminator sees of a pack of samples.

Each feature map takes examples `[replicas, batch, pack, dims]` to `[replicas, batch, size]`. Judging several
samples together lets a discriminator see spread and repetition, which no single sample shows.
"""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from ganstudy.core.lazy import Tensor, torch
from ganstudy.core.random import generator
from ganstudy.core.settings import Count, NameAlone, Setting
from ganstudy.networks.family import Parameters


class FeaturesSettings(Setting):
    """What any features have."""

    compare: ClassVar[bool] = True
    """Whether they compare the samples of a pack, and so need several."""
    of_pixels: ClassVar[bool] = True
    """Whether they make sense of images, some of whose pixels never change."""
    words: ClassVar[str] = ""
    """What a discriminator sees by them, after `its samples`."""


class RawFeatures(FeaturesSettings):
    """The samples themselves."""

    name: Literal["raw"] = "raw"
    compare = False


class SquaredDeviationsFeatures(FeaturesSettings):
    """concat(x, (x - m)^2), m the mean of the pack."""

    name: Literal["squared_deviations"]
    gradient_through_mean: bool = False
    """Whether m counts as a constant of the pack, as in the 50-line GAN, or is differentiated through."""
    words = " and their squared deviations from the pack's mean"


class DifferencesFeatures(FeaturesSettings):
    """concat(x, x - m), m the mean of the pack."""

    name: Literal["differences"]
    gradient_through_mean: bool = False
    """Whether m counts as a constant of the pack, as in the 50-line GAN, or is differentiated through."""
    words = " and their differences from the pack's mean"


class MomentsFeatures(FeaturesSettings):
    """Mean, standard deviation, skew and excess kurtosis of the pack."""

    name: Literal["moments"]
    of_pixels = False
    words = ", by mean, standard deviation, skew and excess kurtosis"


class MinibatchDiscriminationFeatures(FeaturesSettings):
    """Each sample with its closeness to the others of its pack. arXiv 1606.03498, section 3.2."""

    name: Literal["minibatch_discrimination"]
    kernels: Count = 8
    """B of the paper: how many measures of closeness are learnt."""
    kernel_size: Count = 4
    """C of the paper: numbers that each compares."""
    words = " and their closeness to each other"


Features = Annotated[
    RawFeatures
    | SquaredDeviationsFeatures
    | DifferencesFeatures
    | MomentsFeatures
    | MinibatchDiscriminationFeatures,
    Field(discriminator="name"),
    NameAlone,
]


class Raw:
    """The samples themselves, side by side (PacGAN, arXiv 1712.04086)."""

    def __init__(self, settings: Any, pack: int, dims: int) -> None:
        self.settings, self.pack, self.dims = settings, pack, dims
        self.size = pack * dims
        self.nonlinear_widths: list[int] = []
        """How many values an example has where the map is more than additions and multiplications."""

    def initial(self, seeds: Sequence[int]) -> Parameters:
        """Values to be learnt, if the map has any."""
        return {}

    def __call__(self, parameters: Parameters, x: Tensor) -> Tensor:
        return x.flatten(2)


class Deviations(Raw):
    """concat(x, (x - m) or its square), m the mean of the pack."""

    squared: bool

    def __init__(self, settings: Any, pack: int, dims: int) -> None:
        super().__init__(settings, pack, dims)
        self.size = 2 * pack * dims

    def __call__(self, parameters: Parameters, x: Tensor) -> Tensor:
        mean = x.mean(dim=2, keepdim=True)
        if not self.settings.gradient_through_mean:
            mean = mean.detach()
        deviation = x - mean
        return torch.cat(
            [x.flatten(2), (deviation.square() if self.squared else deviation).flatten(2)], dim=2
        )


class SquaredDeviations(Deviations):
    """concat(x, (x - m)²): "data and variances" of the 50-line GAN."""

    squared = True


class Differences(Deviations):
    """concat(x, x - m): "data and differences" of the 50-line GAN."""

    squared = False


class PackMoments(Raw):
    """Mean, population standard deviation, skewness and excess kurtosis of the pack, each dimension's."""

    def __init__(self, settings: Any, pack: int, dims: int) -> None:
        super().__init__(settings, pack, dims)
        self.size = 4 * dims

    def __call__(self, parameters: Parameters, x: Tensor) -> Tensor:
        mean = x.mean(dim=2, keepdim=True)
        # A generator may make a point, where the root's gradient would be infinite.
        std = ((x - mean).square().mean(dim=2, keepdim=True) + 1e-12).sqrt()
        z = (x - mean) / std
        square = z.square()
        skew, kurtosis = (z * square).mean(dim=2), square.square().mean(dim=2) - 3
        return torch.cat([mean.squeeze(2), std.squeeze(2), skew, kurtosis], dim=2)


class MinibatchDiscrimination(Raw):
    """Each sample with its closeness to the others of its pack.

    o(x_i)_b = sum over j ≠ i of exp(-‖M_ib - M_jb‖₁), M_i = x_i T, with T learnt (Salimans et al. 2016,
    section 3.2, arXiv 1606.03498). There the others are the batch and each sample gets a verdict; here it is
    the pack, which gets one, so that an example's logit depends on that example alone.
    """

    def __init__(self, settings: Any, pack: int, dims: int) -> None:
        super().__init__(settings, pack, dims)
        self.size = pack * (dims + settings.kernels)
        self.nonlinear_widths = [pack * pack * settings.kernels]

    def initial(self, seeds: Sequence[int]) -> Parameters:
        shape = (self.dims, self.settings.kernels * self.settings.kernel_size)
        drawn = [generator(seed, "init", "kernels").standard_normal(shape, np.float32) for seed in seeds]
        return {"kernels": torch.from_numpy(np.stack(drawn))}

    def __call__(self, parameters: Parameters, x: Tensor) -> Tensor:
        replicas, batch, pack, _ = x.shape
        projected = torch.bmm(x.flatten(1, 2), parameters["kernels"])
        M = projected.reshape(replicas, batch, pack, self.settings.kernels, self.settings.kernel_size)
        distance = (M.unsqueeze(2) - M.unsqueeze(3)).abs().sum(dim=-1)
        # Each sample's closeness to itself is exp(0).
        closeness = torch.exp(-distance).sum(dim=3) - 1
        return torch.cat([x, closeness], dim=3).flatten(2)


FEATURES: dict[str, type[Raw]] = {
    "raw": Raw,
    "squared_deviations": SquaredDeviations,
    "differences": Differences,
    "moments": PackMoments,
    "minibatch_discrimination": MinibatchDiscrimination,
}
