"""`python products.py SHAPES`: how many seconds PyTorch's `bmm` takes for such matrices, on one thread.

SHAPES is a JSON list of pairs, `[replicas, n, k]` and `[replicas, k, m]`. Each is multiplied once; best of
five."""

import json
import sys
from timeit import repeat

import torch

torch.set_num_threads(1)
pairs = [(torch.randn(x), torch.randn(y)) for x, y in json.loads(sys.argv[1])]


def products() -> None:
    for x, y in pairs:
        torch.bmm(x, y)


with torch.inference_mode():
    print(min(repeat(products, number=10, repeat=5)) / 10)
