"""Folders of images."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganstudy.cli.contracts import title
from ganstudy.cli.contracts.sources import DATASET
from ganstudy.core.errors import UserError
from ganstudy.sources.images import IMAGES_HOME, Images, ImagesSettings
from ganstudy.sources.prepared import Prepared

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (12, 6, 5), dtype=np.uint8)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study's folder of a dozen images, 6 × 5, named so that their order is not that of writing."""
    monkeypatch.chdir(tmp_path)
    folder = IMAGES_HOME / "mine"
    folder.mkdir(parents=True)
    for i in reversed(range(12)):
        Image.fromarray(PIXELS[i]).save(folder / f"{i:02}.png")
    return folder


def source(**settings: Any) -> Images:
    return Images(ImagesSettings.model_validate({"name": "images", "path": "mine", **settings}))


@pytest.mark.parametrize("clause", DATASET, ids=title)
def test_it_keeps_the_contract(clause: Any, folder: Path) -> None:
    clause(source())


def test_samples_are_the_pixels_in_the_order_of_names(folder: Path) -> None:
    images = source()
    contents = images.load()
    np.testing.assert_allclose(contents.samples[:, 0], PIXELS / 255, atol=1e-6)
    assert contents.labels is None
    assert Prepared.of(source()).shape == (1, 6, 5)


def test_subfolders_are_labels_where_all_images_lie_in_one(folder: Path) -> None:
    for i, name in enumerate(("cat", "dog")):
        (folder / name).mkdir()
        for j in range(6):
            (folder / f"{6 * i + j:02}.png").rename(folder / name / f"{j}.png")
    labels = source().load().labels
    assert labels is not None
    assert labels.tolist() == [0] * 6 + [1] * 6
    Image.fromarray(PIXELS[0]).save(folder / "loose.png")
    assert source().load().labels is None


def test_colours_become_grey_and_sizes_one(folder: Path) -> None:
    Image.fromarray(RNG.integers(0, 256, (9, 9, 3), dtype=np.uint8)).save(folder / "colour.jpg")
    contents = source(size=[4, 3]).load()
    assert contents.samples.shape == (13, 1, 4, 3)
    assert abs(contents.samples).max() <= 1
    assert source(size=4).load().samples.shape == (13, 1, 4, 4)


@pytest.mark.parametrize(
    ("spoil", "settings", "said"),
    [
        (lambda folder: (folder / "00.png").write_text("no image"), {}, "cannot be read as an image"),
        (
            lambda folder: Image.new("L", (3, 3)).save(folder / "05.png"),
            {},
            "05.png: 3 × 3 pixels, 00.png has 6 × 5; give a `size`",
        ),
        (lambda folder: [(folder / f"{i:02}.png").unlink() for i in range(3)], {}, "9 images (.bmp, "),
        (lambda folder: None, {"path": "nobody"}, "nobody: no such folder"),
        (lambda folder: None, {"path": "../tables"}, "must lie inside data/raw/images, which DVC watches"),
    ],
)
def test_what_cannot_be_used_gets_a_line(spoil: Any, settings: Any, said: str, folder: Path) -> None:
    spoil(folder)
    with pytest.raises(UserError) as error:
        source(**settings).check()
    assert said in str(error.value)
    assert "\n" not in str(error.value)
