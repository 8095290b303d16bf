"""A checkout in which a test runs the project's commands."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from small import read, write

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]


def copy_checkout(folder: Path) -> None:
    """The code as it stands, without the committed study's results: they are not the small one's."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in names:
        if (ROOT / name).is_file() and name != "dvc.lock" and not name.startswith("reports/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


class Project:
    """A checkout in which commands run as a user's would."""

    def __init__(self, folder: Path, bin: Path = BIN) -> None:
        self.folder = folder
        self.bin = bin
        self.params = folder / "params.yaml"
        self.lock = folder / "dvc.lock"

    @property
    def environment(self) -> dict[str, str]:
        """With the folder's own code where it has any, else with that which is installed."""
        environment = {**os.environ, "PATH": os.pathsep.join([str(self.bin), str(BIN), os.environ["PATH"]])}
        # A worker process takes longer to start than such a study to train.
        environment["GANSTUDY_WORKERS"] = "1"
        for name in ("MLFLOW_TRACKING_URI", "PYTHONPATH"):
            environment.pop(name, None)
        if (self.folder / "src").is_dir():
            environment["PYTHONPATH"] = str(self.folder / "src")
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
