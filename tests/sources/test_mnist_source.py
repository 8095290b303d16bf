"""MNIST's files: the real ones where GANSTUDY_MNIST points to them, and small ones of the same format made
from the bundled digits everywhere."""

import gzip
import os
import struct
import threading
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import md5
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from ganstudy.core.errors import UserError
from ganstudy.sources import mnist
from ganstudy.sources.mnist import read_idx
from ganstudy.sources.registry import make_source
from ganstudy.sources.source import Dataset
from ganstudy.training.cell import Cell

IMAGES, LABELS = mnist.IDX_FILES["test"]
Bytes = NDArray[np.uint8]

HOME = os.environ.get("GANSTUDY_MNIST")
REAL = Path(HOME) if HOME and all((Path(HOME) / name).is_file() for name in (IMAGES, LABELS)) else None


def idx(array: Bytes) -> bytes:
    """An array in the IDX format, packed."""
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return gzip.compress(header + array.tobytes(), mtime=0)


def small_digits() -> tuple[Bytes, Bytes]:
    """The bundled digits as MNIST has them: 28 × 28 pixels of 256 levels, and labels."""
    digits = load_digits()
    tripled = np.kron(digits.images / 16 * 255, np.ones((3, 3)))
    return np.pad(tripled, [(0, 0), (2, 2), (2, 2)]).astype(np.uint8), digits.target.astype(np.uint8)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An otherwise empty study folder; nothing is known of MNIST."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GANSTUDY_MNIST", raising=False)
    return tmp_path


@pytest.fixture
def source(make_cell: Callable[..., Cell]) -> Dataset:
    """MNIST's test split."""
    found = make_source(make_cell(source={"name": "mnist", "split": "test"}).recipe.source)
    assert isinstance(found, Dataset)
    return found


