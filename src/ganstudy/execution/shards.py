"""Which seeds train side by side."""

from collections.abc import Callable, Sequence
from itertools import pairwise

MOST_REPLICAS = 64
"""In a shard: beyond it replicas gain nothing from others, and only need memory."""

Progress = Callable[[int, dict[str, float]], None]
"""Told how many steps were done since the last call, each replica's counted, and current losses."""


def split(seeds: Sequence[int], workers: int, most: int) -> list[list[int]]:
    """The seeds in shards of at most `most`, in order: alike in size, so that workers end together, and as
    few as can be."""
    turns = -(-len(seeds) // (workers * most))
    shards = min(len(seeds), turns * workers)
    bounds = [len(seeds) * i // shards for i in range(shards + 1)]
    return [list(seeds[begin:end]) for begin, end in pairwise(bounds)]
