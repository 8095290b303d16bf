"""Studies whose runs were made up instead of trained, but are judged and compared by the real stages."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ganstudy.core.files import read_json, write_json
from ganstudy.evaluation.judgement import judge, judge_runs, summarise_cell, thresholds
from ganstudy.losses.registry import make_loss
from ganstudy.networks.generator import Generator
from ganstudy.pipeline.classify import classify
from ganstudy.pipeline.compare import compare
from ganstudy.pipeline.evaluate import evaluate
from ganstudy.pipeline.floors import floors
from ganstudy.pipeline.reading import load_truth
from ganstudy.results import paths
from ganstudy.results.run_files import save_runs
from ganstudy.results.study_results import Results
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.loading import FILE, parse
from ganstudy.study.params import Params
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

GAUSSIAN: dict[str, Any] = {
    "source": {"name": "gaussian", "mean": 4.0, "std": 1.25, "samples": 200},
    "noise": {"name": "normal", "size": 2},
    "generator": {"hidden": [3]},
    "discriminator": {"hidden": [3]},
    "optimizer": {"name": "adam", "lr": 0.001},
    "batch": 4,
    "steps": 40,
    "points": 8,
    "snapshots": 4,
    "samples": 200,
}
PATTERN = GAUSSIAN | {
    "source": "pattern_1010",
    "noise": "constant",
    "update": "real_then_fake",
    "discriminator_pretest": 10_000,
    "samples": 1,
}
RING = GAUSSIAN | {"source": {"name": "ring", "samples": 200}}
# As many as are held out: the distance between samples of one size is quick to take.
DIGITS = GAUSSIAN | {"source": "digits", "samples": 359}

Diverges = Callable[[Cell, int], bool]
Off = Callable[[Cell, int], float]


def finish_study(
    variants: dict[str, Any],
    losses: dict[str, Any],
    seeds: int = 3,
    diverges: Diverges = lambda cell, seed: False,
    off: Off = lambda cell, seed: 0.0,
    **evaluation: Any,
) -> Results:
    """Write a study's files in the current folder, up to its comparison. A run is `off` its data by that."""
    params = begin_study(variants, losses, seeds, **evaluation)
    for cell in params.cells:
        prepared = Prepared.load(paths.prepared(cell.variant))
        runs = make_runs(cell, params.seeds, prepared, diverges, off)
        save_runs(runs, paths.runs(cell.variant, cell.loss))
        evaluate(params, cell.variant, cell.loss)
    compare(params)
    return Results.load(params)


def finish_large_study(variants: dict[str, Any], losses: dict[str, Any], seeds: int) -> Results:
    """The same without the time that it takes to judge thousands of runs: of each cell one is judged, and the
    others' figures are its own, changed by chance."""
    params = begin_study(variants, losses, seeds)
    for cell in params.cells:
        variant, loss = cell.variant, cell.loss
        prepared = Prepared.load(paths.prepared(variant))
        runs = make_runs(
            cell, params.seeds, prepared, lambda cell, seed: seed % 16 == 15, lambda cell, seed: 0.0
        )
        save_runs(runs, paths.runs(variant, loss))
        truth = load_truth(params, variant)
        floors = read_json(paths.floors(variant))
        figures = thresholds(params.evaluation.tolerance(params.variants[variant]), floors["metrics"])
        (judged,) = judge_runs(cell, runs.only(runs.seeds[:1]), truth, params.evaluation, figures)
        rng = np.random.default_rng(len(loss))
        rows = [
            changed(judged, seed, 1 + 3 * rng.random(), np.isfinite(runs.samples[replica]).all(), figures)
            for replica, seed in enumerate(runs.seeds)
        ]
        found = judge(cell, runs, truth, figures, rows, floors["trivial"])
        write_json(paths.judged(variant, loss), found)
        write_json(paths.metrics(variant, loss), summarise_cell(found))
    compare(params)
    return Results.load(params)


def changed(
    judged: dict[str, Any], seed: int, factor: float, ended: bool, figures: dict[str, Any]
) -> dict[str, Any]:
    """A run's row as another's: its errors worse by a factor, or without numbers."""
    row = {
        key: value * factor if key.endswith(("_error", "_error_bound")) else value
        for key, value in judged.items()
    }
    if not ended:
        row = {key: None if isinstance(value, float) else value for key, value in row.items()}
        return row | {"seed": seed, "outcome": "diverged", "failed": []}
    failed = [
        name
        for name, about in figures.items()
        if about["tolerance"] is not None and row.get(f"{name}_error_bound", 0) > about["tolerance"]
    ]
    return row | {"seed": seed, "outcome": "off_target" if failed else "matched", "failed": failed}


