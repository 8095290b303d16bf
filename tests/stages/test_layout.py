"""The pipeline, the stages and the reader of results mean the same places."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ganstudy import layout

DVC = Path(__file__).parents[2] / "dvc.yaml"
VARIANT, LOSS = "${item.variant}", "${item.loss}"

PLACES: dict[str, list[Path]] = {
    "prepare": [layout.prepared(VARIANT)],
    "classify": [layout.classifier(VARIANT)],
    "floors": [layout.floors(VARIANT)],
    "train": [layout.runs(VARIANT, LOSS)],
    "evaluate": [layout.judged(VARIANT, LOSS), layout.metrics(VARIANT, LOSS)],
    "compare": [layout.COMPARISON, layout.LEADERBOARD],
    "report": [layout.CURVES, layout.FIGURES, layout.PAGE, layout.SUMMARY],
    "track": [layout.MIRRORED],
}
CODE = ("training_code", "evaluation_code")


@pytest.fixture(scope="module")
def stages() -> dict[str, Any]:
    stages: dict[str, Any] = YAML(typ="safe").load(DVC)["stages"]
    return stages


@pytest.mark.parametrize("stage", PLACES)
def test_a_stage_writes_where_dvc_looks(stage: str, stages: dict[str, Any]) -> None:
    declared = [*stages[stage].get("outs", []), *stages[stage].get("metrics", [])]
    paths = {next(iter(entry)) if isinstance(entry, dict) else entry for entry in declared}
    assert paths == {str(place) for place in PLACES[stage]}


def test_every_stage_is_a_command_of_its_name(stages: dict[str, Any]) -> None:
    assert set(stages) == {*PLACES, *CODE}
    for name in PLACES:
        stage = stages[name]
        assert stage["cmd"].split()[:2] == ["ganstudy", name]
        assert stage["cmd"].split()[2:] == [f"${{item.{axis}}}" for axis in stage.get("matrix", {})]


@pytest.mark.parametrize("stage", CODE)
def test_the_code_is_listed_as_far_as_it_is_watched(stage: str, stages: dict[str, Any]) -> None:
    words = stages[stage]["cmd"].split()
    assert words[1 : words.index("-type")] == stages[stage]["deps"]
    assert stages[stage]["outs"] == [words[-1]]


def test_what_the_code_is_made_of_exists(stages: dict[str, Any]) -> None:
    """DVC takes an absent dependency for a reason to stop; a renamed module would be one."""
    code = {dep for stage in stages.values() for dep in stage["deps"] if dep.startswith("src/")}
    assert all((DVC.parent / path).exists() for path in code)
