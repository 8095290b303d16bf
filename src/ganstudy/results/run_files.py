"""Runs in files, as data/runs holds them."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from safetensors.numpy import load_file, save

from ganstudy.training.runs import Runs

PRETEST = "warm_up"
"""Its key in the file, as it has been since the first study: another would change every output's bits."""


def save_runs(runs: Runs, folder: Path) -> None:
    """Write everything, the same bytes for the same runs. OSError if that cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    runs.history.to_parquet(folder / "history.parquet", index=False)
    for name in ("samples", "evolution", "logits_real", "logits_fake"):
        with (folder / f"{name}.npy").open("wb") as file:
            # Into a file itself NumPy would write past Python, and not tell why it could not.
            np.save(SimpleNamespace(write=file.write), getattr(runs, name), allow_pickle=False)
    weights = {name: np.ascontiguousarray(value) for name, value in runs.weights.items()}
    (folder / "weights.safetensors").write_bytes(save(weights))
    about: dict[str, Any] = {
        "seeds": runs.seeds,
        "evolution_steps": runs.evolution_steps,
        "loss": runs.loss,
        "update": runs.update,
        PRETEST: runs.pretest and {name: answer.tolist() for name, answer in runs.pretest.items()},
    }
    text = json.dumps(about, indent=1, sort_keys=True)
    (folder / "runs.json").write_text(text + "\n", encoding="utf-8")


def load_runs(folder: Path) -> Runs:
    """Read what `save_runs` wrote."""
    about = json.loads((folder / "runs.json").read_text(encoding="utf-8"))
    pretest = about[PRETEST]
    return Runs(
        seeds=about["seeds"],
        history=pd.read_parquet(folder / "history.parquet"),
        **{
            name: np.load(folder / f"{name}.npy", allow_pickle=False)
            for name in ("samples", "evolution", "logits_real", "logits_fake")
        },
        evolution_steps=about["evolution_steps"],
        weights=load_file(folder / "weights.safetensors"),
        loss=about["loss"],
        update=about["update"],
        pretest=pretest and {name: np.array(answer, np.float32) for name, answer in pretest.items()},
    )
