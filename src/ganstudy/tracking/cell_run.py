"""A cell's run in the store: settings, statistics and curves over its seeds, figures, data, weights."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ganstudy import layout
from ganstudy.params import FILE
from ganstudy.results import CellResult
from ganstudy.tracking.curves import cell_curve
from ganstudy.tracking.fingerprint import fingerprint
from ganstudy.tracking.record import FIGURES, FINGERPRINT, SUPERSEDED, Data, Point, Record
from ganstudy.tracking.samples import sample_table
from ganstudy.tracking.settings import cell_params, cell_settings

BESIDE = ("target", "floor", "tolerance")
"""What a figure stands beside, in reports/runs."""


def cell_name(result: CellResult) -> str:
    """As a person reads it."""
    return f"{result.cell.variant} · {result.cell.loss}"


def cell_fingerprint(result: CellResult, seeds: Mapping[int, str]) -> str:
    """Of the cell's settings, data, statistics and runs: `seeds` has each run's fingerprint. Its figures are
    no part of it: a picture drawn anew is no other result."""
    about = {key: value for key, value in result.judged.items() if key != "runs"}
    return fingerprint(
        {
            "level": "cell",
            "variant": result.cell.variant,
            "settings": cell_settings(result.cell),
            "data": result.prepared.description,
            "summary": result.summary,
            "judged": about,
            "seeds": sorted(seeds.items()),
        }
    )


def figure_files(result: CellResult) -> dict[str, Path]:
    """The pictures of the cell's variant, by their place among the run's artifacts."""
    folder = layout.FIGURES / result.cell.variant
    return {f"figures/{path.name}": path for path in sorted(folder.glob("*.png"))}


def figure_fingerprint(figures: Mapping[str, Path]) -> str:
    """Of the pictures' bytes."""
    return fingerprint(None, {name: np.fromfile(path, np.uint8) for name, path in figures.items()})


def cell_record(result: CellResult, print_: str) -> Record:
    """The run with the fingerprint `print_`."""
    cell, runs = result.cell, result.runs
    folder = layout.runs(cell.variant, cell.loss)
    figures = figure_files(result)
    description = result.prepared.description
    samples = dict(zip(runs.seeds, runs.samples, strict=True))
    tags = {
        "level": "cell",
        "variant": cell.variant,
        "loss": cell.loss,
        "outcome": f"{result.summary['matched']} of {result.summary['runs']} matched",
        FINGERPRINT: print_,
        FIGURES: figure_fingerprint(figures),
        SUPERSEDED: "false",
    }
    return Record(
        name=cell_name(result),
        tags=tags,
        params={**cell_params(cell), "seeds": json.dumps(runs.seeds)},
        metrics=[
            *numbers("final", result.summary),
            *_beside(result.judged["figures"]),
            *cell_curve(runs.history),
        ],
        files={
            **figures,
            "params.yaml": FILE,
            "metrics.json": layout.metrics(cell.variant, cell.loss),
            "runs.json": layout.judged(cell.variant, cell.loss),
            "samples.csv": sample_table(samples, description, share=len(samples)),
            "samples.npy": folder / "samples.npy",
            "weights.safetensors": folder / "weights.safetensors",
        },
        data=Data(
            name=cell.variant,
            # As much as MLflow has room for.
            digest=description["sha256"][:32],
            source=json.dumps(description["source"], sort_keys=True),
            profile=json.dumps({"rows": description["rows"], "shape": description["shape"]}, sort_keys=True),
        ),
    )


def numbers(section: str, figures: Mapping[str, Any]) -> list[Point]:
    """Those of the figures that are numbers, in a section of their own among the charts."""
    return [
        Point(f"{section}/{key}", float(value))
        for key, value in figures.items()
        if isinstance(value, int | float)
    ]


def _beside(figures: Mapping[str, Mapping[str, Any]]) -> list[Point]:
    return [
        point
        for what in BESIDE
        for point in numbers(what, {name: about[what] for name, about in figures.items()})
    ]
