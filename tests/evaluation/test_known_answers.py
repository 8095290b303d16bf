"""The study's own thresholds, tried on samples whose verdict is known before: by params.yaml's tolerances and
the floors in reports/floors, as every run of the committed study is judged."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import stats

from ganstudy.core.files import read_json
from ganstudy.evaluation.judgement import judge_runs, thresholds
from ganstudy.evaluation.two_sample_test import two_sample_test
from ganstudy.metrics.classifier import Classifier, unclassifiable
from ganstudy.metrics.reference import Truth
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.evaluation import TwoSampleTest
from ganstudy.study.loading import load
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

HOME = Path(__file__).parents[2]
PARAMS = load(HOME / "params.yaml")
VARIANTS = ("gaussian", "ring", "digits_mlp")
"""One of each kind of source whose generators make more than a point."""

Rng = np.random.Generator


class Reference(NamedTuple):
    cell: Cell
    prepared: Prepared
    truth: Truth
    limits: dict[str, dict[str, Any]]

    @property
    def n(self) -> int:
        return self.cell.recipe.samples


@pytest.fixture(scope="module")
def references() -> Mapping[str, Reference]:
    """As the study's stages have them."""

    def made(variant: str) -> Reference:
        cell = PARAMS.cell(variant, "non_saturating")
        source = make_source(cell.recipe.source)
        prepared = Prepared.of(source)
        classifier = None if unclassifiable(prepared) else Classifier.of(prepared)
        floors = read_json(HOME / f"reports/floors/{variant}.json")["metrics"]
        limits = thresholds(PARAMS.evaluation.tolerance(PARAMS.variants[cell.variant]), floors)
        return Reference(cell, prepared, Truth.of(source, prepared, classifier), limits)

    return {variant: made(variant) for variant in VARIANTS}


@pytest.fixture(scope="module")
def judge_samples(make_runs: Callable[..., Runs], references: Mapping[str, Reference]) -> Callable[..., Any]:
    """`judge_samples(variant, samples)`: a row for each of the made-up runs."""

    def judged(variant: str, samples: Any) -> list[dict[str, Any]]:
        reference = references[variant]
        runs = make_runs(reference.cell, samples)
        return judge_runs(reference.cell, runs, reference.truth, PARAMS.evaluation, reference.limits)

    return judged


# ---- Known to be right

