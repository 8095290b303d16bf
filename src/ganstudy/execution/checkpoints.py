"""Where unfinished trainings are kept: a folder for each cell, and in it a file for each shard.

A file is named after all that its state follows from, so that only the training it is part of finds it. It is
written beside and renamed, and holds a digest of itself: there is never half of one.
"""

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from shutil import rmtree
from time import monotonic
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout
from safetensors.numpy import load, save

import ganstudy
from ganstudy.core import own
from ganstudy.core.errors import UserError
from ganstudy.core.versions import versions
from ganstudy.execution.environment import device, seconds_between_checkpoints
from ganstudy.sources.prepared import Prepared
from ganstudy.training.cell import Cell
from ganstudy.training.checkpointer import State

LOCK_PATIENCE = 10.0
"""Seconds to wait for a trainer that is about to end, as one whose DVC was killed is."""


class Checkpoints:
    """A cell's, this trainer's alone while it is entered. They are gone once it is left without an error."""

    def __init__(self, folder: Path, cell: Cell, data: Prepared) -> None:
        self.folder = folder
        self._common = [
            package_digest(),
            versions(),
            cell.model_dump(mode="json"),
            {path: hashlib.sha256(text).hexdigest() for path, text in own.files(cell).items()},
            data.description["sha256"],
            device(),
        ]
        self._lock = FileLock(folder / "lock")

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=LOCK_PATIENCE)
        except Timeout:
            raise UserError(
                f"{self.folder}: locked; another process is training this cell, wait until it has ended"
            ) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            rmtree(self.folder)
        self._lock.release()

    def begin(self, wanted: list[list[int]]) -> "tuple[list[list[int]], list[Checkpoint]]":
        """The shards to train, and a checkpoint for each. What belongs to another training is removed.

        They are the wanted ones, unless these seeds' training was begun with others, as by fewer workers:
        what is kept of those would be lost.
        """
        begun = self.folder / f"{self._fingerprint([seed for shard in wanted for seed in shard])}.json"
        try:
            shards = json.loads(begun.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            shards = wanted
            _replace(begun, json.dumps(shards).encode())
        kept = [Checkpoint(self.folder / f"{self._fingerprint(shard)}.state") for shard in shards]
        ours = {self.folder / "lock", begun, *(checkpoint.path for checkpoint in kept)}
        for file in set(self.folder.iterdir()) - ours:
            file.unlink()
        return shards, kept

    def _fingerprint(self, seeds: list[int]) -> str:
        return hashlib.sha256(json.dumps([*self._common, seeds]).encode()).hexdigest()[:32]


class Checkpoint:
    """A `checkpointer.Checkpointer` in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._interval = seconds_between_checkpoints()
        self._saved = monotonic()

    @property
    def is_due(self) -> bool:
        """After so many seconds."""
        return monotonic() - self._saved > self._interval

    def load(self) -> State | None:
        """The state; None if there is none, or if it is damaged, and then it is removed."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        state = unpack(content)
        if state is None:
            self.path.unlink()
        return state

    def save(self, state: State) -> None:
        """Replace what is there, in one step. UserError if there is no room."""
        _replace(self.path, pack(state))
        self._saved = monotonic()


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UserError(f"{partial}: cannot be written: {error.strerror}") from None


def pack(state: State) -> bytes:
    """As bytes that tell whether they are whole."""
    content = save(state)
    return hashlib.sha256(content).digest() + content


def unpack(packed: bytes) -> State | None:
    """What was packed; None if the bytes are not those."""
    size = hashlib.sha256().digest_size
    return load(packed[size:]) if hashlib.sha256(packed[size:]).digest() == packed[:size] else None


@cache
def package_digest() -> str:
    """A digest of the package."""
    digest = hashlib.sha256()
    root = Path(ganstudy.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return digest.hexdigest()
