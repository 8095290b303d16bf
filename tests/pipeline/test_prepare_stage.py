"""`ganstudy prepare`: a variant's data, written."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ganstudy.core.files import read_json
from ganstudy.pipeline.prepare import prepare
from ganstudy.results import paths
from ganstudy.sources.prepared import Prepared
from ganstudy.study.params import Params

MADE_UP = ["description.json", "held_out.npy", "train.npy"]
LABELLED = ["description.json", "held_out.npy", "held_out_labels.npy", "train.npy", "train_labels.npy"]


@pytest.mark.parametrize(("source", "written"), [("ring", MADE_UP), ("digits", LABELLED)])
def test_arrays_and_their_description_are_written(
    source: str, written: list[str], study: Callable[..., Params]
) -> None:
    prepare(study({"v": {"source": source}}, ["mse"]), "v")
    folder = paths.prepared("v")
    assert sorted(path.name for path in folder.iterdir()) == written
    described, prepared = read_json(folder / "description.json"), Prepared.load(folder)
    assert described["source"]["name"] == source
    assert described["rows"] == {"train": len(prepared.train), "held_out": len(prepared.held_out)}
    assert prepared.train.dtype == prepared.held_out.dtype == np.float32


def test_only_that_variant_is_prepared_and_the_same_bytes_each_time(
    study: Callable[..., Params], files: Callable[[], dict[str, bytes]]
) -> None:
    params = study({"v": {"source": "gaussian"}, "w": {"source": "ring"}}, ["mse"])
    prepare(params, "v")
    once: Any = files()
    assert {name.rsplit("/", 1)[0] for name in once} == {"params.yaml", "data/prepared/v"}
    prepare(params, "v")
    assert files() == once
