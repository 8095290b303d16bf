"""What identifies a run's content, wherever and whenever it was computed."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LAYOUT = 3
"""To be raised when what a run in the store holds changes: every run is then made anew."""


def fingerprint(content: Any, arrays: Mapping[str, NDArray[Any]] | None = None) -> str:
    """The SHA-256 of `content`, anything that JSON can hold, and of named arrays. Neither's order matters."""
    text = json.dumps([LAYOUT, content], sort_keys=True, allow_nan=False)
    digest = hashlib.sha256(text.encode())
    for name, array in sorted((arrays or {}).items()):
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def file_fingerprint(files: Mapping[str, Path]) -> str:
    """Of the files' bytes and their names."""
    return fingerprint(None, {name: np.fromfile(path, np.uint8) for name, path in files.items()})
