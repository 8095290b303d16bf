"""The grey levels of an image file."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganstudy.core.errors import UserError

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 2**25
"""A larger image is refused: it would take a gigabyte to decode, and as many networks to train."""
DEPTHS = (8, 10, 12, 14, 16)
"""Bits that cameras and scanners have."""
DEEP = ("I", "I;16", "I;16B", "I;16L", "F")
"""Pillow's modes for images of more than 8 bits."""


class Pixels(NamedTuple):
    """An image as it was read."""

    path: Path
    values: NDArray[np.float32]
    """`[height, width]`; of images of 8 bits 0 to 255."""
    kind: str
    """`8 bits`, `integer` or `float`."""


def read_pixels(path: Path, size: tuple[int, int] | None) -> Pixels:
    """The image's pixels in shades of grey, upright, on white where it is transparent, resized to rows and
    columns if a size is given. UserError if it is no image, damaged, too large, or of several frames."""
    # Here and not above: whoever has no images does without.
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(path) as file:
                if file.width * file.height > MOST_PIXELS:
                    raise _too_large(path, f"{file.width:,} × {file.height:,}")
                if (frames := getattr(file, "n_frames", 1)) > 1:
                    raise UserError(
                        f"{path}: holds {frames} frames or pages; save each as an image of its own"
                    )
                return _grey(path, ImageOps.exif_transpose(file), size)
        except UserError:
            raise
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise _too_large(path, "its") from None
        except Exception as error:  # a damaged file makes Pillow's decoders raise whatever they meet
            said = " ".join(str(error).split()) or type(error).__name__
            raise UserError(f"{path}: cannot be read as an image: {said[:200]}") from None


def grey_levels(images: Sequence[Pixels], notes: list[str]) -> NDArray[np.float32]:
    """All images from 0 to 255, `[n, height, width]`. UserError for values whose range is not known.

    Whole numbers of more than 8 bits are taken to have as few bits, of those usual in cameras, as the largest
    of the folder needs; other numbers to reach to 1, or to 255. What was taken for what is added to `notes`.
    """
    reach = {}
    for kind in ("integer", "float"):
        of_kind = [image for image in images if image.kind == kind]
        if of_kind:
            largest = max(float(image.values.max()) for image in of_kind)
            for image in of_kind:
                if not np.isfinite(image.values).all() or image.values.min() < 0:
                    raise UserError(
                        f"{image.path}: has negative values or gaps; save it with 0 for black, in 8 or 16 "
                        "bits"
                    )
            if kind == "integer":
                bits = next((depth for depth in DEPTHS if largest < 2**depth), None)
                reach[kind] = 2.0**bits - 1 if bits else 0.0
                notes.append(f"whole numbers up to {largest:,.0f} are read as {bits} bits")
            else:
                reach[kind] = next((most for most in (1.0, 255.0) if largest <= most), 0.0)
                notes.append(f"numbers up to {largest:.4g} are read as reaching from 0 to {reach[kind]:g}")
            if not reach[kind]:
                worst = max(of_kind, key=lambda image: float(image.values.max()))
                raise UserError(
                    f"{worst.path}: has values up to {largest:.6g}, of which nothing says what is "
                    "white; save it in 8 or 16 bits"
                )
    return np.stack(
        [
            image.values * np.float32(255 / reach[image.kind]) if image.kind in reach else image.values
            for image in images
        ]
    )


def _grey(path: Path, image: "Image", size: tuple[int, int] | None) -> Pixels:
    from PIL import Image

    if image.mode in DEEP:
        kind = "float" if image.mode == "F" else "integer"
        image = Image.fromarray(np.asarray(image, dtype=np.float32))
    elif image.mode == "LAB":
        raise UserError(f"{path}: has LAB colours; save it as RGB")
    else:
        kind = "8 bits"
        if image.has_transparency_data:
            # What lies below the transparent parts is not meant to be seen, and most often black.
            colours = image.convert("RGBA")
            ground = Image.new("RGBA", colours.size, "white")
            image = Image.alpha_composite(ground, colours).convert("RGB")
        image = image.convert("L")
    if size is not None:
        rows, columns = size
        before = image.getextrema()
        image = image.resize((columns, rows), Image.Resampling.LANCZOS)
        if kind != "8 bits":  # what 8 bits do by themselves: no value beyond those that were there
            values = np.asarray(image, dtype=np.float32).clip(*before)
            return Pixels(path, values, kind)
    return Pixels(path, np.asarray(image, dtype=np.float32), kind)


def _too_large(path: Path, pixels: str) -> UserError:
    return UserError(
        f"{path}: {pixels} pixels are more than {MOST_PIXELS >> 20} million; make it smaller first"
    )
