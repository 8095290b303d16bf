"""Random numbers named by what they are for.

A stream is a pure function of its names: `generator(seed, "noise", 7)` is the same generator whenever and
wherever it is asked for. So nothing about randomness has to be stored to resume, shard or repeat a run, and
two losses given the same seed meet the same initial values and the same data in the same order.
"""

import zlib

import numpy as np


def generator(*names: int | str) -> np.random.Generator:
    """The random stream called `names`, for example `(seed, "data", block)`.

    Words enter as their CRC-32, numbers (non-negative) as they are; numpy's SeedSequence mixes them so that
    streams whose names differ anywhere are independent.
    """
    # The count comes first because SeedSequence reads [1] and [1, 0] as the same.
    entropy = [len(names)] + [zlib.crc32(name.encode()) if isinstance(name, str) else name for name in names]
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(entropy)))
