"""How many replicas to train side by side, so that each computes what it would in any other batch
composition.

An element-wise loop takes `VECTOR` values at a time with vector instructions and what is left over one by
one, and the two differ in the last bit. So a run's bits would depend on whether its values happen to be the
last of a tensor. They never are if every tensor holds a whole number of vectors: a replica's share of it is
one where a layer's width is; elsewhere replicas are added until all of them together make one. (Additions,
multiplications and the like are the same either way; it is exponentials and their kin that differ.)

A sum over a single replica's batch is made by another kernel than one over several. So at least two
replicas train.

What else would make a difference is settled where the package is imported.
"""

from collections.abc import Iterable, Sequence
from itertools import count, islice
from math import gcd

from ganstudy.core.lazy import Tensor, torch

VECTOR = 16


def padded_replicas(n: int, widths: Iterable[int]) -> int:
    """How many replicas train where `n` seeds do, in layers of these widths."""
    unit = max((VECTOR // gcd(VECTOR, width) for width in widths), default=1)
    return max(2, -(-n // unit) * unit)


def padded_seeds(seeds: Sequence[int], widths: Iterable[int]) -> list[int]:
    """The seeds, with as many others after them as layers of these widths need."""
    taken = set(seeds)
    others = (seed for seed in count() if seed not in taken)
    return [*seeds, *islice(others, padded_replicas(len(seeds), widths) - len(seeds))]


def pad(x: Tensor) -> Tensor:
    """`[…, replicas, batch]` with replicas of zeros added, until they make whole vectors."""
    replicas, batch = x.shape[-2:]
    return torch.nn.functional.pad(x, (0, 0, 0, -replicas % (VECTOR // gcd(VECTOR, batch)))) if batch else x
