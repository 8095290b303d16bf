"""Finished studies of a few numbers, written as the stages write them."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Run

from ganstudy.core.files import write_json
from ganstudy.metrics.registry import SAMPLE_METRICS
from ganstudy.results import paths
from ganstudy.results.run_files import save_runs
from ganstudy.results.study_results import CellResult, Results
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.loading import FILE, load
from ganstudy.tracking.making import Presentation
from ganstudy.tracking.mirror import mirror
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs
from made_up import make_weights

POINTS, SAMPLES = 5, 30
RECIPE: dict[str, Any] = {
    "source": {"name": "gaussian", "mean": 4.0, "std": 1.25, "samples": 40},
    "noise": {"name": "normal", "size": 2},
    "generator": {"hidden": [3, 2]},
    "discriminator": {"hidden": [3]},
    "optimizer": {"name": "adam", "lr": 2e-4},
    "batch": 4,
    "steps": 50,
    "points": POINTS,
    "snapshots": 2,
    "samples": SAMPLES,
}
LOSSES: dict[str, Any] = {
    "mse": {},
    "soft": {"loss": "smoothed", "smoothing": 0.1},
    "r3gan": {"penalty": 0.5},
}
Diverges = Callable[[str, int], bool]


def page(result: CellResult) -> str:
    return f"<p>{result.cell.loss}</p>"


def drawn(result: CellResult, replica: int) -> bytes:
    return f"picture of seed {result.runs.seeds[replica]}".encode()


def mirrored(results: Results) -> dict[str, Any]:
    """Mirror the study, with a word in place of each picture and page."""
    return mirror(results, Presentation(page, drawn))


def write_study(
    losses: Sequence[str] = ("mse",),
    seeds: Sequence[int] = (0, 1),
    diverges: Diverges = lambda loss, seed: False,
    variants: Sequence[str] = ("flat",),
    finding: str = "flat: found.",
) -> Results:
    """A study in the current folder, with a picture of each variant. Each seed's numbers are its own."""
    settings = {
        "study": {"name": "tiny", "seeds": list(seeds)},
        "variants": dict.fromkeys(variants, RECIPE),
        "losses": {loss: LOSSES[loss] for loss in losses},
    }
    FILE.write_text(json.dumps(settings), encoding="utf-8")
    params = load()
    for name, variant in params.variants.items():
        Prepared.of(make_source(variant.source)).save(paths.prepared(name))
        picture(name, b"drawn once")
    for cell in params.cells:
        lost = [diverges(cell.loss, seed) for seed in seeds]
        save_runs(make_runs(cell, seeds, lost), paths.runs(cell.variant, cell.loss))
        judge(cell, {seed: judged(seed, bad) for seed, bad in zip(seeds, lost, strict=True)})
    write_json(paths.COMPARISON, {"findings": {variants[0]: finding}, "overall": ""})
    paths.PAGE.write_text("the page", encoding="utf-8")
    paths.LEADERBOARD.write_text("cell,success_rate\n", encoding="utf-8")
    return Results.load(params)


def make_runs(cell: Cell, seeds: Sequence[int], lost: Sequence[bool]) -> Runs:
    """Arrays that tell the seeds apart; those `lost` end without numbers."""
    own = np.array([np.nan if bad else seed + 1 for seed, bad in zip(seeds, lost, strict=True)], np.float32)
    along = np.linspace(0, 1, SAMPLES, dtype=np.float32)[:, None]
    replicas = own[:, None, None]
    return Runs(
        seeds=list(seeds),
        history=pd.concat(
            [history(cell, seed, bad) for seed, bad in zip(seeds, lost, strict=True)], ignore_index=True
        ),
        samples=replicas + along,
        evolution=np.stack([replicas + along, replicas - along], axis=1),
        evolution_steps=[0, cell.recipe.steps],
        logits_real=own[:, None] * np.ones((1, 4), np.float32),
        logits_fake=-own[:, None] * np.ones((1, 4), np.float32),
        weights=make_weights(cell, seeds, lost, (1,)),
        loss={"paper": "none", "at_match": {}, "brier_of": None},
        update="joint",
        pretest=None,
    )


