"""The classifier by whose features images are judged."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.neural_network import MLPClassifier

from ganstudy.core.files import read_json
from ganstudy.metrics.classifier import HIDDEN, NO_IMAGES, UNLABELLED, Classifier, describe, unclassifiable
from ganstudy.pipeline.classify import classify
from ganstudy.pipeline.reading import load_truth
from ganstudy.results import paths
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.loading import parse
from ganstudy.training.cell import Cell


@pytest.fixture(scope="module")
def digits(make_cell: Callable[..., Cell]) -> Prepared:
    return Prepared.of(make_source(make_cell(source="digits").recipe.source))


@pytest.fixture(scope="module")
def classifier(digits: Prepared) -> Classifier:
    return Classifier.of(digits)


def assert_same(one: Classifier, two: Classifier) -> None:
    assert one.accuracy == two.accuracy
    for a, b in zip([*one.weights, *one.biases], [*two.weights, *two.biases], strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)


def test_it_knows_more_than_nine_of_ten_digits(classifier: Classifier, digits: Prepared) -> None:
    assert 0.9 < classifier.accuracy < 1
    found = classifier.labels(digits.held_out)
    assert (found == digits.held_out_labels).mean() == classifier.accuracy


def test_the_same_images_give_the_same_bits(classifier: Classifier, digits: Prepared) -> None:
    assert_same(Classifier.of(digits), classifier)


def test_features_are_the_last_hidden_layer(classifier: Classifier, digits: Prepared) -> None:
    features = classifier.features(digits.held_out)
    assert features.shape == (359, HIDDEN[-1])
    assert features.dtype == np.float64
    assert features.min() == 0
    scores = features @ classifier.weights[-1] + classifier.biases[-1]
    np.testing.assert_array_equal(scores.argmax(axis=1), classifier.labels(digits.held_out))


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_it_answers_as_scikit_learns_own(classifier: Classifier, digits: Prepared) -> None:
    """Whose weights they are."""
    assert digits.train_labels is not None
    train, held_out = (part.reshape(len(part), -1).astype(float) for part in (digits.train, digits.held_out))
    theirs = MLPClassifier(HIDDEN, max_iter=1).fit(train[:50], np.arange(50) % 10)
    theirs.coefs_, theirs.intercepts_ = classifier.weights, classifier.biases
    np.testing.assert_array_equal(theirs.predict(held_out), classifier.labels(digits.held_out))


def test_what_is_saved_is_read_again(classifier: Classifier, tmp_path: Path) -> None:
    classifier.save(tmp_path / "made" / "of digits")
    found = Classifier.load(tmp_path / "made" / "of digits")
    assert found
    assert_same(found, classifier)


def test_a_reason_alone_is_no_classifier(tmp_path: Path) -> None:
    describe(tmp_path, reason=UNLABELLED)
    assert Classifier.load(tmp_path) is None


def test_only_labelled_images_can_be_classified(
    digits: Prepared, make_cell: Callable[..., Cell], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data/raw/tables").mkdir(parents=True)
    pd.DataFrame({"a": range(20), "b": range(20)}).to_csv("data/raw/tables/t.csv", index=False)
    table = Prepared.of(make_source(make_cell(source={"name": "table", "path": "t.csv"}).recipe.source))
    assert unclassifiable(table) == NO_IMAGES
    assert unclassifiable(replace(digits, train_labels=None, held_out_labels=None)) == UNLABELLED
    assert unclassifiable(digits) is None


@pytest.mark.parametrize("source", ["digits", {"name": "ring", "samples": 20}], ids=["digits", "ring"])
def test_the_stage_writes_the_same_bytes_each_time(
    source: Any, make_study: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    params = parse(make_study("mse", source=source))
    Prepared.of(make_source(params.variants["v"].source)).save(paths.prepared("v"))
    written = []
    for _ in range(2):
        classify(params, "v")
        written.append({path.name: path.read_bytes() for path in paths.classifier("v").iterdir()})
    assert written[0] == written[1]
    about, truth = read_json(paths.classifier("v") / "classifier.json"), load_truth(params, "v")
    if source == "digits":
        assert set(written[0]) == {"classifier.json", "weights.safetensors"}
        assert truth.classifier
        assert about == {"accuracy": truth.classifier.accuracy}
    else:
        assert set(written[0]) == {"classifier.json"}
        assert about == {"reason": NO_IMAGES}
        assert truth.classifier is None
