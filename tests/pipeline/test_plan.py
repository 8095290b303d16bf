"""What is to be done, in words; and for how long."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ganstudy.pipeline.cost_model import estimate
from ganstudy.pipeline.durations import CostModel, noted
from ganstudy.pipeline.dvc_status import Planned, Status, changed_files, changed_settings
from ganstudy.pipeline.plan import Plan, about, which
from ganstudy.results import paths
from ganstudy.study.loading import parse
from ganstudy.study.params import Params

VARIANTS, LOSSES = ("ring", "grid"), ("mse", "hinge", "lsgan")


@pytest.fixture
def params(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_study: Callable[..., dict[str, Any]]
) -> Params:
    """Two variants and three losses, in a folder of its own, for two workers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANSTUDY_WORKERS", "2")
    study = make_study("mse")
    recipe = study["variants"]["v"]
    study["study"]["seeds"] = 4
    return parse(
        {**study, "variants": dict.fromkeys(VARIANTS, recipe), "losses": {loss: {} for loss in LOSSES}}
    )


def plan(params: Params, seconds: float = 200.0, **statuses: dict[str, Status]) -> str:
    """What is said of these: of each step, by the item."""
    due = [
        Planned(f"{step}@{item}" if item else step, status)
        for step, items in statuses.items()
        for item, status in items.items()
    ]
    return str(Plan(params, due, 2, seconds))


def column(status: Status, *losses: str) -> dict[str, Status]:
    return {f"{variant}-{loss}": status for variant in VARIANTS for loss in losses}


def test_nothing_to_do(params: Params) -> None:
    assert plan(params) == "`dvc repro` would run nothing: all 6 cells are there"


def test_a_new_column(params: Params) -> None:
    statuses = column(Status.RUNS, "hinge")
    assert plan(params, train=statuses, evaluate=statuses) == (
        "`dvc repro` would train and evaluate 2 of 6 cells (the column hinge), about 3 min on 2 workers; "
        "4 are cached"
    )


def test_all(params: Params) -> None:
    assert plan(params, train=column(Status.RUNS, *LOSSES), evaluate=column(Status.MAYBE, *LOSSES)) == (
        "`dvc repro` would train all 6 cells and evaluate at most all 6 cells, about 3 min on 2 workers"
    )


def test_from_the_cache(params: Params) -> None:
    restored = {"ring-mse": Status.RESTORED}
    assert plan(params, train=restored) == (
        "`dvc repro` would restore 1 of 6 cells (ring mse) from DVC's cache"
    )
    judged = {"ring-mse": Status.RUNS}
    assert plan(params, 10, train=restored, evaluate=judged) == (
        "`dvc repro` would restore 1 of 6 cells (ring mse) from DVC's cache and evaluate 1 of 6 cells (ring "
        "mse), under half a minute on 2 workers"
    )


def test_only_the_report(params: Params) -> None:
    assert plan(params, 20, report={"": Status.RUNS}, track={"": Status.MAYBE}) == (
        "`dvc repro` would train and evaluate no cell, and run report and track, under half a minute on 2 "
        "workers"
    )


def test_whole_rows_and_columns_are_called_so(params: Params) -> None:
    row = [("ring", loss) for loss in LOSSES]
    assert which(row, params) == "the row ring"
    assert which([*row, ("grid", "hinge")], params) == "the row ring, the column hinge"
    assert which([("ring", "mse"), ("grid", "hinge")], params) == "ring mse, grid hinge"


def test_a_long_list_is_cut(make_study: Callable[..., dict[str, Any]]) -> None:
    study = make_study("mse")
    names = [f"v{i}" for i in range(9)]
    params = parse({**study, "variants": dict.fromkeys(names, study["variants"]["v"])})
    assert (
        which([(name, "l") for name in names[:8]], params) == "v0 l, v1 l, v2 l, v3 l, v4 l, v5 l and 2 more"
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (3, "under half a minute"),
        (40, "about 1 min"),
        (200, "about 3 min"),
        (1000, "about 15 min"),
        (3400, "about 1 h"),
        (9000, "about 2.5 h"),
        (90000, "about 1 days"),
        (400000, "about 4.6 days"),
    ],
)
def test_durations_are_told_coarsely(seconds: float, said: str) -> None:
    assert about(seconds) == said


def test_changed_files_are_named() -> None:
    before = "torch 2.13.0\nganstudy/a.py 1\nganstudy/b.py 2\n"
    now = "torch 2.14.0\nganstudy/a.py 1\nganstudy/b.py 3\nown/c.py 4\n"
    assert changed_files(before, now) == ["ganstudy/b.py", "own/c.py", "torch"]


