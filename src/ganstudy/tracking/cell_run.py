"""A cell's run in the store: settings, statistics and curves over its seeds, pictures, data, model."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from mlflow.entities import Dataset

from ganstudy.core.files import flat
from ganstudy.results import paths
from ganstudy.results.study_results import CellResult
from ganstudy.study.loading import FILE
from ganstudy.tracking.curves import cell_curve
from ganstudy.tracking.links import Place, filtered_charts
from ganstudy.tracking.record import FINAL, NOTE, SETTING, Model, Record, fingerprint, number_points
from ganstudy.tracking.samples import sample_table
from ganstudy.training.cell import Cell

PICTURE_KINDS = (".png", ".svg")
THRESHOLD_KEYS = ("target", "floor", "tolerance")
"""A metric's thresholds, as in reports/runs."""


def cell_name(cell: Cell) -> str:
    """As a person reads it."""
    return f"{cell.variant} · {cell.loss}"


def cell_settings(cell: Cell) -> dict[str, Any]:
    """Everything that params.yaml says of the cell, as nested dictionaries."""
    # The loss's own options are fields of its class alone, which dumping the cell would leave out.
    loss = {**cell.settings.model_dump(mode="json"), **cell.overrides}
    return {"recipe": cell.recipe.model_dump(mode="json"), "loss": loss}


def flat_settings(cell: Cell) -> dict[str, Any]:
    """The same, flat: `optimizer.lr`, `loss.penalty` and so on. What is not set is left out."""
    settings = cell_settings(cell)
    every = flat({**settings["recipe"], "loss": settings["loss"]})
    return {place: value for place, value in every.items() if value is not None}


def cell_params(cell: Cell) -> dict[str, str]:
    """The same as MLflow's params, one line of text each."""
    return {
        place: value if isinstance(value, str) else json.dumps(value)
        for place, value in flat_settings(cell).items()
    }


def cell_tags(cell: Cell, level: str) -> dict[str, str]:
    """What tells runs of the same cell from others."""
    return {
        "level": level,
        "variant": cell.variant,
        "loss": cell.loss,
        "dvc_stage": f"train@{cell.variant}-{cell.loss}",
    }


def cell_fingerprint(result: CellResult, seeds: Mapping[int, str]) -> str:
    """Of the cell's settings, data, statistics and runs: `seeds` has each run's fingerprint. Its pictures
    are no part of it: one drawn anew is no other result."""
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


def cell_drawn(variant: str) -> dict[str, Path]:
    """The pictures of a cell's variant, by their place among the run's artifacts."""
    folder = paths.FIGURES / variant
    files = sorted(path for path in folder.glob("*") if path.suffix in PICTURE_KINDS)
    return {f"figures/{path.name}": path for path in files}


def cell_record(result: CellResult, print_: str, page: str) -> Record:
    """The run with the fingerprint `print_`; `page` is its findings as HTML."""
    cell, runs, summary = result.cell, result.runs, result.summary
    folder = paths.runs(cell.variant, cell.loss)
    description = result.prepared.description
    drawn = cell_drawn(cell.variant)
    samples = dict(zip(runs.seeds, runs.samples, strict=True))
    matched = f"{summary['matched']} of {summary['runs']} matched"
    sections = {
        FINAL: {**summary, "score": result.score(summary)},
        # MLflow compares params as text, and finds ranges among metrics alone.
        SETTING: flat_settings(cell),
        **{
            key: {name: about[key] for name, about in result.judged["metrics"].items()}
            for key in THRESHOLD_KEYS
        },
    }
    return Record(
        name=cell_name(cell),
        fingerprint=print_,
        tags={
            **cell_tags(cell, "cell"),
            "outcome": matched,
            "diverged": str(summary["diverged"] > 0).lower(),
        },
        params={**cell_params(cell), "seeds": json.dumps(runs.seeds)},
        metrics=[*number_points(sections), *cell_curve(runs.history)],
        files={
            "report.html": page.encode(),
            "params.yaml": FILE,
            "metrics.json": paths.metrics(cell.variant, cell.loss),
            "runs.json": paths.judged(cell.variant, cell.loss),
            "samples.csv": sample_table(samples, description),
            "samples.npy": folder / "samples.npy",
            "weights.safetensors": folder / "weights.safetensors",
        },
        drawn=drawn,
        note=partial(_note, result, matched, list(drawn)),
        data=Dataset(
            cell.variant,
            # As much as MLflow has room for.
            description["sha256"][:32],
            "ganstudy",
            json.dumps(description["source"], sort_keys=True),
            profile=json.dumps({"rows": description["rows"], "shape": description["shape"]}),
        ),
        model=_model(result),
    )


def comparable_metrics(result: CellResult) -> list[str]:
    """Those of the cell's final metrics that its losses are compared by first."""
    metrics = result.judged["metrics"]
    return [
        "success_rate",
        *(["score"] if result.score_name else []),
        *(["c2st_accuracy"] if metrics["c2st_accuracy"]["reason"] is None else []),
        *(f"{name}_error" for name, about in metrics.items() if about["tolerance"] is not None),
    ]


def _note(result: CellResult, matched: str, pictures: Sequence[str], place: Place) -> str:
    cell, summary, metrics = result.cell, result.summary, result.judged["metrics"]
    low, high = (100 * summary[f"success_rate_{end}"] for end in ("low", "high"))
    condition = (
        f"tags.level = 'seed' AND tags.superseded = 'false' AND tags.variant = '{cell.variant}' "
        f"AND tags.loss = '{cell.loss}'"
    )
    links = [
        f"[findings]({place.file('report.html')})",
        f"[every seed's curves]({filtered_charts(place.experiment, condition)})",
        *(f"[{Path(name).stem}]({place.file(name)})" for name in pictures),
    ]
    lines = [f"**{matched}** (95 % interval {low:.0f} to {high:.0f} %): {', '.join(links)}", ""]
    for name, about in metrics.items():
        if about["tolerance"] is not None:
            error, floor, tolerance = (
                "–" if x is None else f"{x:.3g}"
                for x in (summary.get(f"{name}_error"), about["floor"], about["tolerance"])
            )
            lines.append(f"- `{name}`: off by {error}; tolerance {tolerance}, a perfect sampler's {floor}")
    return "\n".join(lines)


def _model(result: CellResult) -> Model | None:
    """The generator of the best run."""
    # Here, since it imports PyTorch, which a store that has everything needs no one to wait for.
    from ganstudy.results.sampler import Sampler

    if (seed := result.best_seed) is None:
        return None
    cell, runs = result.cell, result.runs
    return Model(
        name=f"{cell.variant}-{cell.loss}",
        sampler=Sampler.of(
            cell.recipe.noise,
            cell.recipe.generator,
            result.prepared.description,
            runs.weights,
            runs.seeds.index(seed),
        ),
        tags={
            "variant": cell.variant,
            "loss": cell.loss,
            "seed": str(seed),
            "outcome": result.row(seed)["outcome"],
            NOTE: f"The best of {len(runs.seeds)} seeds, {seed}. `mlflow.pyfunc.load_model(…)` has a "
            f"`predict` for a number of samples or for noise [n, {cell.recipe.noise.size}]; samples are in "
            "original units.",
        },
    )
