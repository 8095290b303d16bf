"""A folder of the user's own images."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from ganstudy.core.errors import UserError
from ganstudy.core.settings import Count, Unstrict
from ganstudy.sources.pixels import grey_levels, read_pixels
from ganstudy.sources.source import Contents, Dataset, LabelledSettings, path_inside
from ganstudy.sources.transforms import PixelRange

IMAGES_HOME = Path("data/raw/images")
IMAGE_KINDS = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")
FEWEST_IMAGES = 10
BY_MACHINES = ("@eaDir", "__MACOSX", "$RECYCLE.BIN", "lost+found")
"""Folders that systems make beside the user's, as they do all whose names begin with a dot."""
SPLIT_FOLDERS = {"train", "training", "val", "valid", "validation", "test", "testing"}
"""Folders that stand above those of classes where someone has split the images before."""


class ImagesSettings(LabelledSettings):
    """A folder of images, in shades of grey, scaled to [-1, 1]. Where all of them lie in subfolders, these
    are their labels, which serve evaluation alone."""

    name: Literal["images"]
    path: str
    """Of the folder, in data/raw/images."""
    size: Count | Annotated[tuple[Count, Count], Unstrict] | None = None
    """To which they are resized: pixels of either side, or rows and columns. By default they stay as they
    are, and must be alike."""


class Images(Dataset):
    """Every image below a folder in data/raw/images, in shades of grey, scaled to [-1, 1]."""

    Settings = ImagesSettings
    traits = frozenset({"pixels"})
    transform = PixelRange()
    units = "grey level, -1 to 1"

    def __init__(self, settings: ImagesSettings) -> None:
        super().__init__(settings)
        self.folder = path_inside(IMAGES_HOME, settings.path, "images")
        self.said: list[str] = []

    def load(self) -> Contents:
        """UserError, in a line, if the folder is absent, or holds what cannot be read or has no one size."""
        self.said = []
        paths = self._paths()
        size = self.settings.size
        images = [read_pixels(path, (size, size) if isinstance(size, int) else size) for path in paths]
        for image in images:
            if image.values.shape != images[0].values.shape:
                here, there = (" × ".join(map(str, one.values.shape)) for one in (image, images[0]))
                raise UserError(
                    f"{image.path}: {here} pixels, {paths[0].name} has {there}; give a `size` to resize "
                    "them to"
                )
        grey = grey_levels(images, self.said)
        if (grey == grey[0]).all():
            raise UserError(f"{self.folder}: all {len(grey)} images are the same; there is nothing to learn")
        return Contents(samples=grey[:, None] / np.float32(255), labels=self._labels(paths))

    def task(self) -> str:
        return f"Make images like those in {self.settings.path}; {self.share_held_out}."

    def notes(self) -> list[str]:
        return [f"{self.folder}: {note}" for note in self.said]

    def _paths(self) -> list[Path]:
        if not self.folder.is_dir():
            raise UserError(f"{self.folder}: no such folder; put the images there or correct `path`")
        hidden: Counter[str] = Counter()
        files = list(self._files(hidden))
        if hidden:
            names = ", ".join(sorted(hidden)[:5])
            self.said.append(f"hidden files and folders left out ({names}{', …' if len(hidden) > 5 else ''})")
        # By name: the order in which a folder lists its files is the machine's.
        paths = sorted(path for path in files if path.suffix.lower() in IMAGE_KINDS)
        others = Counter(path.suffix or path.name for path in files if path.suffix.lower() not in IMAGE_KINDS)
        if others:
            self.said.append(f"files of other kinds left out ({', '.join(sorted(others)[:5])})")
        for path in paths:
            if not path.exists():
                raise UserError(f"{path}: links to nothing; mend the link or remove it")
        if len(paths) < FEWEST_IMAGES:
            raise UserError(
                f"{self.folder}: {len(paths)} images ({', '.join(IMAGE_KINDS)}); needs at least "
                f"{FEWEST_IMAGES}"
            )
        return paths

    def _files(self, hidden: "Counter[str]") -> Iterator[Path]:
        """All below the folder, linked folders as DVC sees them, each once; counts what is hidden."""
        seen = set()
        for home, folders, files in os.walk(self.folder, followlinks=True):
            if (real := os.path.realpath(home)) in seen:
                folders.clear()
                continue
            seen.add(real)
            hidden.update(name for name in (*folders, *files) if _is_hidden(name))
            folders[:] = sorted(name for name in folders if not _is_hidden(name))
            yield from (Path(home) / name for name in files if not _is_hidden(name))

    def _labels(self, paths: Sequence[Path]) -> NDArray[np.int64] | None:
        """The subfolders that images lie in, by number; None if some lie in none, or all in one."""
        parts = [path.relative_to(self.folder).parts[:-1] for path in paths]
        tops = {folders[0] for folders in parts if folders}
        if (
            len(tops) > 1
            and {top.lower() for top in tops} <= SPLIT_FOLDERS
            and all(len(of) > 1 for of in parts)
        ):
            self.said.append(
                f"{' and '.join(sorted(tops))} are read together; classes are the folders in them"
            )
            parts = [folders[1:] for folders in parts]
            tops = {folders[0] for folders in parts}
        if len(tops) < 2:
            return None
        if not all(parts):
            self.said.append("some images lie in no subfolder, so that none has a label")
            return None
        kinds = sorted(tops)
        self.said.append(f"labels are the {len(kinds)} subfolders: {', '.join(kinds[:10])}")
        return np.array([kinds.index(folders[0]) for folders in parts], np.int64)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in BY_MACHINES
