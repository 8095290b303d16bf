"""Where each part of a study lies, relative to its folder. dvc.yaml names the same places."""

from pathlib import Path

LOCK = Path("dvc.lock")
CODE = Path("data/code")
PREPARED = Path("data/prepared")
RUNS = Path("data/runs")
CHECKPOINTS = Path("data/checkpoints")
DURATIONS = Path("data/durations")
FLOORS_MADE_FROM = Path("data/floors")
CLASSIFIERS = Path("data/classifiers")
REPORTS = Path("reports")
METRICS_FOLDER = REPORTS / "metrics"
FLOORS = REPORTS / "floors"
JUDGED = REPORTS / "runs"
FIGURES = REPORTS / "figures"
CURVES = REPORTS / "curves"
OVERVIEW = FIGURES / "overview.svg"
COMPARISON = REPORTS / "comparison.json"
LEADERBOARD = REPORTS / "leaderboard.csv"
PAGE = REPORTS / "index.html"
SUMMARY = REPORTS / "summary.md"
MIRRORED = Path("mlruns/mirrored.json")


def code(stage: str, *of: str) -> Path:
    """The digests of the code that a stage rests on: of a variant, or of a cell, where those differ."""
    return CODE / f"{'/'.join((stage, *of))}.txt"


def settings(stage: str, *of: str) -> Path:
    """The settings that a stage rests on, alike."""
    return CODE / f"{'/'.join((stage, *of))}.json"


def prepared(variant: str) -> Path:
    """The variant's real data and their description."""
    return PREPARED / variant


def classifier(variant: str) -> Path:
    """The classifier of its images, or why there is none."""
    return CLASSIFIERS / variant


def floors(variant: str) -> Path:
    """What a perfect sampler of them would score."""
    return FLOORS / f"{variant}.json"


def runs(variant: str, loss: str) -> Path:
    """What training left of the cell's runs."""
    return RUNS / variant / loss


def checkpoints(variant: str, loss: str) -> Path:
    """Where the cell's unfinished training is kept. Names have no dash, so this is one folder's alone."""
    return CHECKPOINTS / f"{variant}-{loss}"


def metrics(variant: str, loss: str) -> Path:
    """The cell's summary over its runs, one number a key."""
    return METRICS_FOLDER / variant / f"{loss}.json"


def curves(variant: str) -> Path:
    """The curves of the variant's runs as a table, for DVC's plots."""
    return CURVES / f"{variant}.csv"


def judged(variant: str, loss: str) -> Path:
    """Every run's figures, beside target, floor and tolerance."""
    return JUDGED / variant / f"{loss}.json"
