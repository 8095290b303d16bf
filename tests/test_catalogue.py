"""The ready recipes run as they are written, only shorter."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

import ganstudy
from ganstudy.params import parse
from ganstudy.sources import Prepared, Stream, make_source
from ganstudy.sources.stream import Shuffled
from ganstudy.training import train

CATALOGUE = YAML(typ="safe").load(Path(ganstudy.__file__).with_name("catalogue.yaml").read_text("utf-8"))


def study(name: str) -> Any:
    """params.yaml with that recipe alone."""
    recipe = CATALOGUE["variants"][name]
    return {
        "study": {"name": "catalogue", "seeds": 2},
        "variants": {name: recipe},
        "losses": {"non_saturating": {}, "wgan_gp": {"penalty": 0.1}},
    }


def enlarged_digits() -> Prepared:
    """The bundled 8 × 8 scans at 28 × 28 pixels, where MNIST itself is not at hand."""
    settings = study("mnist_mlp")
    settings["variants"]["mnist_mlp"]["source"] = {"name": "digits"}
    digits = Prepared.of(make_source(parse(settings).variants["mnist_mlp"].source))

    def enlarge(samples: np.ndarray) -> np.ndarray:
        images = np.kron(samples.reshape(-1, 8, 8), np.ones((3, 3), np.float32))
        return np.pad(images, ((0, 0), (2, 2), (2, 2)), constant_values=-1).reshape(len(samples), -1)

    return Prepared(digits.description, enlarge(digits.train), enlarge(digits.held_out))


def real_data(name: str, settings: Any) -> tuple[Prepared, Stream]:
    if name != "mnist_mlp":
        source = make_source(parse(settings).variants[name].source)
        data = Prepared.of(source)
        return data, data.stream(source)
    if (Path(os.environ.get("GANSTUDY_MNIST", "")) / "t10k-images-idx3-ubyte.gz").is_file():
        settings["variants"][name]["source"]["split"] = "test"
        data = Prepared.of(make_source(parse(settings).variants[name].source))
        assert len(data.train) + len(data.held_out) == 10_000
    else:
        data = enlarged_digits()
    return data, Shuffled(data.train)


@pytest.mark.parametrize("name", CATALOGUE["variants"])
def test_a_ready_recipe_trains(name: str) -> None:
    settings = study(name)
    data, stream = real_data(name, settings)
    params = parse(settings)
    for loss in params.losses:
        cell = params.cell(name, loss)
        short = {"steps": 3, "samples": 1000, "points": 3, "snapshots": 1}
        cell = cell.model_copy(update={"recipe": cell.recipe.model_copy(update=short)})
        runs = train(cell, params.seeds, data, stream)
        assert runs.samples.shape == (2, 1000, data.train.shape[1])
        assert np.isfinite(runs.samples).all()
        # Two seeds are two generators, and training has moved them.
        assert not np.array_equal(runs.samples[0], runs.samples[1])
        assert not np.array_equal(runs.evolution[:, 0], runs.evolution[:, -1])


def test_the_catalogue_fits_the_schema() -> None:
    parse({**study("mnist_mlp"), "variants": CATALOGUE["variants"]})
