"""A seed's run in the store, below its cell's: settings, outcome, figures, curve, samples, weights."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from ganstudy.results import CellResult
from ganstudy.tracking.cell_run import cell_name, numbers
from ganstudy.tracking.curves import seed_curve
from ganstudy.tracking.fingerprint import fingerprint
from ganstudy.tracking.record import FINGERPRINT, PARENT, SUPERSEDED, Record
from ganstudy.tracking.samples import sample_table
from ganstudy.tracking.settings import cell_params, cell_settings


def seed_fingerprints(result: CellResult) -> dict[int, str]:
    """Each run's, by seed: of what went into it and of all that came out."""
    return {seed: _fingerprint(result, lane) for lane, seed in enumerate(result.runs.seeds)}


def _fingerprint(result: CellResult, lane: int) -> str:
    runs = result.runs
    history = runs.history[runs.history["seed"] == runs.seeds[lane]]
    arrays: dict[str, NDArray[Any]] = {
        **{f"history.{name}": history[name].to_numpy() for name in history},
        **{f"weights.{name}": value for name, value in _weights(result, lane).items()},
        **{f"warm_up.{name}": answer[lane] for name, answer in (runs.warm_up or {}).items()},
        "samples": runs.samples[lane],
        "evolution": runs.evolution[lane],
        "logits_real": runs.logits_real[lane],
        "logits_fake": runs.logits_fake[lane],
    }
    content = {
        "level": "seed",
        "variant": result.cell.variant,
        "settings": cell_settings(result.cell),
        "data": result.prepared.description["sha256"],
        "seed": runs.seeds[lane],
        "judged": _judged(result, lane),
        "update": runs.update,
    }
    return fingerprint(content, arrays)


def seed_record(result: CellResult, lane: int, print_: str, parent: str) -> Record:
    """The run with the fingerprint `print_`, below the cell's run of that id."""
    cell, runs, judged = result.cell, result.runs, _judged(result, lane)
    seed = runs.seeds[lane]
    tags = {
        "level": "seed",
        "variant": cell.variant,
        "loss": cell.loss,
        "seed": str(seed),
        "outcome": judged["outcome"],
        FINGERPRINT: print_,
        SUPERSEDED: "false",
        PARENT: parent,
    }
    if judged["outcome"] == "diverged":
        tags["diverged"] = "true"
    if judged["failed"]:
        tags["failed"] = ", ".join(judged["failed"])
    figures = {key: value for key, value in judged.items() if key != "seed"}
    return Record(
        name=f"{cell_name(result)} · seed {seed}",
        tags=tags,
        params={**cell_params(cell), "seed": str(seed)},
        metrics=[*numbers("final", figures), *seed_curve(runs.history, seed)],
        files={
            "samples.csv": sample_table({seed: runs.samples[lane]}, result.prepared.description),
            "weights.safetensors": save(_weights(result, lane)),
        },
        below=lane,
    )


def _judged(result: CellResult, lane: int) -> dict[str, Any]:
    seed = result.runs.seeds[lane]
    return next(row for row in result.judged["runs"] if row["seed"] == seed)


def _weights(result: CellResult, lane: int) -> dict[str, NDArray[np.float32]]:
    return {name: np.ascontiguousarray(value[lane]) for name, value in result.runs.weights.items()}
