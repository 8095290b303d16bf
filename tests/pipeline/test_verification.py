"""Cells trained again and held against a lock."""

import json
from collections.abc import Callable
from hashlib import md5
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from ganstudy.cli.group import main
from ganstudy.core.errors import UserError
from ganstudy.pipeline.code import digests
from ganstudy.pipeline.lock import Lock, dvc_md5
from ganstudy.pipeline.prepare import prepare
from ganstudy.pipeline.train import train
from ganstudy.pipeline.verification import Verified, verify
from ganstudy.results import paths
from ganstudy.study.loading import FILE, load
from ganstudy.study.params import Params

PREPARED, RUNS = paths.prepared("v"), paths.runs("v", "l")


@pytest.fixture
def params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_study: Callable[..., Any]) -> Params:
    """A study of one cell in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANSTUDY_WORKERS", "1")
    Path("params.yaml").write_text(json.dumps(make_study("mse", steps=4, points=2)))
    return load()


@pytest.fixture
def lock(params: Params) -> Lock:
    """The study prepared and trained, and what dvc.lock would say of it."""
    prepare(params, "v")
    train(params, "v", "l")
    return {
        "stages": {
            "prepare@v": {
                "deps": [told(params, "prepare", "v")],
                "outs": [{"path": str(PREPARED), "md5": dvc_md5(PREPARED)}],
            },
            "train@v-l": {
                "deps": [told(params, "train", "v", "l")],
                "outs": [{"path": str(RUNS), "md5": dvc_md5(RUNS)}],
            },
        }
    }


def told(params: Params, stage: str, *of: str) -> dict[str, str]:
    """The settings of a stage as dvc.lock would have them."""
    path = paths.settings(stage, *of)
    return {"path": str(path), "md5": md5(digests(params)[path].encode(), usedforsecurity=False).hexdigest()}


def test_what_is_reproduced_is_the_same(params: Params, lock: Lock) -> None:
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    found = list(verify(params, params.cells, lock))
    assert found == [Verified(str(PREPARED), True, None), Verified(str(RUNS), True, None)]
    # In a place of its own.
    assert before == {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def test_what_differs_is_measured_where_the_committed_output_is_at_hand(params: Params, lock: Lock) -> None:
    samples = np.load(RUNS / "samples.npy")
    samples[0, 3] += 0.25
    np.save(RUNS / "samples.npy", samples)
    lock["stages"]["train@v-l"]["outs"][0]["md5"] = dvc_md5(RUNS)
    _, found = verify(params, params.cells, lock)
    assert not found.same
    assert found.difference == pytest.approx(0.25, rel=1e-5)

    np.save(RUNS / "samples.npy", samples[:, :-1])
    lock["stages"]["train@v-l"]["outs"][0]["md5"] = dvc_md5(RUNS)
    assert list(verify(params, params.cells, lock))[1].difference == float("inf")

    (RUNS / "samples.npy").unlink()
    assert list(verify(params, params.cells, lock))[1] == Verified(str(RUNS), False, None)


def test_a_cell_that_was_never_committed_is_an_error(params: Params) -> None:
    with pytest.raises(UserError, match=r"train@v-l: not in the committed dvc\.lock; run `dvc repro`"):
        next(verify(params, params.cells, {}))


def test_other_settings_than_committed_are_an_error(params: Params, lock: Lock) -> None:
    lock["stages"]["train@v-l"]["deps"][0]["md5"] = "other"
    with pytest.raises(UserError, match=r"params\.yaml: not as it was when train@v-l was committed; `git d"):
        next(verify(params, params.cells, lock))


def test_machines_are_told_of_every_output(
    params: Params, lock: Lock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ganstudy.pipeline.lock.committed_lock", lambda: lock)
    FILE.write_text(json.dumps({**params.model_dump(mode="json"), "evaluation": {}}), encoding="utf-8")
    lock["stages"]["train@v-l"]["outs"][0]["md5"] = "another"
    for stage, of in (("prepare", ("v",)), ("train", ("v", "l"))):
        lock["stages"]["@".join((stage, "-".join(of)))]["deps"] = [told(load(), stage, *of)]
    result = CliRunner().invoke(main, ["verify", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "identical": False,
        "outputs": [
            {"difference": None, "output": str(PREPARED), "same": True},
            {"difference": None, "output": str(RUNS), "same": False},
        ],
    }