def place(folder: Path, monkeypatch: pytest.MonkeyPatch, images: Bytes, labels: Bytes) -> None:
    """Write the pair there. The pinned checksums are of the real files, so these take their place."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in ((IMAGES, images), (LABELS, labels)):
        packed = idx(array)
        (folder / name).write_bytes(packed)
        monkeypatch.setitem(mnist.MD5, name, md5(packed, usedforsecurity=False).hexdigest())


@pytest.fixture
def split(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A test split where GANSTUDY_MNIST says, the real one if there is one; how often each digit is in it."""
    if REAL:
        monkeypatch.setenv("GANSTUDY_MNIST", str(REAL))
        return [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    place(folder / "given", monkeypatch, *small_digits())
    monkeypatch.setenv("GANSTUDY_MNIST", str(folder / "given"))
    return [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_the_test_split_holds_the_digits_that_are_known_to_be_in_it(
    split: list[int], source: Dataset
) -> None:
    source.check()
    contents = source.load()
    assert contents.labels is not None
    assert np.bincount(contents.labels).tolist() == split
    assert contents.samples.shape == (sum(split), 1, 28, 28)
    assert source.shape == (1, 28, 28)
    assert contents.samples.dtype == np.float32
    assert (contents.samples.min(), contents.samples.max()) == (0, 1)
    # Digits are bright strokes on black: corners are empty, a 1 has less ink than a 0.
    images = contents.samples.reshape(-1, 28, 28)
    assert (images[:, 0, 0] == 0).all()
    assert images[contents.labels == 1].mean() < images[contents.labels == 0].mean()


@pytest.mark.parametrize("where", ["GANSTUDY_MNIST", "data/raw/mnist"])
def test_pixels_are_scaled_from_256_levels(
    where: str, folder: Path, source: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder / where
    monkeypatch.setenv("GANSTUDY_MNIST", str(folder / "GANSTUDY_MNIST"))
    images, labels = small_digits()
    place(home, monkeypatch, images, labels)
    source.check()
    contents = source.load()
    np.testing.assert_allclose(contents.samples[:, 0] * 255, images, atol=1e-4)
    np.testing.assert_array_equal(contents.labels, labels)


@pytest.mark.parametrize("shape", [(3,), (5, 4), (2, 28, 28), (0, 3)])
def test_an_idx_file_is_read_back_exactly(shape: tuple[int, ...], tmp_path: Path) -> None:
    array = np.random.default_rng(0).integers(256, size=shape).astype(np.uint8)
    path = tmp_path / "some.gz"
    path.write_bytes(idx(array))
    np.testing.assert_array_equal(read_idx(path), array)
    assert read_idx(path).dtype == np.uint8


def test_the_bundled_digits_survive_the_format(tmp_path: Path) -> None:
    for array in small_digits():
        path = tmp_path / "digits.gz"
        path.write_bytes(idx(array))
        np.testing.assert_array_equal(read_idx(path), array)


WHOLE = idx(np.arange(60, dtype=np.uint8).reshape(5, 3, 4))
INSIDE = gzip.decompress(WHOLE)
DAMAGED = {
    "empty": (b"", "not an IDX file"),
    "not packed": (INSIDE, "cannot be unpacked"),
    "a page that says not found": (b"<html>404</html>", "cannot be unpacked"),
    "packed file cut off": (WHOLE[:-20], "cannot be unpacked"),
    "packed file corrupt": (WHOLE[:30] + bytes(8) + WHOLE[38:], "cannot be unpacked"),
    "something else packed": (gzip.compress(b"not what you think"), "not an IDX file of unsigned bytes"),
    "numbers of another type": (gzip.compress(b"\0\0\x0d" + INSIDE[3:]), "not an IDX file of unsigned bytes"),
    "values missing": (gzip.compress(INSIDE[:-1]), "cut short"),
    "values left over": (gzip.compress(INSIDE + b"\0"), "do not hold what its header says"),
    "header cut off": (gzip.compress(INSIDE[:10]), "cut short"),
    "header of a giant": (gzip.compress(b"\0\0\x08\x04" + b"\xff" * 16 + INSIDE[16:]), "cut short"),
    "absent": (None, "cannot be unpacked"),
}


@pytest.mark.parametrize("case", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_named(case: tuple[bytes | None, str], tmp_path: Path) -> None:
    content, complaint = case
    path = tmp_path / IMAGES
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=complaint) as error:
        read_idx(path)
    assert str(error.value).startswith(f"{path}: ")
    assert str(error.value).endswith("fetch it again")


def test_a_file_with_another_checksum_is_refused_wherever_it_is_used(
    folder: Path, source: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, labels = small_digits()
    place(folder / "given", monkeypatch, images, labels)
    (folder / "given" / IMAGES).write_bytes(idx(255 - images))
    monkeypatch.setenv("GANSTUDY_MNIST", str(folder / "given"))
    for use in (source.check, source.load):
        with pytest.raises(UserError, match=f"{IMAGES}: wrong checksum: md5 [0-9a-f]{{32}}, should be"):
            use()


def test_images_without_their_labels_are_refused(
    folder: Path, source: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, labels = small_digits()
    place(folder / mnist.MNIST_HOME, monkeypatch, images, labels[:-1])
    with pytest.raises(UserError, match="1797 images but 1796 labels"):
        source.load()


@pytest.fixture
def mirror(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is served as the archive from which absent files are fetched."""
    served = folder / "served"
    served.mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=str(served))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        # The real archive may be out of reach, and is no business of a test's.
        monkeypatch.setattr(mnist, "MIRROR", f"http://127.0.0.1:{server.server_port}/")
        yield served
        server.shutdown()


def test_absent_files_are_downloaded_once(
    mirror: Path, source: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, labels = small_digits()
    place(mirror, monkeypatch, images, labels)
    source.check()
    assert not mnist.MNIST_HOME.exists()
    downloaded = source.load()
    for name in (IMAGES, LABELS):
        (mirror / name).unlink()
    again = source.load()
    np.testing.assert_array_equal(downloaded.samples, again.samples)
    np.testing.assert_array_equal(downloaded.labels, labels)


def test_a_failed_download_says_where_to_put_the_files(mirror: Path, source: Dataset) -> None:
    with pytest.raises(
        UserError, match=r"could not be downloaded .*put the four IDX files in data/raw/mnist"
    ):
        source.load()


def test_a_download_with_another_checksum_is_refused(
    mirror: Path, source: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, labels = small_digits()
    place(mirror, monkeypatch, images, labels)
    (mirror / IMAGES).write_bytes(idx(255 - images))
    with pytest.raises(UserError, match="could not be downloaded"):
        source.load()
    assert not (mnist.MNIST_HOME / IMAGES).exists()
