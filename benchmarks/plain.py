"""The ordinary programs: modules, one seed, one loop, as an introduction to PyTorch would have them.

They know nothing of ganstudy, and run under PyTorch's own settings, with as many threads as it likes.
`python plain.py PROGRAM DATA SECONDS` prints how many seconds an iteration takes.
"""

import sys
from collections.abc import Callable
from itertools import pairwise
from time import perf_counter

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

Program = Callable[[], None]
"""A GAN that has been set up; each call does one training step."""


def pattern_1010(data: np.ndarray) -> Program:
    """The 4-value pattern: two updates of D and one of G in an iteration."""
    G = nn.Sequential(nn.Linear(1, 3), nn.Sigmoid(), nn.Linear(3, 4), nn.Sigmoid())
    D = nn.Sequential(nn.Linear(4, 3), nn.Sigmoid(), nn.Linear(3, 1), nn.Sigmoid())
    g, d = torch.optim.SGD(G.parameters(), lr=0.01), torch.optim.SGD(D.parameters(), lr=0.01)
    loss, half, one, zero = nn.MSELoss(), torch.tensor([0.5]), torch.ones(1), torch.zeros(1)
    low = torch.tensor([0.8, 0.0, 0.8, 0.0])

    def iteration() -> None:
        d.zero_grad()
        loss(D(low + 0.2 * torch.rand(4)), one).backward()
        d.step()
        d.zero_grad()
        loss(D(G(half).detach()), zero).backward()
        d.step()
        g.zero_grad()
        loss(D(G(half)), one).backward()
        g.step()

    return iteration


def gaussian_2017(data: np.ndarray) -> Program:
    """The 50-line Gaussian GAN: 100 values with their squared deviations make one example."""
    G = nn.Sequential(nn.Linear(1, 50), nn.ELU(), nn.Linear(50, 50), nn.Sigmoid(), nn.Linear(50, 1))
    D = nn.Sequential(
        nn.Linear(200, 50), nn.ELU(), nn.Linear(50, 50), nn.ELU(), nn.Linear(50, 1), nn.Sigmoid()
    )
    g, d = torch.optim.Adam(G.parameters(), lr=2e-4), torch.optim.Adam(D.parameters(), lr=2e-4)
    loss, one, zero = nn.BCELoss(), torch.ones(1, 1), torch.zeros(1, 1)

    def seen(x: Tensor) -> Tensor:
        return torch.cat([x, (x - x.mean().detach()) ** 2], dim=1)

    def iteration() -> None:
        D.zero_grad()
        loss(D(seen(4 + 1.25 * torch.randn(1, 100))), one).backward()
        loss(D(seen(G(torch.rand(100, 1)).detach().t())), zero).backward()
        d.step()
        G.zero_grad()
        loss(D(seen(G(torch.rand(100, 1)).t())), one).backward()
        g.step()

    return iteration


def mlp(images: np.ndarray, noise: int, hidden: list[int], batch: int = 64) -> Program:
    """The annotated MLP GAN with smoothed labels; D has G's hidden layers the other way round."""

    def network(sizes: list[int]) -> nn.Sequential:
        layers: list[nn.Module] = []
        for n, m in pairwise(sizes):
            layers += [nn.Linear(n, m), nn.LeakyReLU(0.2)]
        for layer in layers[::2]:
            nn.init.normal_(layer.get_parameter("weight"), std=0.02)
        return nn.Sequential(*layers[:-1])

    data = torch.from_numpy(images).flatten(1)
    dims = data.shape[1]
    G = nn.Sequential(network([noise, *hidden, dims]), nn.Tanh())
    D = network([dims, *reversed(hidden), 1])
    g, d = (torch.optim.Adam(part.parameters(), lr=2.5e-4, betas=(0.5, 0.999)) for part in (G, D))
    bce: Callable[[Tensor, Tensor], Tensor] = functional.binary_cross_entropy_with_logits

    def iteration() -> None:
        real = data[torch.randint(len(data), (batch,))]
        d.zero_grad()
        fake = G(torch.randn(batch, noise)).detach()
        loss = bce(D(real), 1 - 0.2 * torch.rand(batch, 1)) + bce(D(fake), 0.2 * torch.rand(batch, 1))
        loss.backward()
        d.step()
        g.zero_grad()
        bce(D(G(torch.randn(batch, noise))), 1 - 0.2 * torch.rand(batch, 1)).backward()
        g.step()

    return iteration


PROGRAMS: dict[str, Callable[[np.ndarray], Program]] = {
    "pattern_1010": pattern_1010,
    "gaussian_2017": gaussian_2017,
    "digits_mlp": lambda images: mlp(images, 32, [64, 128, 256]),
    "mnist_mlp": lambda images: mlp(images, 100, [256, 512, 1024]),
}


def seconds_an_iteration(program: Program, patience: float) -> float:
    """Timed for `patience` seconds, once it has warmed up."""
    for _ in range(20):
        program()
    n, start = 0, perf_counter()
    while perf_counter() < start + patience:
        program()
        n += 1
    return (perf_counter() - start) / n


if __name__ == "__main__":
    name, path, patience = sys.argv[1:]
    print(seconds_an_iteration(PROGRAMS[name](np.load(path, allow_pickle=False)), float(patience)))
