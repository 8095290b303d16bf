"""Folders of images of all modes, damaged at random: a clear line, or the right pixels; nothing else."""

import io
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fuzzing import damaged
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ganstudy.core.errors import UserError
from ganstudy.sources.images import IMAGES_HOME, Images, ImagesSettings

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (12, 6, 5), dtype=np.uint8)
MODES: dict[str, Any] = {
    "L": (lambda grey: Image.fromarray(grey), ("PNG", "BMP", "GIF", "TIFF", "WEBP", "JPEG")),
    "RGB": (lambda grey: Image.fromarray(grey).convert("RGB"), ("PNG", "BMP", "TIFF", "WEBP", "JPEG")),
    "RGBA": (lambda grey: Image.fromarray(grey).convert("RGBA"), ("PNG", "TIFF", "WEBP")),
    "LA": (lambda grey: Image.fromarray(grey).convert("LA"), ("PNG",)),
    "P": (lambda grey: Image.fromarray(grey).convert("P"), ("PNG", "GIF", "BMP", "TIFF")),
    "CMYK": (lambda grey: Image.fromarray(grey).convert("CMYK"), ("JPEG", "TIFF")),
    "16": (lambda grey: Image.fromarray(grey.astype(np.uint16) * 257), ("PNG", "TIFF")),
    "I": (lambda grey: Image.fromarray(grey.astype(np.int32)), ("TIFF",)),
    "F": (lambda grey: Image.fromarray(grey.astype(np.float32) / 255), ("TIFF",)),
}
EXACT = ("PNG", "BMP", "TIFF")
"""Formats that lose nothing."""


@pytest.fixture(autouse=True)
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(mode: str, kind: str, i: int) -> bytes:
    file = io.BytesIO()
    MODES[mode][0](GREY[i]).save(file, kind)
    return file.getvalue()


def outcome(contents: dict[str, bytes], **settings: Any) -> Any:
    """What is read of a folder with these files, `[n, height, width]` from 0 to 1, or the line that refuses
    it. A warning is a failure."""
    folder = IMAGES_HOME / "mine"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    source = Images(ImagesSettings.model_validate({"name": "images", "path": "mine", **settings}))
    message = ""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            source.check()
            samples = source.load().samples
        except UserError as error:
            message = str(error)
    if message:
        assert "\n" not in message
        assert str(folder) in message
        return message
    assert np.isfinite(samples).all()
    assert samples.min() >= 0
    assert samples.max() <= 1
    return samples[:, 0]


@damaged(30)
@given(modes=st.lists(st.sampled_from(sorted(MODES)), min_size=12, max_size=12), data=st.data())
def test_any_mixture_of_modes_is_read_rightly(modes: list[str], data: st.DataObject) -> None:
    kinds = [data.draw(st.sampled_from(MODES[mode][1])) for mode in modes]
    files = {
        f"{i:02}.{kind.lower()}": written(mode, kind, i)
        for i, (mode, kind) in enumerate(zip(modes, kinds, strict=True))
    }
    found = outcome(files)
    deep = {mode for mode in modes if mode in ("16", "I")}
    if "I" in deep and "16" in deep:
        return  # 32-bit integers up to 255 beside 16 bits: read by the larger, as is said
    assert not isinstance(found, str), found
    for i, kind in enumerate(kinds):
        if kind in EXACT and modes[i] != "CMYK":
            np.testing.assert_allclose(found[i], GREY[i] / 255, atol=0.01)


@damaged(60)
@given(data=st.data())
def test_a_damaged_image_ends_in_a_line_that_names_it_or_in_pixels(data: st.DataObject) -> None:
    mode = data.draw(st.sampled_from(sorted(MODES)))
    kind = data.draw(st.sampled_from(MODES[mode][1]))
    files = {f"{i:02}.{kind.lower()}": written(mode, kind, i) for i in range(12)}
    name = f"05.{kind.lower()}"
    content = bytearray(files[name])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, max(len(content) - 1, 0)))
        match data.draw(st.sampled_from(["flip", "flip", "cut", "insert", "other"])):
            case "flip" if content:
                content[at] = data.draw(st.integers(0, 255))
            case "cut":
                del content[at:]
            case "insert":
                content[at:at] = data.draw(st.binary(max_size=8))
            case "other":
                content = bytearray(
                    data.draw(st.sampled_from([b"", b"<html>", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"II*\0"]))
                )
    found = outcome({**files, name: bytes(content)}, **data.draw(st.sampled_from([{}, {"size": 4}])))
    if isinstance(found, str):
        # A damage that leaves an image may leave one of another size, or of a range that none of them has.
        assert name in found or "pixels" in found or "white" in found, found