def test_changed_settings_are_named_with_both_values() -> None:
    before = {"cell": {"recipe": {"batch": 8, "optimizer": {"lr": 0.1}}}, "seeds": [0, 1]}
    now = {"cell": {"recipe": {"batch": 8, "optimizer": {"lr": 0.2}, "ema": 0.9}}, "seeds": [0, 1]}
    assert changed_settings(json.dumps(before), json.dumps(now)) == [
        "cell.recipe.optimizer.lr: 0.1 → 0.2",
        "cell.recipe.ema: unset → 0.9",
    ]


# ---- Estimates and what was measured


def test_an_estimate_grows_with_the_work(params: Params, monkeypatch: pytest.MonkeyPatch) -> None:
    def seconds(**changes: Any) -> float:
        recipe = params.variants["ring"].model_copy(update={"steps": 100_000, "batch": 1000, **changes})
        return estimate(params.model_copy(update={"variants": {"ring": recipe}}), "train", ("ring", "mse"))

    base = seconds()
    assert seconds(steps=200_000) == pytest.approx(2 * base, rel=0.1)
    assert seconds(batch=2000) > 1.3 * base
    assert seconds(discriminator_steps=2) > 1.3 * base
    assert seconds(discriminator_pretest=100_000) > base


def test_more_seeds_take_longer_and_more_workers_less(
    params: Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seconds(seeds: int, workers: int, step: str) -> float:
        monkeypatch.setenv("GANSTUDY_WORKERS", str(workers))
        study = params.study.model_copy(update={"seeds": seeds})
        return estimate(params.model_copy(update={"study": study}), step, ("ring", "mse"))

    for step in ("train", "evaluate"):
        assert seconds(256, 2, step) > seconds(64, 2, step) > seconds(64, 8, step)


def test_what_a_stage_took_is_what_it_will_take(params: Params) -> None:
    cell = ("ring", "mse")
    took(params, "train", cell, 3.0)
    assert CostModel(params).seconds("train", cell) == pytest.approx(3 * estimate(params, "train", cell))


def test_a_cell_that_never_ran_is_as_slow_as_its_kin(params: Params) -> None:
    took(params, "train", ("ring", "mse"), 3.0)
    took(params, "train", ("ring", "hinge"), 3.0)
    took(params, "train", ("grid", "mse"), 2.0)
    took(params, "train", ("grid", "hinge"), 2.0)
    took(params, "evaluate", ("grid", "hinge"), 5.0)

    def ratio(step: str, *of: str) -> float:
        return CostModel(params).seconds(step, of) / estimate(params, step, of)

    assert ratio("train", "ring", "lsgan") == pytest.approx(3.0)
    assert ratio("train", "grid", "lsgan") == pytest.approx(2.0)
    assert ratio("evaluate", "ring", "mse") == pytest.approx(5.0)
    assert ratio("floors", "ring") == 1.0


def took(params: Params, step: str, of: tuple[str, ...], ratio: float) -> None:
    """As if it had been measured."""
    with noted(params, step, of):
        pass
    path = paths.DURATIONS / f"{'-'.join((step, *of))}.json"
    said = json.loads(path.read_text())
    path.write_text(json.dumps({**said, "seconds": ratio * said["estimated"]}))


def test_another_places_durations_say_nothing(params: Params, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = ("ring", "mse")
    took(params, "train", cell, 3.0)
    monkeypatch.setenv("GANSTUDY_DEVICE", "cuda")
    assert CostModel(params).seconds("train", cell) == estimate(params, "train", cell)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"seconds": "a", "estimated": 1}', '{"seconds": 1, "estimated": 0}']
)
def test_a_damaged_note_is_passed_over(content: str, params: Params) -> None:
    paths.DURATIONS.mkdir(parents=True)
    (paths.DURATIONS / "train-ring-mse.json").write_text(content)
    assert CostModel(params).seconds("train", ("ring", "mse")) == estimate(params, "train", ("ring", "mse"))


def test_a_failed_stage_and_one_taken_up_again_are_not_noted(params: Params) -> None:
    with pytest.raises(RuntimeError), noted(params, "train", ("ring", "mse")):
        raise RuntimeError
    kept = paths.checkpoints("ring", "mse")
    kept.mkdir(parents=True)
    (kept / "0.state").touch()
    with noted(params, "train", ("ring", "mse")):
        pass
    assert not paths.DURATIONS.exists()


def test_where_nothing_can_be_noted_the_stage_goes_on(params: Params) -> None:
    paths.DURATIONS.parent.mkdir()
    paths.DURATIONS.write_text("in the way")
    with noted(params, "train", ("ring", "mse")):
        pass
    assert paths.DURATIONS.is_file()
