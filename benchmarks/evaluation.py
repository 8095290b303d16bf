"""What judging costs: 16 runs of 10,000 samples of each kind of source, fresh discriminators aside.

    python benchmarks/evaluation.py [ring …]

One process, one thread. Processor seconds after imports, and the peak of the memory, imports included.
"""

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from ganstudy.metrics.classifier import Classifier, unclassifiable
from ganstudy.metrics.generated import Generated
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import SAMPLE_METRICS
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.loading import parse

RUNS, SAMPLES = 16, 10_000
SOURCES = ("gaussian", "ring", "digits")


def truth_of(name: str) -> Truth:
    """What generators of that source are compared with."""
    recipe: dict[str, Any] = {
        "source": name,
        "noise": "normal",
        "generator": {"hidden": [1]},
        "discriminator": {"hidden": [1]},
        "optimizer": {"name": "sgd", "lr": 0.1},
        "batch": 1,
        "steps": 1,
    }
    params = parse({"study": {"name": "b", "seeds": 1}, "variants": {"v": recipe}, "losses": {"mse": {}}})
    source = make_source(params.variants["v"].source)
    prepared = Prepared.of(source)
    return Truth.of(source, prepared, None if unclassifiable(prepared) else Classifier.of(prepared))


def seconds(name: str) -> float:
    """To measure every metric of every run."""
    truth, rng = truth_of(name), np.random.default_rng(0)
    samples = [truth.draw(rng, SAMPLES) + np.float32(0.01) for _ in range(RUNS)]
    if truth.classifier:
        import torchmetrics.image.fid  # noqa: F401  # part of starting up
    begun = time.process_time()
    for made in samples:
        generated = Generated(made, truth)
        for metric in SAMPLE_METRICS.values():
            if metric.inapplicable(truth, False) is None:
                metric.measure(generated)
    return time.process_time() - begun


def peak_mb() -> int:
    """Most memory that this process has held, in MB.

    `getrusage` would do, but Linux hands its `ru_maxrss` on from the process that starts another: a large
    parent, such as pytest after many tests, would count as ours.
    """
    kilobytes = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert kilobytes, "this kernel does not tell peak memory"
    return round(int(kilobytes[1]) / 1024)


def main() -> None:
    """Print a line for each source as it is done, and all of it as JSON."""
    found = {name: round(seconds(name), 2) for name in sys.argv[1:] or SOURCES}
    for name, taken in found.items():
        print(f"{name:10s} {taken:6.2f} s for {RUNS} runs of {SAMPLES:,} samples", file=sys.stderr)
    print(json.dumps({"seconds": found, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
