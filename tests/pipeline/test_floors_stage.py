"""Floors are computed once for variants of the same data and sample size."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ganstudy.pipeline import floors as stage
from ganstudy.pipeline.classify import classify
from ganstudy.pipeline.code import code
from ganstudy.pipeline.prepare import prepare
from ganstudy.results import paths
from ganstudy.study.loading import FILE, parse
from ganstudy.study.params import Params


@pytest.fixture
def study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_study: Callable[..., Any]
) -> Callable[..., Params]:
    """`study(**variants)`: a study prepared in the current folder, whose variants differ in these."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANSTUDY_WORKERS", "1")

    def made(**variants: dict[str, Any]) -> Params:
        settings = make_study("mse", samples=20)
        recipe = settings["variants"]["v"]
        settings["variants"] = {name: recipe | other for name, other in variants.items()}
        settings["evaluation"] = {"two_sample_test": {"hidden": [2], "passes": 1}}
        FILE.write_text(json.dumps(settings), encoding="utf-8")
        params = parse(settings)
        code(params)
        for name in variants:
            prepare(params, name)
            classify(params, name)
        return params

    return made


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The variants whose floors were computed."""
    names: list[str] = []
    score = stage.scored

    def noted(params: Params, variant: str, *given: Any) -> Any:
        names.append(variant)
        return score(params, variant, *given)

    monkeypatch.setattr(stage, "scored", noted)
    return names


def test_variants_that_only_train_otherwise_share_them(
    study: Callable[..., Params], computed: list[str]
) -> None:
    params = study(a={}, b={"steps": 3}, c={"samples": 30}, d={"source": {"name": "ring", "samples": 200}})
    for name in params.variants:
        stage.floors(params, name)
    assert computed == ["a", "c", "d"]
    texts = {name: paths.floors(name).read_text() for name in "abcd"}
    assert texts["a"] == texts["b"]
    assert len(set(texts.values())) == 3
    # Computed by themselves, they are the same bytes.
    paths.floors("a").unlink()
    stage.floors(params, "b")
    assert computed == ["a", "c", "d", "b"]
    assert paths.floors("b").read_text() == texts["b"]


def test_the_first_always_computes(study: Callable[..., Params], computed: list[str]) -> None:
    """Else a forced run would copy what it is to make again."""
    params = study(a={}, b={"steps": 3})
    for name in "aba":
        stage.floors(params, name)
    assert computed == ["a", "a"]


def test_what_was_computed_from_something_else_is_not_taken_over(
    study: Callable[..., Params], computed: list[str]
) -> None:
    params = study(a={}, b={"steps": 3})
    stage.floors(params, "a")
    found = json.loads(paths.floors("a").read_text())
    paths.floors("a").write_text(json.dumps({**found, "draws": 1}))
    stage.floors(params, "b")
    assert computed == ["a", "b"]
