"""MNIST from its four IDX files."""

import gzip
import hashlib
import os
import zlib
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ganstudy.core.errors import UserError
from ganstudy.sources.source import Contents, Dataset, LabelledSettings
from ganstudy.sources.transforms import PixelRange

MNIST_HOME = Path("data/raw/mnist")
MIRROR = "https://ossci-datasets.s3.amazonaws.com/mnist/"
MD5 = {
    "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
}
IDX_FILES = {
    "train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
}


class MnistSettings(LabelledSettings):
    """MNIST's digits of 28 × 28 pixels, scaled to [-1, 1]."""

    name: Literal["mnist"]
    split: Literal["train", "test"] = "train"
    """Which pair of IDX files is read: 60,000 images or 10,000."""


class Mnist(Dataset):
    """Handwritten digits of 28 × 28 pixels, 256 grey levels scaled to [-1, 1].

    The files are taken from the folder in GANSTUDY_MNIST or from data/raw/mnist, and downloaded to the
    latter when in neither. Wherever they come from, their checksums are pinned.
    """

    Settings = MnistSettings
    traits = frozenset({"pixels"})
    is_downloaded = True
    shape = (1, 28, 28)
    transform = PixelRange()
    units = "grey level, -1 to 1"

    def load(self) -> Contents:
        images, labels = (read_idx(_find(name) or _download(name)) for name in IDX_FILES[self.settings.split])
        if len(images) != len(labels):
            raise UserError(f"mnist: {len(images)} images but {len(labels)} labels; take both from one split")
        return Contents(
            samples=images.reshape(-1, *self.shape).astype(np.float32) / np.float32(255),
            labels=labels.astype(np.int64),
        )

    def check(self) -> None:
        # What is absent will be downloaded by `prepare`; a check stays offline.
        for path in filter(None, map(_find, IDX_FILES[self.settings.split])):
            read_idx(path)

    def task(self) -> str:
        split = self.settings.split
        return f"Make images like MNIST's digits of 28 × 28 pixels ({split}); {self.share_held_out}."


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array in a gzipped IDX file of unsigned bytes, `[n, height, width]` of images and `[n]` of labels.
    UserError if it is not one, or cut short.

    The format: two zero bytes, the type (8 = unsigned byte), the number of dimensions, then each
    dimension's length as a big-endian 32-bit integer, then the values. http://yann.lecun.com/exdb/mnist
    """
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"{path}: cannot be unpacked ({error}); fetch it again") from None
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise UserError(f"{path}: not an IDX file of unsigned bytes; fetch it again")
    start = 4 + 4 * content[3]
    shape = np.frombuffer(content[4:start], dtype=">u4") if len(content) >= start else np.array([np.inf])
    if len(content) - start != np.prod(shape, dtype=float):
        raise UserError(
            f"{path}: cut short: {len(content)} bytes do not hold what its header says; fetch it again"
        )
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(tuple(int(size) for size in shape))


def _find(name: str) -> Path | None:
    """The file of that name on this machine, once its checksum has been found right."""
    for home in (os.environ.get("GANSTUDY_MNIST"), MNIST_HOME):
        if home and (path := Path(home) / name).is_file():
            verify_checksum(path, MD5[name])
            return path
    return None


def verify_checksum(path: Path, md5: str) -> None:
    """UserError unless the file has this MD5."""
    found = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    if found != md5:
        raise UserError(f"{path}: wrong checksum: md5 {found}, should be {md5}; delete it and fetch it again")


def _download(name: str) -> Path:
    import pooch

    try:
        return Path(
            pooch.retrieve(MIRROR + name, f"md5:{MD5[name]}", fname=name, path=MNIST_HOME, progressbar=False)
        )
    except (OSError, ValueError) as error:
        raise UserError(
            f"mnist: {name} is neither in GANSTUDY_MNIST nor in {MNIST_HOME} and could not be downloaded "
            f"({type(error).__name__}); put the four IDX files in {MNIST_HOME}"
        ) from None
