"""The model that a cell's run offers: the generator of its best seed."""

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import mlflow
import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tiny_study import View, mirrored

from ganstudy.networks.generator import Generator
from ganstudy.results.sampler import Sampler
from ganstudy.results.study_results import Results
from ganstudy.tracking.model import save_model
from ganstudy.training.cell import Cell

Study = Callable[..., Results]
CELL = "flat · soft"


@pytest.fixture
def results(study: Study) -> Results:
    results = study(["soft"], seeds=[4, 0, 9], diverges=lambda loss, seed: seed == 9)
    mirrored(results)
    return results


def model_id(view: View) -> str:
    (made,) = view.runs[CELL].outputs.model_outputs
    return str(made.model_id)


def test_it_is_the_best_seeds(results: Results, view: View) -> None:
    """Seed 0 alone matched; 9, whose distance nobody knows, diverged."""
    model = view.client.get_logged_model(model_id(view))
    assert model.name == "flat-soft"
    assert model.status == "READY"
    assert model.source_run_id == view.ids[CELL]
    assert (
        model.tags.items() >= {"variant": "flat", "loss": "soft", "seed": "0", "outcome": "matched"}.items()
    )
    cell = results.cells[0]
    recipe, runs = cell.cell.recipe, cell.runs
    sampler = Sampler.of(recipe.noise, recipe.generator, cell.prepared.description, runs.weights, 1)
    noise = sampler.draw_noise(6)
    np.testing.assert_array_equal(loaded(view).predict(noise), sampler(noise))


def loaded(view: View) -> mlflow.pyfunc.PyFuncModel:
    mlflow.set_tracking_uri(view.client.tracking_uri)
    return mlflow.pyfunc.load_model(f"models:/{model_id(view)}")


def test_it_makes_so_many_samples_or_those_that_belong_to_noise(results: Results, view: View) -> None:
    model = loaded(view)
    assert model.predict(5).shape == (5, 1)
    np.testing.assert_array_equal(model.predict(5), model.predict(5, params={"seed": 0}))
    assert not np.array_equal(model.predict(5), model.predict(5, params={"seed": 1}))
    assert model.predict(np.zeros((2, 2))).shape == (2, 1)
    # As a person finds them on the model's page.
    assert model.metadata.signature.outputs.to_dict()[0]["tensor-spec"]["shape"] == (-1, 1)
    np.testing.assert_array_equal(model.predict(model.input_example), model.predict(3))


def test_a_cell_without_numbers_offers_none(study: Study, view: View) -> None:
    mirrored(study(["soft"], seeds=[0], diverges=lambda loss, seed: True))
    assert view.runs[CELL].outputs is None or not view.runs[CELL].outputs.model_outputs


def test_it_needs_what_ganstudy_is_released_with_and_nothing_else(results: Results, view: View) -> None:
    """Whoever loads it has none of what only developers install. Nothing is unpickled either."""
    code = """
import json, sys
before = set(sys.modules)
import pickle
def refuse(*_, **__): raise AssertionError("unpickled")
pickle.load = pickle.loads = refuse
import mlflow
mlflow.set_tracking_uri(sys.argv[1])
assert mlflow.pyfunc.load_model(sys.argv[2]).predict(3).shape == (3, 1)
print(json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before})))
"""
    command = [sys.executable, "-c", code, view.client.tracking_uri, f"models:/{model_id(view)}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    owners = packages_distributions()
    used = {
        canonicalize_name(owner)
        for module in json.loads(done.stdout.splitlines()[-1])
        for owner in owners.get(module, ())
    }
    assert {"torch", "safetensors", "ganstudy", "mlflow"} <= used
    assert used <= released("ganstudy", set())


def released(name: str, seen: set[str]) -> set[str]:
    """A distribution and all that it requires without extras."""
    if (name := canonicalize_name(name)) not in seen:
        seen.add(name)
        try:
            required = map(Requirement, distribution(name).requires or [])
        except ModuleNotFoundError:  # of another system
            required = iter(())
        for requirement in required:
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                released(requirement.name, seen)
    return seen


def test_a_conditional_one_is_asked_for_a_label(make_cell: Callable[..., Cell], tmp_path: Path) -> None:
    cell = make_cell(source={"name": "digits", "condition": "labels"})
    description = {"shape": [1, 8, 8], "transform": {"name": "pixel_range"}, "labels": {"3": 5, "7": 15}}
    initial = Generator(cell.recipe.noise, cell.recipe.generator, (1, 8, 8), 2).initial([0])
    weights = {f"generator.{name}": value.numpy() for name, value in initial.items()}
    sampler = Sampler.of(cell.recipe.noise, cell.recipe.generator, description, weights, 0)
    save_model(sampler, "m-1", tmp_path)
    model = mlflow.pyfunc.load_model(str(tmp_path / "model"))
    threes, sevens, mixed = (model.predict(9, params=asked) for asked in ({"label": 3}, {"label": 7}, {}))
    assert threes.shape == (9, 1, 8, 8)
    np.testing.assert_array_equal(threes, sampler(sampler.draw_noise(9), np.full(9, 3)))
    assert not np.array_equal(threes, sevens)
    np.testing.assert_array_equal(mixed, sampler(sampler.draw_noise(9), sampler.draw_labels(9)))
