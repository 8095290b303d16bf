"""Tasks and recipes in words."""

from typing import Any

import pytest

from ganstudy.reporting.notes import steps
from ganstudy.sources.registry import SOURCES, task
from ganstudy.study.variant import Variant
from made_up import GAUSSIAN


def words(**recipe: Any) -> dict[str, str]:
    return dict(steps(Variant.model_validate(GAUSSIAN | recipe)))


@pytest.mark.parametrize("name", sorted(set(SOURCES) - {"images", "table"}))
def test_a_source_by_its_name_alone_is_a_task(name: str) -> None:
    said = task(Variant.model_validate(GAUSSIAN | {"source": name}).source)
    assert said.endswith(".")
    assert "{" not in said


def test_a_table_is_named_with_its_columns() -> None:
    source = {"name": "table", "path": "mine.csv", "columns": ["a", "b", "c"], "held_out": 0.25}
    assert task(Variant.model_validate(GAUSSIAN | {"source": source}).source) == (
        "Draw rows like those of mine.csv, a, b and c; 25 % are held out."
    )


def test_a_folder_of_images_is_named() -> None:
    source = {"name": "images", "path": "faces", "size": 16}
    assert task(Variant.model_validate(GAUSSIAN | {"source": source}).source) == (
        "Make images like those in faces; 20 % are held out."
    )


def test_own_work_is_named_with_what_it_is_told() -> None:
    own = {"use": "mine.py:It", "options": {"a": 1}}
    recipe = {"source": own, "generator": own, "discriminator": own}
    assert task(Variant.model_validate(GAUSSIAN | recipe).source) == "Draw from own, own/mine.py:It (a = 1)."
    assert str(words(**recipe)).count("the network own/mine.py:It (a = 1)") == 2


def test_a_recipe_says_what_params_yaml_does() -> None:
    said = words(
        noise={"name": "uniform", "size": 8},
        generator={"hidden": [32, 16], "activations": ["relu", "tanh"], "output": "sigmoid", "ema": 0.99},
        discriminator={
            "hidden": [4],
            "activations": "elu",
            "pack": 100,
            "features": {"name": "squared_deviations"},
        },
        generator_optimizer={"name": "sgd", "lr": 0.5, "momentum": 0.9},
        steps=2000,
        discriminator_steps=5,
        batch=1,
    )
    assert said["Generator"] == (
        "8 numbers from U(0, 1); hidden layers of 32 and 16 (relu, tanh), sigmoid at the output; its "
        "parameters are averaged over steps (EMA, decay 0.99)."
    )
    assert said["Discriminator"] == (
        "100 samples at once and their squared deviations from the pack's mean, hidden layer of 4 (elu)."
    )
    assert said["Training"] == (
        "2,000 steps of 5 updates of the discriminator and 1 of the generator, on 1 real and 1 generated "
        "example; Adam at 0.001 (β 0.9 and 0.999); the generator's SGD at 0.5 (momentum 0.9)."
    )


def test_what_comes_before_training_is_told() -> None:
    said = words(discriminator_pretest=500, update="real_then_fake")["Training"]
    assert "real and generated examples in updates of their own" in said
    assert "500 steps of a lone discriminator against noise" in said
