"""A checkout in which a test runs the project's commands."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from small import read, write

BIN = Path(sys.executable).parent


class Project:
    """A checkout in which commands run as a user's would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.params = folder / "params.yaml"
        self.lock = folder / "dvc.lock"

    @property
    def environment(self) -> dict[str, str]:
        """With the folder's own code, whatever is installed."""
        environment = {
            **os.environ,
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(self.folder / "src"),
        }
        environment.pop("MLFLOW_TRACKING_URI", None)
        return environment

    def run(self, *command: str, succeed: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command here; its two outputs as text."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        if succeed:
            assert done.returncode == 0, done.stdout + done.stderr
        return done

    def repro(self, *arguments: str) -> list[str]:
        """`dvc repro`; the stages that ran, in order."""
        lines = self.run("dvc", "repro", *arguments).stdout.splitlines()
        return [line.split("'")[1] for line in lines if line.startswith("Running stage")]

    def change(self, edit: Callable[[Any], None]) -> None:
        """Edit params.yaml: `edit` changes its contents in place."""
        settings = read(self.params)
        edit(settings)
        write(self.params, settings)

    def commit(self) -> None:
        self.run("git", "add", "--all")
        self.run(
            "git", "-c", "user.name=t", "-c", "user.email=t@t", "commit", "--quiet", "--message", "study"
        )

    def clone(self, folder: Path) -> "Project":
        """A fresh clone of what is committed."""
        self.run("git", "clone", "--quiet", str(self.folder), str(folder))
        return Project(folder)
