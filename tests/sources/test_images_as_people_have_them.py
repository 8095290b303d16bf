"""Folders of images as cameras, scanners, programs and people leave them: read rightly, or refused in a line
that names the file."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganstudy.core.errors import UserError
from ganstudy.metrics.classifier import unclassifiable
from ganstudy.sources.images import IMAGES_HOME, Images, ImagesSettings
from ganstudy.sources.prepared import Prepared

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (12, 6, 5), dtype=np.uint8)
GREY[0, 0, :2] = 0, 255
SHARES = GREY / 255
"""What the networks should see, from 0 (black) to 1 (white)."""
ORIENTATION = 0x0112


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`data/raw/images/mine`; a warning is a failure."""
    monkeypatch.chdir(tmp_path)
    (IMAGES_HOME / "mine").mkdir(parents=True)
    warnings.simplefilter("error")
    return IMAGES_HOME / "mine"


def source(**settings: Any) -> Images:
    return Images(ImagesSettings.model_validate({"name": "images", "path": "mine", **settings}))


def shares(images: Images) -> Any:
    """What was read, `[n, height, width]`, from 0 to 1."""
    images.check()
    return images.load().samples[:, 0]


def fill(folder: Path, made: Callable[[int], Image.Image], kind: str = "png", **options: Any) -> None:
    for i in range(len(GREY)):
        made(i).save(folder / f"{i:02}.{kind}", **options)


def rgba(i: int) -> Image.Image:
    """Dark wherever it is transparent, which is where the picture is white."""
    clear = GREY[i] > 200
    pixels = np.stack([np.where(clear, 0, GREY[i])] * 3 + [np.where(clear, 0, 255)], axis=-1)
    return Image.fromarray(pixels.astype(np.uint8), "RGBA")


def on_white(i: int) -> Any:
    return np.where(GREY[i] > 200, 255, GREY[i]) / 255


@pytest.mark.parametrize(
    ("made", "kind", "tolerance"),
    [
        (lambda i: Image.fromarray(GREY[i]), "png", 0),
        (lambda i: Image.fromarray(GREY[i]), "PNG", 0),
        (lambda i: Image.fromarray(GREY[i]), "bmp", 0),
        (lambda i: Image.fromarray(GREY[i]), "gif", 0),
        (lambda i: Image.fromarray(GREY[i]), "tiff", 0),
        (lambda i: Image.fromarray(GREY[i]).convert("RGB"), "png", 0),
        (lambda i: Image.fromarray(GREY[i]).convert("P"), "png", 0),
        (lambda i: Image.fromarray(GREY[i]).convert("CMYK"), "tiff", 0.01),
        (lambda i: Image.fromarray(GREY[i]).convert("YCbCr"), "tiff", 0.01),
        (lambda i: Image.fromarray(GREY[i].astype(np.uint16) * 257), "png", 1e-4),
        (lambda i: Image.fromarray(GREY[i].astype(np.uint16) * 257), "tiff", 1e-4),
        (lambda i: Image.fromarray((SHARES[i] * 4095).astype(np.uint16)), "png", 1e-3),
        (lambda i: Image.fromarray(GREY[i].astype(np.int32) * 257), "tiff", 1e-4),
        (lambda i: Image.fromarray(SHARES[i].astype(np.float32)), "tiff", 1e-6),
        (lambda i: Image.fromarray(GREY[i].astype(np.float32)), "tiff", 1e-6),
    ],
    ids=[
        "grey", "upper-case suffix", "bmp", "gif", "tiff", "rgb", "palette", "cmyk", "ycbcr", "16-bit png",
        "16-bit tiff", "12 bits in 16", "32-bit integers", "floats to 1", "floats to 255",
    ],
)  # fmt: skip
def test_every_mode_is_read_by_its_own_range(made: Any, kind: str, tolerance: float, folder: Path) -> None:
    fill(folder, made, kind)
    np.testing.assert_allclose(shares(source()), SHARES, atol=tolerance + 1e-6)


def test_one_image_of_16_bits_among_others_of_8(folder: Path) -> None:
    fill(folder, lambda i: Image.fromarray(GREY[i].astype(np.uint16) * 257 if i == 5 else GREY[i]))
    np.testing.assert_allclose(shares(source()), SHARES, atol=1e-4)


