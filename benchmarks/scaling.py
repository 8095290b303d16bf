"""How time and memory grow with seeds and workers: `python benchmarks/scaling.py`, for docs/scaling.md.

As in `training.py`, a row is timed whole, from the call to the results in hand.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from training import Row, Work, measure

WORKS = [
    *(Work("pattern_1010", "mse", seeds, 10_000, has_plain=False) for seeds in (16, 64, 256, 1024)),
    *(Work("gaussian", "r3gan", seeds, 1_000, has_plain=False) for seeds in (16, 64)),
]
WORKERS = (1, 2)


def row(work: Work, workers: int) -> Row:
    """In a process of its own, so that its memory is its own too."""
    os.environ["GANSTUDY_WORKERS"] = str(workers)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(measure, work).result()


def main() -> None:
    print("| cell | seeds | workers | s | ms a seed | MB a worker |")
    print("|---|--:|--:|--:|--:|--:|")
    for work in WORKS:
        for workers in WORKERS:
            found = row(work, workers)
            share = 1e3 * found.ours / work.seeds
            name = f"`{work.variant}`, `{work.loss}`, {work.steps:,} steps"
            numbers = f"{found.ours:.1f} | {share:.0f} | {found.memory:.0f}"
            print(f"| {name} | {work.seeds} | {workers} | {numbers} |", flush=True)


if __name__ == "__main__":
    main()
