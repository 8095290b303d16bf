"""What editors are told of params.yaml is what ganstudy takes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML
from test_params_mistakes import MISTAKES, put

from ganstudy.core.settings import Setting
from ganstudy.study.schema import docs, schema
from ganstudy.training.cell import Cell

ROOT = Path(__file__).parents[2]
FILE = ROOT / "params.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(schema())
# What a schema cannot say: what depends on another key, or on what is named elsewhere, and floats like 4.0.
BEYOND = (
    "a repeated seed",
    "too few activations",
    "features without a pack",
    "a tolerance that says nothing of the source",
    "tolerances that name nothing",
    "a point without tolerances",
    "a distance of images for something else",
    "a variant's tolerance that says nothing of its source",
    "too few samples to judge by",
    "a column twice",
    "a metric that nobody gave",
    "a metric by a figure's name",
    "a source by another's name",
    "a pack that leaves samples over",
    "moments of images",
    "no number as a rate",
    "a number as a name",
)


def blocks(cls: type[Setting] = Setting) -> Iterator[type[Setting]]:
    for block in cls.__subclasses__():
        yield block
        yield from blocks(block)


def test_the_file_is_what_the_code_says() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == schema(), (
        "run: ganstudy schema > params.schema.json"
    )


def test_params_yaml_names_it() -> None:
    assert (ROOT / "params.yaml").read_text().startswith(f"# yaml-language-server: $schema={FILE.name}\n")


def test_it_is_a_schema_that_takes_the_committed_study() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    study = YAML(typ="safe").load(ROOT / "params.yaml")
    assert [error.message for error in VALIDATOR.iter_errors(study)] == []


@pytest.mark.parametrize("block", sorted(set(blocks()) - {Cell}, key=lambda block: block.__name__))
def test_every_field_is_explained(block: type[Setting]) -> None:
    """But for the one that says which block it is."""
    explained = {
        *docs(block),
        "name" if block.__name__ != "Study" else "",
        "loss",
        "variant",
        "recipe",
        "settings",
        "overridden",
        *(name for name, field in block.model_fields.items() if field.description),
    }
    assert set(block.model_fields) <= explained
    assert block.__doc__


@pytest.mark.parametrize("mistake", [name for name in MISTAKES if name not in BEYOND])
def test_it_refuses_what_ganstudy_refuses(mistake: str, make_study: Callable[..., dict[str, Any]]) -> None:
    place, value, *_ = MISTAKES[mistake]
    study = make_study("mse")
    assert VALIDATOR.is_valid(study)
    put(study, place, value)
    assert not VALIDATOR.is_valid(study)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("losses.mse", None),
        ("losses.mse", {}),
        ("losses.mine", {"loss": "wgan_gp", "penalty": 0.1}),
        ("losses.mse", {"loss": "hinge"}),
        ("losses.mine", {"use": "losses/mine.py:Mine", "options": {"a": [1, 2]}}),
        ("variants.v.source", "digits"),
        ("variants.v.source", {"use": "mine.py:Spiral", "options": {"turns": 3}}),
        ("variants.v.generator", {"use": "mine.py:Net", "ema": 0.9}),
        ("variants.v.optimizer", {"name": "sgd", "lr": 1}),
        ("study.seeds", [3, 5]),
        ("evaluation", {"tolerances": {"gaussian": {"mean": {"floors": 2}, "std": 1}}}),
    ],
)
def test_it_takes_what_ganstudy_takes(
    place: str, value: Any, make_study: Callable[..., dict[str, Any]]
) -> None:
    study = make_study("mse")
    put(study, place, value)
    assert [error.message for error in VALIDATOR.iter_errors(study)] == []
