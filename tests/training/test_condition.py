"""Conditional GANs: both networks are told each sample's label."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ganstudy.core.errors import UserError
from ganstudy.results.sampler import Sampler, _load_pyfunc
from ganstudy.sources.images import Images, ImagesSettings
from ganstudy.sources.labels import one_hot
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.sources.stream import Shuffled
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs
from ganstudy.training.trainer import train

CENTRES = {3: -2.0, 7: 2.0}
"""Of the samples with each label, in a table of one column."""
DIGITS = {"name": "digits", "condition": "labels"}
SMALL = {"source": DIGITS, "steps": 3, "samples": 20, "snapshots": 1, "points": 1}
OWN = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, size, shape, classes, out):
        super().__init__()
        inputs = size + classes if out > 1 else size * (torch.Size(shape).numel() + classes)
        self.layer = nn.Linear(inputs, out)

    def forward(self, x, labels):
        return self.layer(torch.cat([x.flatten(1), labels.flatten(1)], dim=1)).squeeze(1)
"""


def two_labels() -> Prepared:
    rng = np.random.default_rng(0)
    labels = rng.choice(list(CENTRES), size=400, p=[0.25, 0.75])
    samples = (np.vectorize(CENTRES.get)(labels) + 0.3 * rng.standard_normal(400)).astype(np.float32)[:, None]
    counts = {str(label): int((labels == label).sum()) for label in CENTRES}
    description = {"shape": [1], "transform": {"name": "identity"}, "labels": counts}
    return Prepared(description, samples, samples[:100], labels, labels[:100])


@pytest.fixture(scope="module")
def trained(make_cell: Callable[..., Cell]) -> tuple[Cell, Prepared, Runs]:
    """On two labels, long enough to tell them apart."""
    data = two_labels()
    cell = make_cell(
        generator={"hidden": [16], "activations": "leaky_relu"},
        discriminator={"hidden": [16], "activations": "leaky_relu"},
        steps=600,
        batch=32,
        samples=500,
    )
    return cell, data, train(cell, [0, 1], data, Shuffled(data.train, data.train_condition))


@pytest.fixture(scope="module")
def sampler(trained: tuple[Cell, Prepared, Runs]) -> Sampler:
    cell, data, runs = trained
    return Sampler.of(cell.recipe.noise, cell.recipe.generator, data.description, runs.weights, 0)


def test_samples_are_of_the_label_that_is_asked_for(sampler: Sampler, tmp_path: Path) -> None:
    sampler.save(tmp_path)
    model = _load_pyfunc(str(tmp_path))
    for label, centre in CENTRES.items():
        made = model.predict(200, params={"label": label})
        assert made.mean() == pytest.approx(centre, abs=1)
        assert (np.sign(made) == np.sign(centre)).mean() > 0.9
    assert (model.predict(1000) > 0).mean() == pytest.approx(0.75, abs=0.15)
    with pytest.raises(ValueError, match="no such label; there are 3, 7"):
        model.predict(5, params={"label": 4})
    with pytest.raises(ValueError, match="give them to a conditional generator"):
        sampler(sampler.draw_noise(5))


def test_labels_of_final_samples_are_as_frequent_as_in_the_data(
    trained: tuple[Cell, Prepared, Runs],
) -> None:
    _, _, runs = trained
    for samples in runs.samples:
        assert (samples > 0).mean() == pytest.approx(0.75, abs=0.15)


def test_the_condition_goes_with_its_sample() -> None:
    """In every block, whatever the epoch's order."""
    data = two_labels()
    stream = Shuffled(data.train, data.train_condition)
    label_of = dict(zip(data.train[:, 0].tolist(), data.train_labels.tolist(), strict=True))  # type: ignore[union-attr]
    for block in range(9):
        samples, told = stream.take(5, block, 77), stream.condition(5, block, 77)
        labels = np.array([label_of[value] for value in samples[:, 0].tolist()])
        np.testing.assert_array_equal(told, one_hot(labels, data.classes))


def test_digits_labels_are_told_where_that_is_asked_for(make_cell: Callable[..., Cell]) -> None:
    plain, told = (Prepared.of(make_source(make_cell(source=of).recipe.source)) for of in ("digits", DIGITS))
    assert plain.classes == ()
    assert plain.train_condition.shape == (len(plain.train), 0)
    assert told.classes == tuple(range(10))
    assert sum(told.description["labels"].values()) == len(told.train)
    np.testing.assert_array_equal(told.held_out_condition.argmax(axis=1), told.held_out_labels)


def test_a_folder_without_labels_has_none_to_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    monkeypatch.chdir(tmp_path)
    folder = Path("data/raw/images/mine")
    folder.mkdir(parents=True)
    for i in range(12):
        Image.fromarray(np.full((4, 4), 20 * i, np.uint8)).save(folder / f"{i}.png")
    settings = ImagesSettings.model_validate({"name": "images", "path": "mine", "condition": "labels"})
    with pytest.raises(UserError, match="condition: these data have no labels to tell the networks"):
        Images(settings).check()


def arrays(runs: Runs, seed: int) -> list[NDArray[Any]]:
    i = runs.seeds.index(seed)
    found = [runs.samples[i], runs.evolution[i], runs.logits_real[i], runs.logits_fake[i]]
    return [*found, *(weight[i] for weight in runs.weights.values())]


@pytest.mark.parametrize("own_networks", [False, True])
def test_a_conditional_run_has_the_same_bits_in_any_batch_composition(
    own_networks: bool,
    make_cell: Callable[..., Cell],
    train_cell: Callable[..., Runs],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    networks: dict[str, Any] = {}
    if own_networks:
        monkeypatch.chdir(tmp_path)
        Path("own/networks").mkdir(parents=True)
        Path("own/networks/net.py").write_text(OWN)
        networks = {
            name: {"use": "networks/net.py:Net", "options": {"out": out}}
            for name, out in {"generator": 64, "discriminator": 1}.items()
        }
    for loss in ("smoothed", "wgan_gp", "r3gan"):
        cell = make_cell(loss, **SMALL, **networks)
        alone, among = train_cell(cell, [4]), train_cell(cell, [9, 4, 1])
        for one, other in zip(arrays(alone, 4), arrays(among, 4), strict=True):
            np.testing.assert_array_equal(one, other)