def begin_study(variants: dict[str, Any], losses: dict[str, Any], seeds: int, **evaluation: Any) -> Params:
    """Write a study's data and floors."""
    of_points = {"pattern_1010": {"inside": 1.0}} if has_point(variants) else {}
    study: dict[str, Any] = {
        "study": {"name": "made-up", "seeds": seeds},
        "variants": variants,
        "losses": losses,
        "evaluation": {
            "tolerances": of_points,
            "two_sample_test": {"hidden": [4], "passes": 1},
            **evaluation,
        },
    }
    FILE.write_text(json.dumps(study), encoding="utf-8")
    params = parse(study)
    for name, variant in params.variants.items():
        Prepared.of(make_source(variant.source)).save(paths.prepared(name))
        classify(params, name)
        floors(params, name)
    return params


def has_point(variants: dict[str, Any]) -> bool:
    return any(variant["source"] == PATTERN["source"] for variant in variants.values())


def make_runs(
    cell: Cell,
    seeds: Sequence[int],
    prepared: Prepared,
    diverges: Diverges,
    off: Off = lambda cell, seed: 0.0,
) -> Runs:
    """What training might have left: real samples moved a little, and curves that settle."""
    recipe, replicas = cell.recipe, len(seeds)
    rng = np.random.default_rng(0)
    made = np.stack([rng.choice(prepared.train, recipe.samples) for _ in seeds])
    made += 0.02 * rng.standard_normal((replicas, 1, *prepared.shape), dtype=np.float32)
    shown = min(recipe.samples, 16)
    growth = np.linspace(0, 1, recipe.snapshots + 1, dtype=np.float32)
    lost = [diverges(cell, seed) for seed in seeds]
    for replica, seed in enumerate(seeds):
        made[replica] += np.nan if lost[replica] else off(cell, seed)
    loss = make_loss(cell.settings)
    has_terms = hasattr(loss, "real")
    separate = recipe.update == "real_then_fake" and has_terms and loss.penalty is None
    return Runs(
        seeds=list(seeds),
        history=pd.concat(
            [make_history(cell, seed, made[replica], has_terms) for replica, seed in enumerate(seeds)],
            ignore_index=True,
        ),
        samples=made,
        evolution=made[:, None, :shown] * growth.reshape(1, -1, 1, *(1 for _ in prepared.shape)),
        evolution_steps=[round(recipe.steps * share) for share in growth],
        logits_real=rng.standard_normal((replicas, 20), dtype=np.float32),
        logits_fake=rng.standard_normal((replicas, 20), dtype=np.float32),
        weights=make_weights(cell, seeds, lost, prepared.shape),
        loss={"paper": loss.paper, "at_match": loss.at_match._asdict(), "brier_of": loss.brier_of},
        update="real_then_fake" if separate else "joint",
        pretest={"real": np.full(replicas, 0.8, np.float32), "noise": np.full(replicas, 0.2, np.float32)}
        if recipe.discriminator_pretest
        else None,
    )


def make_weights(
    cell: Cell, seeds: Sequence[int], lost: Sequence[bool], shape: tuple[int, ...]
) -> dict[str, np.ndarray]:
    """A generator's as it begins; those `lost` are no numbers."""
    initial = Generator(cell.recipe.noise, cell.recipe.generator, shape).initial(seeds)
    spoiled = np.where(lost, np.float32(np.nan), np.float32(1))[:, None, None]
    return {f"generator.{name}": value.numpy() * spoiled for name, value in initial.items()}


def make_history(cell: Cell, seed: int, samples: np.ndarray, has_terms: bool) -> pd.DataFrame:
    """One seed's curves, towards the moments of its samples."""
    samples = samples.reshape(len(samples), -1)
    points, dims = cell.recipe.points, samples.shape[1]
    growth = np.linspace(1 / points, 1, points)
    noise = np.random.default_rng(seed).normal(0, 0.05, points)
    values = samples if dims <= 4 else samples.reshape(-1, 1)
    names = [""] if values.shape[1] == 1 else [f"_{i + 1}" for i in range(dims)]
    moments = {
        f"{moment}{name}": getattr(np, moment)(values[:, i]) * growth
        for moment in ("mean", "std")
        for i, name in enumerate(names)
    }
    term = 0.7 + noise if has_terms else np.full(points, np.nan)
    return pd.DataFrame(
        {
            "seed": seed,
            "step": np.round(cell.recipe.steps * growth).astype(int),
            "discriminator_real": term,
            "discriminator_fake": term + 0.05,
            "discriminator": 1.4 + noise if np.isfinite(samples).all() else np.nan,
            "penalty": np.zeros(points),
            "generator": 0.7 - noise,
            **moments,
        }
    )