DRAWS, TOGETHER = 100, 50


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_real_data_handed_in_as_generated_match(
    variant: str, references: Mapping[str, Reference], judge_samples: Callable[..., Any]
) -> None:
    """In at least 95 of 100 draws; and each metric stays inside its floor in at least 90."""
    reference, rng = references[variant], np.random.default_rng(1)
    rows = [
        row
        for _ in range(DRAWS // TOGETHER)
        for row in judge_samples(variant, [reference.truth.draw(rng, reference.n) for _ in range(TOGETHER)])
    ]
    assert sum(row["outcome"] == "matched" for row in rows) >= 95, [row["failed"] for row in rows]
    inside = {
        # Floors are given to six digits.
        name: sum(row[f"{name}_error"] <= about["floor"] * (1 + 1e-5) for row in rows)
        for name, about in reference.limits.items()
        if about["floor"] is not None
    }
    print(variant, inside)
    assert len(inside) >= 10
    assert min(inside.values()) >= 90, inside


@pytest.mark.slow
def test_a_fresh_discriminators_answers_follow_chance_where_there_is_no_difference(
    references: Mapping[str, Reference],
) -> None:
    """Uniform p-values, in 200 draws."""
    truth, rng = references["ring"].truth, np.random.default_rng(2)
    found = [
        run.p_value
        for _ in range(4)
        for run in two_sample_test(
            TwoSampleTest(), range(50), np.stack([truth.draw(rng, 4000) for _ in range(50)]), truth
        )
    ]
    assert len(found) == 200
    assert stats.kstest(found, "uniform").pvalue > 0.01


# ---- Known to be wrong


def gaussian(mean: float, std: float) -> Callable[[Rng, Reference], Any]:
    return lambda rng, reference: rng.normal(mean, std, (reference.n, 1))


def of_three_gaussians(rng: Rng, reference: Reference) -> Any:
    """The nodes of Gauss and Hermite, blurred by half a standard deviation: the first five moments are a
    Gaussian's."""
    nodes = np.sqrt(3) * rng.choice([-1, 0, 1], (reference.n, 1), p=[1 / 6, 2 / 3, 1 / 6])
    return 4 + 1.25 * (np.sqrt(0.75) * nodes + 0.5 * rng.standard_normal((reference.n, 1)))


def repeating(points: int) -> Callable[[Rng, Reference], Any]:
    return lambda rng, reference: rng.choice(reference.truth.draw(rng, points), reference.n)


def modes(*weights: float) -> Callable[[Rng, Reference], Any]:
    """A ring with these weights instead of equal ones."""

    def generate(rng: Rng, reference: Reference) -> Any:
        known = reference.truth.modes
        assert known
        mode = rng.choice(8, reference.n, p=np.array(weights) / np.sum(weights))
        return known.centres[mode] + known.std * rng.standard_normal((reference.n, 2))

    return generate


def without_the_class(label: int) -> Callable[[Rng, Reference], Any]:
    def generate(rng: Rng, reference: Reference) -> Any:
        assert reference.prepared.train_labels is not None
        return rng.choice(reference.prepared.train[reference.prepared.train_labels != label], reference.n)

    return generate


def noisy(rng: Rng, reference: Reference) -> Any:
    return reference.truth.draw(rng, reference.n) + 0.2 * rng.standard_normal((reference.n, 1, 8, 8))


WRONG: dict[str, dict[str, tuple[Callable[[Rng, Reference], Any], str]]] = {
    "gaussian": {
        "5 % too narrow": (gaussian(4, 0.95 * 1.25), "std"),
        "shifted by 0.1": (gaussian(4.1, 1.25), "mean"),
        "with the same four moments": (of_three_gaussians, "wasserstein"),
        "repeating 50 points": (repeating(50), "wasserstein"),
    },
    "ring": {
        "one mode missing": (modes(0, 1, 1, 1, 1, 1, 1, 1), "modes_missing"),
        "wrong weights": (modes(2, 1, 2, 1, 2, 1, 2, 1), "reverse_kl"),
        "repeating 50 points": (repeating(50), "reverse_kl"),
    },
    "digits_mlp": {
        "one class missing": (without_the_class(3), "coverage"),
        "added noise": (noisy, "density"),
        "repeating 50 points": (repeating(50), "coverage"),
    },
}


@pytest.fixture(scope="module")
def wrong(
    references: Mapping[str, Reference], judge_samples: Callable[..., Any]
) -> dict[str, dict[str, Any]]:
    """The rows of the wrong generators, by variant and what is wrong."""
    rows = {}
    for variant, cases in WRONG.items():
        rng = np.random.default_rng(3)
        samples = [generate(rng, references[variant]) for generate, _ in cases.values()]
        rows[variant] = dict(zip(cases, judge_samples(variant, samples), strict=True))
    return rows


@pytest.mark.parametrize(
    ("variant", "what"), [(variant, what) for variant in WRONG for what in WRONG[variant]]
)
def test_a_wrong_generator_is_caught_by_the_figure_that_is_about_it(
    variant: str, what: str, wrong: dict[str, dict[str, Any]]
) -> None:
    row = wrong[variant][what]
    assert row["outcome"] == "off_target"
    assert WRONG[variant][what][1] in row["failed"]


def test_four_right_moments_pass_every_moments_tolerance(wrong: dict[str, dict[str, Any]]) -> None:
    assert not {"mean", "std", "skew", "kurtosis"} & set(
        wrong["gaussian"]["with the same four moments"]["failed"]
    )


@pytest.mark.parametrize(
    ("variant", "what"),
    [
        ("gaussian", "with the same four moments"),
        ("gaussian", "repeating 50 points"),
        ("ring", "one mode missing"),
        ("ring", "wrong weights"),
        ("digits_mlp", "added noise"),
    ],
)
def test_a_fresh_discriminator_tells_a_wrong_shape_too(
    variant: str, what: str, wrong: dict[str, dict[str, Any]]
) -> None:
    row = wrong[variant][what]
    assert row["c2st_p_value"] < 1e-3
    assert row["jensen_shannon"] > 0
