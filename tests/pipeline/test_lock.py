"""Whether the working dvc.lock says the same as the committed one."""

from copy import deepcopy
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ganstudy.core.errors import UserError
from ganstudy.pipeline.lock import compare_locks, read_lock


def stage(out: str, md5: str = "1", deps: tuple[str, ...] = (), **params: Any) -> dict[str, Any]:
    return {
        "cmd": "work",
        "deps": [
            *({"path": path, "md5": "0"} for path in deps),
            {"path": "data/code/work.json", "md5": str(params)},
        ],
        "outs": [{"path": out, "md5": md5}],
    }


@pytest.fixture
def committed() -> dict[str, Any]:
    return {
        "schema": "2.0",
        "stages": {
            "prepare@a": stage("data/prepared/a", source="gaussian"),
            "train@a-mse": stage("data/runs/a/mse", deps=("data/prepared/a",), lr=1),
            "train@a-hinge": stage("data/runs/a/hinge", deps=("data/prepared/a",), lr=1),
            "evaluate@a-mse": stage("reports/runs/a/mse.json", deps=("data/runs/a/mse",)),
            "compare": stage("reports/comparison.json", deps=("reports/runs",)),
        },
    }


@pytest.fixture
def working(committed: dict[str, Any]) -> dict[str, Any]:
    return deepcopy(committed)


def rehash(lock: dict[str, Any], *names: str) -> None:
    for name in names:
        lock["stages"][name]["outs"][0]["md5"] = "other"


def test_the_same_lock_is_identical(committed: dict[str, Any], working: dict[str, Any]) -> None:
    found = compare_locks(committed, working)
    assert found.identical
    assert found.outputs == 5


def test_what_comes_out_otherwise_from_the_same_settings_differs(
    committed: dict[str, Any], working: dict[str, Any]
) -> None:
    rehash(working, "train@a-mse", "compare")
    found = compare_locks(committed, working)
    assert (found.differ, found.changed, found.missing) == (["train@a-mse", "compare"], [], [])


def test_other_settings_excuse_a_stage_and_what_it_feeds(
    committed: dict[str, Any], working: dict[str, Any]
) -> None:
    working["stages"]["train@a-mse"]["deps"][-1]["md5"] = "other"
    rehash(working, "train@a-mse", "evaluate@a-mse", "compare", "train@a-hinge")
    found = compare_locks(committed, working)
    assert found.changed == ["train@a-mse", "evaluate@a-mse", "compare"]
    assert found.differ == ["train@a-hinge"]


def test_other_settings_with_the_same_outputs_are_identical(
    committed: dict[str, Any], working: dict[str, Any]
) -> None:
    working["stages"]["train@a-mse"]["deps"][-1]["md5"] = "other"
    assert compare_locks(committed, working).identical


def test_new_and_missing_stages_are_told_apart(committed: dict[str, Any], working: dict[str, Any]) -> None:
    del working["stages"]["train@a-hinge"]
    working["stages"]["train@b-mse"] = stage("data/runs/b/mse")
    found = compare_locks(committed, working)
    assert (found.differ, found.changed, found.missing) == ([], ["train@b-mse"], ["train@a-hinge"])


def test_an_output_that_is_gone_differs(committed: dict[str, Any], working: dict[str, Any]) -> None:
    working["stages"]["compare"]["outs"] = []
    assert compare_locks(committed, working).differ == ["compare"]


def test_an_empty_lock_lacks_everything(committed: dict[str, Any]) -> None:
    assert compare_locks(committed, {}).missing == list(committed["stages"])


# Letters of yes, no, on, off, of numbers and of signs that mean something to YAML.
words = st.text("aeyosnfx10. -_", max_size=6)


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=8,
    )
)
def test_the_lock_is_read_as_dvc_writes_it(value: Any) -> None:
    file = StringIO()
    YAML().dump({"stages": value}, file)
    assert read_lock(file.getvalue()) == {"stages": value}


def test_a_lock_that_is_none_gets_a_line() -> None:
    with pytest.raises(UserError, match=r"dvc.lock: not valid YAML: .*line 2"):
        read_lock("stages:\n<<<<<<< HEAD\n  x: [\n")
