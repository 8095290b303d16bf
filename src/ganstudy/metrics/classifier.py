"""A small classifier of real images, whose hidden layer says how alike two images are.

Inception's features, by which large images are usually judged, say little of scans of 8 × 8 pixels; and a
network downloaded from elsewhere could not be made again from this study alone.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from ganstudy.metrics.metric import NO_IMAGES
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.units import is_image

HIDDEN = (64, 32)
"""The last is the number of features."""
PASSES = 200
FEWEST_IMAGES_A_LABEL = 5
"""Images of each label to train on. A tenth of all, and one of each at least, tell when to stop."""
UNLABELLED = "the images have no labels"


@dataclass(frozen=True)
class Classifier:
    """A trained multilayer perceptron with rectified hidden layers."""

    weights: list[NDArray[np.float64]]
    """Of each layer, `[in, out]`."""
    biases: list[NDArray[np.float64]]
    accuracy: float
    """On held-out images."""

    @classmethod
    def of(cls, prepared: Prepared) -> Self:
        """Train on the prepared images' labels, with scikit-learn. The same data give the same bits."""
        from sklearn.neural_network import MLPClassifier

        assert prepared.train_labels is not None
        assert prepared.held_out_labels is not None
        # Early stopping needs no tuning, and keeps the passes over large sets of images few.
        # Of many labels with few images a tenth would be less than one of each.
        apart = max(0.1, len(np.unique(prepared.train_labels)) / len(prepared.train))
        model = MLPClassifier(
            HIDDEN, early_stopping=True, validation_fraction=apart, max_iter=PASSES, random_state=0
        )
        model.fit(_vectors(prepared.train), prepared.train_labels)
        found = model.predict(_vectors(prepared.held_out))
        return cls(model.coefs_, model.intercepts_, float((found == prepared.held_out_labels).mean()))

    def features(self, samples: NDArray[Any]) -> NDArray[np.float64]:
        """The last hidden layer of samples `[n, channels, height, width]`: `[n, features]`."""
        x = _vectors(samples)
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = np.maximum(x @ weight + bias, 0)
        return x

    def labels(self, samples: NDArray[Any]) -> NDArray[np.intp]:
        """The likeliest label of each sample, as its index, `[n]`."""
        scores = self.features(samples) @ self.weights[-1] + self.biases[-1]
        return np.asarray(scores.argmax(axis=1))

    def save(self, folder: Path) -> None:
        """Write weights and accuracy."""
        folder.mkdir(parents=True, exist_ok=True)
        layers = enumerate(zip(self.weights, self.biases, strict=True))
        tensors = {
            f"{i}.{name}": np.ascontiguousarray(value)
            for i, layer in layers
            for name, value in zip(("weight", "bias"), layer, strict=True)
        }
        save_file(tensors, folder / "weights.safetensors")
        describe(folder, accuracy=self.accuracy)

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Read what `save` wrote; None where there was nothing to classify."""
        about = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        if "accuracy" not in about:
            return None
        tensors = load_file(folder / "weights.safetensors")
        layers = range(len(tensors) // 2)
        return cls(
            [tensors[f"{i}.weight"] for i in layers],
            [tensors[f"{i}.bias"] for i in layers],
            about["accuracy"],
        )


def _vectors(samples: NDArray[Any]) -> NDArray[np.float64]:
    return samples.reshape(len(samples), -1).astype(np.float64)


def unclassifiable(prepared: Prepared) -> str | None:
    """Why there is no classifier of these data, if there can be none."""
    if not is_image(prepared.description):
        return NO_IMAGES
    if prepared.train_labels is None or prepared.held_out_labels is None:
        return UNLABELLED
    labels = np.union1d(prepared.train_labels, prepared.held_out_labels)
    for part, of_part, fewest in (
        ("trained on", prepared.train_labels, FEWEST_IMAGES_A_LABEL),
        ("held out", prepared.held_out_labels, 1),
    ):
        counts = [int((of_part == label).sum()) for label in labels]
        if min(counts) < fewest:
            return (
                f"of one of the {len(labels)} labels {min(counts)} images are {part}, and a classifier needs "
                f"{fewest} of each"
            )
    return None if len(labels) > 1 else "the images all have the same label"


def describe(folder: Path, **about: Any) -> None:
    """Write what there is to say of a classifier, or why there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(about, indent=1, sort_keys=True)
    (folder / "classifier.json").write_text(text + "\n", encoding="utf-8")