def history(cell: Cell, seed: int, lost: bool) -> pd.DataFrame:
    """As training writes it; a loss of one term has no others. A lost run ends in infinity and NaN."""
    growth = np.arange(1, POINTS + 1) / POINTS
    curve = (seed + 1) * growth
    if lost:
        curve[-2:] = np.inf, np.nan
    absent = np.full(POINTS, np.nan)
    return pd.DataFrame(
        {
            "seed": seed,
            "step": np.round(cell.recipe.steps * growth).astype(int),
            "discriminator_real": absent if cell.loss == "r3gan" else curve,
            "discriminator": 2 * curve,
            "penalty": curve / 10 if cell.loss == "r3gan" else np.zeros(POINTS),
            "generator": -curve,
            "mean": 4 * growth + seed,
        }
    )


def judged(seed: int, lost: bool = False) -> dict[str, Any]:
    """A run's row in reports/runs."""
    figures = {
        "wasserstein": 0.25 * (seed + 1),
        "wasserstein_error": 0.25 * (seed + 1),
        "mean": 4.0 + seed,
        "brier": None,
    }
    return {
        "seed": seed,
        "outcome": "diverged" if lost else "matched" if seed == 0 else "off_target",
        "failed": [] if lost or seed == 0 else ["mean", "wasserstein"],
        **(dict.fromkeys(figures) if lost else figures),
    }


def judge(cell: Cell, rows: dict[int, dict[str, Any]]) -> None:
    """Write what evaluation found of the cell."""
    outcomes = [row["outcome"] for row in rows.values()]
    summary = {
        "runs": len(rows),
        "matched": outcomes.count("matched"),
        "off_target": outcomes.count("off_target"),
        "undecided": 0,
        "collapsed": 0,
        "diverged": outcomes.count("diverged"),
        "success_rate": outcomes.count("matched") / len(rows),
        "success_rate_low": 0.1,
        "success_rate_high": 0.9,
        "wasserstein": 0.5,
        "wasserstein_error": 0.5,
        "brier": None,
    }
    absent = {"target": None, "floor": None, "tolerance": None, "reason": "left out here"}
    about = dict.fromkeys(
        [*SAMPLE_METRICS, "discriminator", "c2st_accuracy", "jensen_shannon", "brier"], absent
    )
    about |= {"wasserstein": {"target": 0.0, "floor": 0.02, "tolerance": 0.1, "reason": None}}
    write_json(paths.metrics(cell.variant, cell.loss), summary)
    write_json(
        paths.judged(cell.variant, cell.loss),
        {"metrics": about, "over_runs": {}, "runs": list(rows.values())},
    )


def picture(variant: str, content: bytes) -> Path:
    """A file in the picture's place."""
    path = paths.FIGURES / variant / "distribution.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


class View:
    """The store in a folder, or at an address, as anyone with MLflow's client sees it."""

    def __init__(self, place: Path | str) -> None:
        uri = f"sqlite:///{place}/mlflow.db" if isinstance(place, Path) else place
        self.client = MlflowClient(tracking_uri=uri)

    @property
    def experiment(self) -> str:
        found = self.client.get_experiment_by_name("tiny")
        assert found is not None
        return str(found.experiment_id)

    @property
    def runs(self) -> dict[str, Run]:
        """Those that are neither deleted nor superseded, by name."""
        runs = [run for run in self.all if run.data.tags.get("superseded") != "true"]
        by_name = {run.info.run_name: run for run in runs}
        assert len(by_name) == len(runs)
        return by_name

    @property
    def all(self) -> list[Run]:
        return list(self.client.search_runs([self.experiment]))

    @property
    def made(self) -> int:
        """How many runs are there as a whole; none where there is no experiment yet."""
        there = self.client.get_experiment_by_name("tiny") is not None
        return sum(run.info.status == "FINISHED" for run in self.all) if there else 0

    @property
    def ids(self) -> dict[str, str]:
        return {name: run.info.run_id for name, run in self.runs.items()}

    def curve(self, name: str, metric: str) -> dict[int, float]:
        """The metric's values by step."""
        return {m.step: m.value for m in self.client.get_metric_history(self.ids[name], metric)}

    def files(self, name: str) -> dict[str, Path]:
        """The run's artifacts by their places."""
        folder = Path(self.client.download_artifacts(self.ids[name], ""))
        return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
