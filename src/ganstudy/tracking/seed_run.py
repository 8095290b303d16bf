"""A seed's run in the store, below its cell's: settings, outcome, metrics, curves, samples, weights."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from ganstudy.results.study_results import CellResult
from ganstudy.tracking.cell_run import cell_name, cell_params, cell_settings, cell_tags
from ganstudy.tracking.curves import seed_curve, telling_columns
from ganstudy.tracking.record import FINAL, PARENT, Record, fingerprint, number_points
from ganstudy.tracking.samples import sample_table


def seed_fingerprints(result: CellResult) -> dict[int, str]:
    """Each run's, by seed: of what went into it and of all that came out."""
    runs, prints = result.runs, {}
    for replica, seed in enumerate(runs.seeds):
        content = {
            "level": "seed",
            "variant": result.cell.variant,
            "settings": cell_settings(result.cell),
            "data": result.prepared.description["sha256"],
            "seed": seed,
            "judged": result.row(seed),
            "update": runs.update,
        }
        history = runs.history[runs.history["seed"] == seed]
        arrays: dict[str, NDArray[Any]] = {
            **{f"history.{name}": column.to_numpy() for name, column in history.items()},
            **{f"weights.{name}": value for name, value in _weights(result, replica).items()},
            **{f"pretest.{name}": answer[replica] for name, answer in (runs.pretest or {}).items()},
            "samples": runs.samples[replica],
            "evolution": runs.evolution[replica],
            "logits_real": runs.logits_real[replica],
            "logits_fake": runs.logits_fake[replica],
        }
        prints[seed] = fingerprint(content, arrays)
    return prints


def seed_record(result: CellResult, replica: int, print_: str, parent: str, picture: bytes | None) -> Record:
    """The run with the fingerprint `print_`, below the cell's run of that id."""
    runs, seed = result.runs, result.runs.seeds[replica]
    judged = result.row(seed)
    diverged = judged["outcome"] == "diverged"
    # Also where all of a run's are lost, the columns that say something are those of its cell.
    shown = [*telling_columns(runs.history), "discriminator", "generator"]
    curves = runs.history.loc[runs.history["seed"] == seed, shown]
    tags = {
        **cell_tags(result.cell, "seed"),
        "seed": str(seed),
        "outcome": judged["outcome"],
        "diverged": str(diverged).lower(),
        # A curve may lose its numbers and find them again.
        "nan": str(not np.isfinite(curves.to_numpy()).all()).lower(),
        PARENT: parent,
    }
    if judged["failed"]:
        tags["failed"] = ", ".join(judged["failed"])
    metrics = {key: value for key, value in judged.items() if key != "seed"}
    files = {
        "samples.csv": sample_table({seed: runs.samples[replica]}, result.prepared.description),
        "weights.safetensors": save(_weights(result, replica)),
    }
    if picture is not None:
        files["samples.png"] = picture
    return Record(
        name=f"{cell_name(result.cell)} · seed {seed}",
        fingerprint=print_,
        tags=tags,
        params={**cell_params(result.cell), "seed": str(seed)},
        metrics=[
            *number_points({FINAL: {**metrics, "score": result.score(judged)}}),
            *seed_curve(runs.history, seed),
        ],
        files=files,
        failed=diverged,
    )


def _weights(result: CellResult, replica: int) -> dict[str, NDArray[np.float32]]:
    return {name: np.ascontiguousarray(value[replica]) for name, value in result.runs.weights.items()}