def test_one_bit_is_black_and_white(folder: Path) -> None:
    fill(folder, lambda i: Image.fromarray(GREY[i] > 127))
    np.testing.assert_array_equal(shares(source()), GREY > 127)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white(mode: str, folder: Path) -> None:
    if mode == "P":
        for i in range(12):
            image = Image.fromarray(np.where(GREY[i] > 200, 0, np.maximum(GREY[i], 1)).astype(np.uint8))
            palette = image.convert("P")
            palette.putpalette([level for level in range(256) for _ in range(3)])
            palette.save(folder / f"{i:02}.png", transparency=0)
    else:
        fill(folder, lambda i: rgba(i).convert(mode))
    np.testing.assert_allclose(shares(source()), [on_white(i) for i in range(12)], atol=0.01)


def test_photographs_are_turned_upright(folder: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # stored as it is after a quarter turn to the left
    for i in range(12):
        image = Image.fromarray(np.rot90(GREY[i])) if i % 2 else Image.fromarray(GREY[i])
        image.save(folder / f"{i:02}.png", **({"exif": exif} if i % 2 else {}))
    np.testing.assert_allclose(shares(source()), SHARES, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        (".00.png", ".00.png"),
        ("._00.png", "._00.png"),
        (".thumbnails/00.png", ".thumbnails"),
        (".ipynb_checkpoints/00-checkpoint.png", ".ipynb_checkpoints"),
        (".Trash-1000/files/00.png", ".Trash-1000"),
        ("@eaDir/00.png", "@eaDir"),
        ("__MACOSX/00.png", "__MACOSX"),
        ("Thumbs.db", ".db"),
        ("notes.txt", ".txt"),
    ],
)
def test_what_people_do_not_see_is_left_out_with_a_word(name: str, left_out: str, folder: Path) -> None:
    fill(folder, lambda i: Image.fromarray(GREY[i]))
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"no image at all")
    images = source()
    np.testing.assert_allclose(shares(images), SHARES, atol=1e-6)
    assert any(left_out in note and "left out" in note for note in images.notes()), images.notes()


def in_classes(folder: Path, *classes: str) -> None:
    for i in range(12):
        home = folder / classes[i % len(classes)]
        home.mkdir(parents=True, exist_ok=True)
        Image.fromarray(GREY[i]).save(home / f"{i:02}.png")


def test_hidden_folders_are_no_classes(folder: Path) -> None:
    in_classes(folder, "cat", "dog")
    (folder / ".ipynb_checkpoints").mkdir()
    Image.fromarray(GREY[0]).save(folder / ".ipynb_checkpoints" / "00-checkpoint.png")
    labels = source().load().labels
    assert labels is not None
    assert labels.tolist() == [0] * 6 + [1] * 6


def test_parts_that_someone_made_before_are_no_classes(folder: Path) -> None:
    in_classes(folder, "train/cat", "train/dog", "val/cat", "val/dog")
    images = source()
    labels = images.load().labels
    assert labels is not None
    assert labels.tolist() == [0, 0, 0, 1, 1, 1] * 2
    assert any("train and val are read together" in note for note in images.notes())


