"""The pipeline, the stages and the reader of results mean the same places."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ganstudy.results import paths

DVC = Path(__file__).parents[2] / "dvc.yaml"
VARIANT, LOSS = "${item.variant}", "${item.loss}"

PLACES: dict[str, list[Path]] = {
    "code": [paths.CODE],
    "prepare": [paths.prepared(VARIANT)],
    "classify": [paths.classifier(VARIANT)],
    "floors": [paths.floors(VARIANT)],
    "train": [paths.runs(VARIANT, LOSS)],
    "evaluate": [paths.judged(VARIANT, LOSS), paths.metrics(VARIANT, LOSS)],
    "compare": [paths.COMPARISON, paths.LEADERBOARD],
    "report": [paths.CURVES, paths.FIGURES, paths.PAGE, paths.SUMMARY],
    "track": [paths.MIRRORED],
}


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
    assert set(stages) == set(PLACES)
    for name in PLACES:
        stage = stages[name]
        assert stage["cmd"].split()[:2] == ["ganstudy", name]
        assert stage["cmd"].split()[2:] == [f"${{item.{axis}}}" for axis in stage.get("matrix", {})]


@pytest.mark.parametrize(
    ("stage", "of"),
    {
        "prepare": [VARIANT],
        "train": [VARIANT, LOSS],
        "floors": [VARIANT],
        "evaluate": [VARIANT, LOSS],
        "compare": [],
        "report": [],
        "track": [],
    }.items(),
)
def test_a_stage_rests_on_its_own_code_and_settings(
    stage: str, of: list[str], stages: dict[str, Any]
) -> None:
    watched = [dep for dep in stages[stage]["deps"] if dep.startswith("data/code")]
    assert watched == [str(paths.settings(stage, *of)), str(paths.code(stage, *of))]


def test_the_code_and_settings_follow_all_of_params(stages: dict[str, Any]) -> None:
    """And no other stage wants a setting to be there: it may have a default."""
    assert stages["code"]["params"] == [{"params.yaml": None}]
    assert [name for name, stage in stages.items() if "params" in stage] == ["code"]


def test_what_dvc_watches_exists(stages: dict[str, Any]) -> None:
    """DVC takes an absent dependency for a reason to stop; a fresh clone must have them all."""
    made = ("data/code", "data/prepared", "data/runs", "data/classifiers", "reports")
    given = {dep for stage in stages.values() for dep in stage["deps"] if not dep.startswith(made)}
    assert given
    assert all((DVC.parent / path).exists() for path in given)
