"""Where a result comes from: commit, DVC's experiment, and the main checkout."""

import os
import subprocess
from pathlib import Path

from ganstudy.tracking.record import EXPERIMENT

COPIES = Path(".dvc/tmp/exps")
"""Where DVC puts the copies in which `dvc exp run --temp` and the queue work, in the main checkout. They are
thrown away, and the store must outlive them."""


def home() -> Path:
    """The main checkout if the current folder is one of DVC's copies of it, else the current folder."""
    here = Path.cwd()
    if root := os.environ.get("DVC_ROOT"):
        main = Path(root).resolve()
        if here.is_relative_to(main / COPIES):
            return main
    return here


def origin_tags() -> dict[str, str]:
    """What the current folder and DVC's environment say, as tags for every run that is made: the commit, if
    there is one, whether tracked files differ from it, and DVC's experiment, if it runs one."""
    tags = {"mlflow.source.name": "ganstudy track", "mlflow.source.type": "LOCAL"}
    if (commit := _git("rev-parse", "HEAD")) is not None:
        tags |= {
            "git_commit": commit,
            "git_dirty": str(bool(_git("status", "--porcelain", "--untracked-files=no"))).lower(),
            # What MLflow itself shows as a run's version.
            "mlflow.source.git.commit": commit,
        }
    if experiment := os.environ.get("DVC_EXP_NAME"):
        tags[EXPERIMENT] = experiment
    return tags


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
