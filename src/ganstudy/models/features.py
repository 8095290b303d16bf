"""What the discriminator sees of a pack of samples.

Each feature map takes examples `[lanes, batch, pack, dims]` to `[lanes, batch, size]`. Judging several
samples together lets a discriminator see spread and repetition, which no single sample shows.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganstudy.models.layers import Parameters
from ganstudy.randomness import generator


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


class Moments(Raw):
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
    section 3.2, arXiv 1606.03498). There the company is the batch and each sample gets a verdict; here it is
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
        lanes, batch, pack, _ = x.shape
        projected = torch.bmm(x.flatten(1, 2), parameters["kernels"])
        M = projected.reshape(lanes, batch, pack, self.settings.kernels, self.settings.kernel_size)
        distance = (M.unsqueeze(2) - M.unsqueeze(3)).abs().sum(dim=-1)
        # Each sample's closeness to itself is exp(0).
        closeness = torch.exp(-distance).sum(dim=3) - 1
        return torch.cat([x, closeness], dim=3).flatten(2)


FEATURES: dict[str, type[Raw]] = {
    "raw": Raw,
    "squared_deviations": SquaredDeviations,
    "differences": Differences,
    "moments": Moments,
    "minibatch_discrimination": MinibatchDiscrimination,
}
