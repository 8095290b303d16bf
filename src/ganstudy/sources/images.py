"""A folder of the user's own images."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganstudy.params.recipe import ImagesSource
from ganstudy.params.setting import UserError
from ganstudy.sources.source import Contents, Dataset

HOME = Path("data/raw/images")
KINDS = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff")


class Images(Dataset):
    """Every image below a folder in data/raw/images, in shades of grey, scaled to [-1, 1]."""

    units = "grey level, -1 to 1"

    def __init__(self, settings: ImagesSource) -> None:
        super().__init__(settings)
        self.folder = HOME / settings.path

    def load(self) -> Contents:
        paths = self._paths()
        images = [self._pixels(path) for path in paths]
        for path, pixels in zip(paths, images, strict=True):
            if pixels.shape != images[0].shape:
                here, there = (" × ".join(map(str, shape)) for shape in (pixels.shape, images[0].shape))
                raise UserError(
                    f"{path}: {here} pixels, {paths[0].name} has {there}; give a `size` to resize them to"
                )
        rows, columns = self.image = images[0].shape[0], images[0].shape[1]
        return Contents(
            samples=np.stack(images).reshape(-1, rows * columns) / np.float32(127.5) - np.float32(1),
            labels=self._labels(paths),
        )

    def _paths(self) -> list[Path]:
        if ".." in self.folder.parts or HOME not in self.folder.parents:
            raise UserError(f"images: path '{self.settings.path}' must lie inside {HOME}, which DVC watches")
        if not self.folder.is_dir():
            raise UserError(f"{self.folder}: no such folder; put the images there or correct `path`")
        # By name: the order in which a folder lists its files is the machine's.
        paths = sorted(path for path in self.folder.rglob("*") if path.suffix.lower() in KINDS)
        if len(paths) < 10:
            raise UserError(f"{self.folder}: {len(paths)} images ({', '.join(KINDS)}); needs at least 10")
        return paths

    def _pixels(self, path: Path) -> NDArray[np.float32]:
        # Here and not above: whoever has no images does without.
        from PIL import Image, UnidentifiedImageError

        try:
            with Image.open(path) as file:
                image = file.convert("L")
        except (UnidentifiedImageError, OSError, ValueError) as error:
            raise UserError(f"{path}: cannot be read as an image: {' '.join(str(error).split())}") from None
        if (size := self.settings.size) is not None:
            rows, columns = (size, size) if isinstance(size, int) else size
            image = image.resize((columns, rows), Image.Resampling.LANCZOS)
        return np.asarray(image, dtype=np.float32)

    def _labels(self, paths: list[Path]) -> NDArray[np.int64] | None:
        """The subfolders that images lie in, by number; None if some lie in none, or all in one."""
        parts = [path.relative_to(self.folder).parts for path in paths]
        kinds = sorted({folder[0] for folder in parts if len(folder) > 1})
        if len(kinds) < 2 or any(len(folder) == 1 for folder in parts):
            return None
        return np.array([kinds.index(folder[0]) for folder in parts], np.int64)
