"""How long mirroring takes: a made-up study of 30 cells × 16 seeds with 200-point curves of 6 metrics.

Prints the seconds for an empty store, for one that has everything, and for one in which a cell has changed,
beside those of one batch of 1,000 values alone, which is what MLflow can do.

    python benchmarks/tracking.py
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric

from ganstudy.core.files import write_json
from ganstudy.metrics.registry import METRICS
from ganstudy.networks.generator import Generator
from ganstudy.results import paths
from ganstudy.results.run_files import save_runs
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.evaluation import OUTCOMES
from ganstudy.study.loading import load
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

VARIANTS, LOSSES, SEEDS, POINTS = 5, 6, 16, 200
MEASURED = ("mean", "std", "skew", "kurtosis", "wasserstein", "c2st_accuracy")
CURVES = ("discriminator_real", "discriminator_fake", "discriminator", "generator", "mean", "std")
RECIPE: dict[str, Any] = {
    "source": {"name": "gaussian", "mean": 4.0, "std": 1.25, "samples": 1000},
    "noise": {"name": "normal", "size": 8},
    "generator": {"hidden": [64, 64, 64]},
    "discriminator": {"hidden": [64, 64, 64]},
    "optimizer": {"name": "adam", "lr": 1e-3},
    "batch": 256,
    "steps": 6000,
    "points": POINTS,
    "samples": 10_000,
}
NAMES = ("mse", "non_saturating", "minimax", "smoothed", "hinge", "r3gan")


def write_study() -> None:
    """A finished study in the current folder, with the committed one's pages."""
    settings = {
        "study": {"name": "made-up", "seeds": SEEDS},
        "variants": {f"gaussian_{i}": RECIPE for i in range(VARIANTS)},
        "losses": {name: {} for name in NAMES[:LOSSES]},
    }
    Path("params.yaml").write_text(json.dumps(settings), encoding="utf-8")
    params = load()
    for name, variant in params.variants.items():
        Prepared.of(make_source(variant.source)).save(paths.prepared(name))
    for i, cell in enumerate(params.cells):
        make_cell(cell, i)
    write_json(paths.COMPARISON, {})
    paths.PAGE.write_text("made up", encoding="utf-8")


def make_cell(cell: Cell, i: int) -> None:
    """One cell's runs and what was found of them."""
    rng, seeds = np.random.default_rng(i), list(range(SEEDS))
    history = pd.DataFrame(
        {
            "seed": np.repeat(seeds, POINTS),
            "step": np.tile(np.arange(1, POINTS + 1) * 30, SEEDS),
            **{name: rng.normal(size=SEEDS * POINTS) for name in CURVES},
        }
    )
    initial = Generator(cell.recipe.noise, cell.recipe.generator, (1,)).initial(seeds)
    weights = {f"generator.{name}": value.numpy() for name, value in initial.items()}
    empty = np.zeros((SEEDS, 1), np.float32)
    samples = rng.normal(4, 1.25, (SEEDS, 10_000, 1)).astype(np.float32)
    runs = Runs(
        seeds, history, samples, samples[:, None, :100], [0], empty, empty, weights, {}, "joint", None
    )
    save_runs(runs, paths.runs(cell.variant, cell.loss))
    rows = [
        {"seed": seed, "outcome": "matched", "failed": []}
        | {f"{name}{end}": rng.random() for name in MEASURED for end in ("", "_error", "_error_bound")}
        for seed in seeds
    ]
    known = {"target": 0.0, "floor": 0.01, "tolerance": 0.1, "reason": None}
    absent = {"target": None, "floor": None, "tolerance": None, "reason": "made up"}
    about = dict.fromkeys(METRICS, absent) | dict.fromkeys(MEASURED, known)
    outcomes = dict.fromkeys(OUTCOMES, 0) | {"matched": SEEDS}
    rate = {"success_rate": 1.0, "success_rate_low": 0.8, "success_rate_high": 1.0}
    means = {f"{name}{end}": 0.5 for name in MEASURED for end in ("", "_error")}
    write_json(paths.metrics(cell.variant, cell.loss), {"runs": SEEDS, **outcomes, **rate, **means})
    judged = {"metrics": about, "over_runs": {}, "runs": rows}
    write_json(paths.judged(cell.variant, cell.loss), judged)


def track() -> float:
    """Seconds of `ganstudy track`, start included."""
    started = time.perf_counter()
    subprocess.run(
        [Path(sys.executable).with_name("ganstudy"), "track"], check=True, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - started


def batch() -> float:
    """Seconds of one call with 1,000 values of a curve, at best of ten."""
    client = MlflowClient(f"sqlite:///{Path('alone.db').resolve()}")
    run = client.create_run(client.create_experiment("alone")).info.run_id
    took = []
    for i in range(10):
        values = [Metric(f"curve/{i}", float(step), 0, step) for step in range(1000)]
        started = time.perf_counter()
        client.log_batch(run, metrics=values)
        took.append(time.perf_counter() - started)
    return min(took)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ.pop("MLFLOW_TRACKING_URI", None)
        write_study()
        points = VARIANTS * LOSSES * SEEDS * POINTS * len(CURVES)
        print(f"{VARIANTS * LOSSES} cells × {SEEDS} seeds, {points:,} points of the seeds' curves")
        print(f"{'empty store':>28}: {track():5.1f} s")
        print(f"{'everything there':>28}: {track():5.1f} s")
        make_cell(load().cells[7], 100)
        print(f"{'one cell changed':>28}: {track():5.1f} s")
        alone = batch()
        print(f"{'a batch of 1,000':>28}: {alone:5.3f} s, {alone * points / 1000:.0f} s for so many points")


if __name__ == "__main__":
    main()
