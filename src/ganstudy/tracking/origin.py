"""Where a result comes from: commit, DVC's experiment, and the main checkout."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ganstudy.tracking.record import EXPERIMENT

COPIES = Path(".dvc/tmp/exps")
"""Where DVC puts the copies in which `dvc exp run --temp` and the queue work, in the main checkout."""


@dataclass(frozen=True)
class Origin:
    """What the current folder and DVC's environment say."""

    home: Path
    """The main checkout: DVC's copies of it are thrown away, and the store must outlive them."""
    experiment: str | None
    """Its name, if DVC runs an experiment."""
    commit: str | None
    dirty: bool
    """Whether tracked files differ from the commit."""

    @classmethod
    def here(cls) -> Self:
        """Of the current folder. Outside git there is no commit."""
        commit = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no")
        return cls(home(), os.environ.get("DVC_EXP_NAME") or None, commit, bool(changed))

    @property
    def is_copy(self) -> bool:
        """Whether the current folder is one of DVC's copies."""
        return self.home != Path.cwd()

    @property
    def tags(self) -> dict[str, str]:
        """For every run that is made."""
        tags = {"mlflow.source.name": "ganstudy track", "mlflow.source.type": "LOCAL"}
        if self.commit is not None:
            tags |= {
                "git_commit": self.commit,
                "git_dirty": str(self.dirty).lower(),
                # What MLflow itself shows as a run's version.
                "mlflow.source.git.commit": self.commit,
            }
        if self.experiment is not None:
            tags[EXPERIMENT] = self.experiment
        return tags


def home() -> Path:
    """The main checkout if the current folder is one of DVC's copies of it, else the current folder."""
    here = Path.cwd()
    if root := os.environ.get("DVC_ROOT"):
        main = Path(root).resolve()
        if here.is_relative_to(main / COPIES):
            return main
    return here


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
