"""The scanned digits that come with scikit-learn."""

from typing import Literal

import numpy as np

from ganstudy.sources.source import Contents, Dataset, LabelledSettings
from ganstudy.sources.transforms import PixelRange


class DigitsSettings(LabelledSettings):
    """scikit-learn's 1,797 scanned digits of 8 × 8 pixels, scaled to [-1, 1]."""

    name: Literal["digits"]


class Digits(Dataset):
    """1,797 images of 8 × 8 pixels; 17 grey levels scaled to [-1, 1]."""

    Settings = DigitsSettings
    traits = frozenset({"pixels"})
    is_complete = True
    shape = (1, 8, 8)
    transform = PixelRange()
    units = "grey level, -1 to 1"

    def load(self) -> Contents:
        # Here and not above: scikit-learn takes a second to import, in every stage of every other source.
        from sklearn.datasets import load_digits

        images, labels = load_digits(return_X_y=True)
        return Contents(samples=images.reshape(-1, *self.shape) / 16, labels=labels.astype(np.int64))

    def task(self) -> str:
        return f"Make images like scikit-learn's 1,797 scanned digits of 8 × 8 pixels; {self.share_held_out}."