def test_linked_folders_are_followed_once(folder: Path) -> None:
    in_classes(folder, "cat")
    (folder / "dog").symlink_to((folder / "cat").resolve())
    (folder / "cat" / "loop").symlink_to(folder.resolve())
    elsewhere = folder.parent / "elsewhere"
    in_classes(elsewhere, "cow")
    (folder / "cow").symlink_to((elsewhere / "cow").resolve())
    contents = source().load()
    assert len(contents.samples) == 24
    assert contents.labels is not None
    assert sorted(set(contents.labels.tolist())) == [0, 1]


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({"cat": 38, "dog": 2}, "of one of the 2 labels"),
        ({"cat": 39, "dog": 1}, "of one of the 2 labels"),
        ({"a": 5, "b": 5}, "of one of the 2 labels"),
        ({f"{i:02}": 1 for i in range(30)}, "of one of the 30 labels"),
        ({"cat": 20, "dog": 20}, None),
    ],
)
def test_without_enough_of_each_label_there_is_no_classifier_but_a_reason(
    counts: dict[str, int], reason: str | None, folder: Path
) -> None:
    for name, n in counts.items():
        (folder / name).mkdir()
        for i in range(n):
            pixels = RNG.integers(0, 256, (4, 4), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{i}.png")
    said = unclassifiable(Prepared.of(source()))
    assert said is None if reason is None else reason in str(said)


def animated(path: Path, kind: str) -> None:
    frames = [Image.fromarray(GREY[i]) for i in range(3)]
    frames[0].save(path, kind, save_all=True, append_images=frames[1:])


SPOILT: dict[str, tuple[str, Callable[[Path], Any], str]] = {
    "a page": ("05.jpg", lambda path: path.write_text("<html>404</html>"), "cannot be read as an image"),
    "an empty file": ("05.png", lambda path: path.write_bytes(b""), "cannot be read as an image"),
    "half a file": (
        "05.png",
        lambda path: path.write_bytes((IMAGES_HOME / "mine/00.png").read_bytes()[:60]),
        "cannot be read as an image",
    ),
    "an animation": ("05.gif", lambda path: animated(path, "GIF"), "holds 3 frames or pages"),
    "an animation by another name": ("05.png", lambda path: animated(path, "GIF"), "holds 3 frames or pages"),
    "several pages": ("05.tif", lambda path: animated(path, "TIFF"), "holds 3 frames or pages"),
    "a bomb": ("05.png", lambda path: Image.new("1", (20_000, 20_000)).save(path), "more than 32 million"),
    "a large image": ("05.png", lambda path: Image.new("1", (9000, 9000)).save(path), "more than 32 million"),
    "a link to nothing": ("05.png", lambda path: path.symlink_to("absent.png"), "links to nothing"),
    "another size": (
        "05.png",
        lambda path: Image.new("L", (7, 9)).save(path),
        "9 × 7 pixels, 00.png has 6 × 5; give a `size` to resize them to",
    ),
    "negative values": (
        "05.tif",
        lambda path: Image.fromarray(GREY[5].astype(np.int32) - 1024).save(path),
        "has negative values or gaps",
    ),
    "no number": (
        "05.tif",
        lambda path: Image.fromarray(np.full((6, 5), np.nan, np.float32)).save(path),
        "has negative values or gaps",
    ),
    "numbers of no known range": (
        "05.tif",
        lambda path: Image.fromarray(GREY[5] * np.float32(1000)).save(path),
        "of which nothing says what is white",
    ),
    "LAB colours": (
        "05.tif",
        lambda path: Image.fromarray(np.zeros((6, 5, 3), np.uint8), "LAB").save(path),
        "has LAB colours; save it as RGB",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "spoil", "said"), SPOILT.values(), ids=SPOILT.keys())
def test_what_cannot_be_used_is_refused_by_its_name(
    name: str, spoil: Callable[[Path], Any], said: str, folder: Path
) -> None:
    fill(folder, lambda i: Image.fromarray(GREY[i]))
    (folder / "05.png").unlink()
    spoil(folder / name)
    with pytest.raises(UserError) as caught:
        source().check()
    assert str(caught.value).startswith(str(folder / name))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_images_that_are_all_the_same_are_nothing_to_learn(folder: Path) -> None:
    fill(folder, lambda i: Image.fromarray(GREY[0]))
    with pytest.raises(UserError, match="all 12 images are the same; there is nothing to learn"):
        source().check()


def test_the_folder_may_be_named_from_the_studys(folder: Path) -> None:
    fill(folder, lambda i: Image.fromarray(GREY[i]))
    np.testing.assert_allclose(shares(source(path="data/raw/images/mine")), SHARES, atol=1e-6)


def test_names_may_hold_anything(folder: Path) -> None:
    odd = folder / "Grüße #1 50% ★"
    odd.mkdir()
    for i in range(12):
        Image.fromarray(GREY[i]).save(odd / f"{i:02} é.png")
    assert len(shares(source())) == 12


def test_a_folder_named_like_an_image_is_a_folder(folder: Path) -> None:
    fill(folder, lambda i: Image.fromarray(GREY[i]))
    (folder / "more.png").mkdir()
    assert len(shares(source())) == 12
