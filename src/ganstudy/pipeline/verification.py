"""Was the committed result reproduced? Cells trained again, beside the study, and compared file by file."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir
from hashlib import md5
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pandas as pd
from safetensors.numpy import load_file

from ganstudy.core import own
from ganstudy.core.errors import UserError
from ganstudy.pipeline.code import digests
from ganstudy.pipeline.lock import Lock, dvc_md5, settings_of
from ganstudy.pipeline.prepare import prepare
from ganstudy.pipeline.train import train
from ganstudy.results import paths
from ganstudy.study.loading import FILE
from ganstudy.study.params import Params
from ganstudy.training.cell import Cell


class Verified(NamedTuple):
    """One output, made again."""

    output: str
    same: bool
    difference: float | None
    """The largest between two numbers of the committed output and of this one; None where they are the same,
    or where the committed output is not at hand."""


def verify(params: Params, cells: Sequence[Cell], lock: Lock) -> Iterator[Verified]:
    """Prepare the cells' data and train them in a temporary folder, and compare each output with `lock`.

    UserError before anything runs if the lock lacks a cell, or has it with other settings.
    """
    texts = digests(params)
    expected = [_expected(lock, texts, "train", cell.variant, cell.loss) for cell in cells]
    data = {cell.variant: _expected(lock, texts, "prepare", cell.variant) for cell in cells}
    study = Path.cwd()
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        (scratch / "data").mkdir()
        for given in (own.HOME, Path("data/raw")):
            (scratch / given).symlink_to(study / given)
        for variant, digest in data.items():
            with chdir(scratch):
                prepare(params, variant)
            yield _compared(paths.prepared(variant), digest, scratch)
        for cell, digest in zip(cells, expected, strict=True):
            with chdir(scratch):
                train(params, cell.variant, cell.loss)
            yield _compared(paths.runs(cell.variant, cell.loss), digest, scratch)


def _expected(lock: Lock, texts: Mapping[Path, str], stage: str, *of: str) -> str:
    """The hash of the stage's output, if these are the settings it was made with."""
    name = f"{stage}@{'-'.join(of)}"
    found = (lock.get("stages") or {}).get(name)
    if found is None:
        raise UserError(f"{name}: not in the committed {paths.LOCK}; run `dvc repro` and commit its result")
    path = paths.settings(stage, *of)
    text = texts[path].encode()
    if settings_of(found) != {str(path): md5(text, usedforsecurity=False).hexdigest()}:
        raise UserError(f"{FILE}: not as it was when {name} was committed; `git diff` shows how")
    return str(found["outs"][0]["md5"])


def _compared(output: Path, expected: str, scratch: Path) -> Verified:
    again = scratch / output
    if dvc_md5(again) == expected:
        return Verified(str(output), True, None)
    at_hand = output.is_dir() and dvc_md5(output) == expected
    return Verified(str(output), False, _difference(output, again) if at_hand else None)


def _difference(one: Path, other: Path) -> float:
    """The largest between two numbers at the same place; infinite where shapes differ or only one is NaN."""
    before, after = _numbers(one), _numbers(other)
    largest = 0.0
    for name in before.keys() | after.keys():
        a, b = before.get(name, np.empty(0)), after.get(name, np.empty(0))
        if a.shape != b.shape or (np.isnan(a) != np.isnan(b)).any():
            return float("inf")
        largest = max(largest, float(np.nanmax(np.abs(a - b), initial=0.0)))
    return largest


def _numbers(folder: Path) -> dict[str, np.ndarray]:
    """All that a stage wrote in arrays, by name."""
    found = {path.name: np.load(path, allow_pickle=False) for path in folder.glob("*.npy")}
    for path in folder.glob("*.safetensors"):
        found |= load_file(path)
    for path in folder.glob("*.parquet"):
        found[path.name] = pd.read_parquet(path).to_numpy()
    return {name: values.astype(np.float64) for name, values in found.items()}
