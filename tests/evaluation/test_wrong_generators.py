"""Generators that are wrong in a known way: the metric that should notice does, and says so in `failed`."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import SAMPLE_METRICS
from ganstudy.study.evaluation import Evaluation
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

Rng = np.random.Generator
FLOORS_TO_MATCH = 2.2
"""Floors: a perfect sampler's error is below one, and as much again is uncertain."""
Generators = Mapping[str, Callable[[Rng, Truth, int], Any]]


@pytest.fixture(scope="module")
def judged_of(
    make_cell: Callable[..., Cell],
    make_truth: Callable[[Cell], Truth],
    make_runs: Callable[..., Runs],
    floors_of: Callable[[Cell, Truth, int], dict[str, Any]],
    judge_cell: Callable[..., dict[str, Any]],
) -> Callable[..., Any]:
    """`judged_of(source, n, generators)`: every metric's floor, and of each generator its run, judged with
    tolerances little above the floors."""

    def judged(source: Any, n: int, wrong: Generators) -> Any:
        cell = make_cell(source=source)
        truth = make_truth(cell)
        floors = floors_of(cell, truth, n)
        tolerance: dict[str, Any] = {}
        for name, metric in SAMPLE_METRICS.items():
            if floors[name]["reason"] is None and floors[name]["floor"]:
                slack = {"floors": FLOORS_TO_MATCH}
                tolerance[name] = (
                    floors[name]["target"] - FLOORS_TO_MATCH * floors[name]["floor"]
                    if metric.at_least
                    else slack
                )
        if truth.modes:
            tolerance["modes_missing"] = 0
        evaluation = Evaluation.model_validate({"tolerances": {cell.recipe.source.name: tolerance}})
        samples = [generate(np.random.default_rng(20), truth, n) for generate in wrong.values()]
        runs = judge_cell(cell, make_runs(cell, samples), truth, evaluation)["runs"]
        return floors, dict(zip(wrong, runs, strict=True))

    return judged


def gaussian(mean: float, std: float) -> Callable[[Rng, Truth, int], Any]:
    return lambda rng, truth, n: rng.normal(mean, std, (n, 1))


OF_VALUES: Generators = {
    "right": gaussian(4, 1.25),
    "10 % too narrow": gaussian(4, 0.9 * 1.25),
    "shifted by 0.1": gaussian(4.1, 1.25),
    "shifted by 0.5": gaussian(4.5, 1.25),
    "leaning": lambda rng, truth, n: 4 + 1.25 * (rng.exponential(size=(n, 1)) - 1),
    "flat": lambda rng, truth, n: 4 + 1.25 * np.sqrt(3) * rng.uniform(-1, 1, (n, 1)),
    # The nodes of Gauss and Hermite: three points with the first five moments of a Gaussian.
    "of three points": lambda rng, truth, n: (
        4 + 1.25 * np.sqrt(3) * rng.choice([-1, 0, 1], (n, 1), p=[1 / 6, 2 / 3, 1 / 6])
    ),
    "repeating 50 points": lambda rng, truth, n: rng.choice(truth.draw(rng, 50), n),
    "a single point": lambda rng, truth, n: np.full((n, 1), 4),
}


@pytest.fixture(scope="module")
def of_values(judged_of: Callable[..., Any]) -> Any:
    return judged_of({"name": "gaussian", "mean": 4.0, "std": 1.25, "samples": 1000}, 10_000, OF_VALUES)


@pytest.mark.parametrize(
    ("generator", "metric"),
    [
        ("10 % too narrow", "std"),
        ("10 % too narrow", "wasserstein"),
        ("shifted by 0.1", "mean"),
        ("shifted by 0.1", "wasserstein"),
        ("shifted by 0.1", "ks"),
        ("leaning", "skew"),
        ("flat", "kurtosis"),
        ("of three points", "ks"),
        ("of three points", "wasserstein"),
        ("repeating 50 points", "wasserstein"),
        ("repeating 50 points", "ks"),
        ("repeating 50 points", "coverage"),
        ("shifted by 0.5", "energy"),
        ("a single point", "std"),
        ("a single point", "skew"),
    ],
)
def test_a_wrong_generator_of_values_is_caught(generator: str, metric: str, of_values: Any) -> None:
    run = of_values[1][generator]
    assert metric in run["failed"]
    assert run["outcome"] == ("collapsed" if generator == "a single point" else "off_target")


@pytest.mark.parametrize(("generator", "error"), [("10 % too narrow", 0.125), ("shifted by 0.1", 0.1)])
def test_the_error_says_how_far_off_the_generator_is(generator: str, error: float, of_values: Any) -> None:
    floors, runs = of_values
    name = "std" if "narrow" in generator else "mean"
    assert runs[generator][f"{name}_error"] == pytest.approx(error, abs=4 * floors[name]["floor"] / 2)
    assert runs[generator][f"{name}_error"] > 2 * floors[name]["floor"]


def test_four_right_moments_do_not_make_a_match(of_values: Any) -> None:
    run = of_values[1]["of three points"]
    assert not {"mean", "std", "skew", "kurtosis"} & set(run["failed"])
    assert run["outcome"] == "off_target"


def test_a_right_generator_of_values_passes_everywhere(of_values: Any) -> None:
    assert of_values[1]["right"]["failed"] == []
    assert of_values[1]["right"]["outcome"] == "matched"


def modes(weights: Any, width: float = 1.0) -> Callable[[Rng, Truth, int], Any]:
    """A ring with these weights instead of equal ones."""

    def generate(rng: Rng, truth: Truth, n: int) -> Any:
        assert truth.modes
        mode = rng.choice(8, n, p=np.array(weights) / np.sum(weights))
        return truth.modes.centres[mode] + width * truth.modes.std * rng.standard_normal((n, 2))

    return generate


OF_MODES: Generators = {
    "right": modes([1] * 8),
    "without one mode": modes([0] + [1] * 7),
    "with wrong weights": modes([3, 1] * 4),
    "blurred": modes([1] * 8, width=2),
    "of three modes": modes([1, 1, 1, 0, 0, 0, 0, 0]),
    "between the modes": lambda rng, truth, n: rng.uniform(-0.4, 0.4, (n, 2)),
}


@pytest.fixture(scope="module")
def of_modes(judged_of: Callable[..., Any]) -> Any:
    return judged_of({"name": "ring", "samples": 2500}, 2500, OF_MODES)


@pytest.mark.parametrize(
    ("generator", "metric", "outcome"),
    [
        ("without one mode", "modes_missing", "off_target"),
        ("without one mode", "reverse_kl", "off_target"),
        ("without one mode", "wasserstein", "off_target"),
        ("without one mode", "coverage", "off_target"),
        ("without one mode", "recall", "off_target"),
        ("with wrong weights", "reverse_kl", "off_target"),
        ("blurred", "high_quality", "off_target"),
        ("blurred", "precision", "off_target"),
        ("of three modes", "modes_missing", "collapsed"),
        ("between the modes", "high_quality", "collapsed"),
        ("between the modes", "modes_missing", "collapsed"),
        ("between the modes", "density", "collapsed"),
    ],
)
def test_a_wrong_generator_of_modes_is_caught(
    generator: str, metric: str, outcome: str, of_modes: Any
) -> None:
    run = of_modes[1][generator]
    assert metric in run["failed"]
    assert run["outcome"] == outcome


def test_each_figure_of_modes_sees_its_own_mistake(of_modes: Any) -> None:
    runs = of_modes[1]
    of_modes_only = {"modes_missing", "high_quality", "reverse_kl"}
    assert of_modes_only & set(runs["with wrong weights"]["failed"]) == {"reverse_kl"}
    assert of_modes_only & set(runs["blurred"]["failed"]) == {"high_quality"}
    assert of_modes_only & set(runs["of three modes"]["failed"]) == {"modes_missing", "reverse_kl"}
    assert runs["without one mode"]["modes_missing"] == 1
    # KL(weights ‖ 1/8): log(8/7) for seven equal modes; (3/4) log(3/2) + (1/4) log(1/2) for 3 : 1.
    assert runs["without one mode"]["reverse_kl"] == pytest.approx(np.log(8 / 7), abs=0.01)
    assert runs["with wrong weights"]["reverse_kl"] == pytest.approx(0.13081, abs=0.02)


def test_a_right_generator_of_modes_passes_everywhere(of_modes: Any) -> None:
    assert of_modes[1]["right"]["failed"] == []
    assert of_modes[1]["right"]["outcome"] == "matched"


def of_digit(truth: Truth, digit: int) -> Any:
    """The training images that the classifier takes for it."""
    assert truth.classifier
    return truth.train[truth.classifier.labels(truth.train) == digit]


OF_IMAGES: Generators = {
    "right": lambda rng, truth, n: truth.draw(rng, n),
    "noisy": lambda rng, truth, n: truth.draw(rng, n) + 0.3 * rng.standard_normal((n, 1, 8, 8)),
    "the mean image": lambda rng, truth, n: np.repeat(truth.moments.mean.reshape(1, 1, 8, 8), n, axis=0),
    "inverted": lambda rng, truth, n: -truth.draw(rng, n),
    "of one digit": lambda rng, truth, n: rng.choice(of_digit(truth, 0), n),
}


@pytest.fixture(scope="module")
def of_images(judged_of: Callable[..., Any]) -> Any:
    return judged_of("digits", 300, OF_IMAGES)


@pytest.mark.parametrize(
    ("generator", "metric", "outcome"),
    [
        ("noisy", "std", "off_target"),
        ("the mean image", "std", "collapsed"),
        ("the mean image", "wasserstein", "collapsed"),
        ("the mean image", "coverage", "collapsed"),
        ("inverted", "mean", "off_target"),
        ("inverted", "frechet", "off_target"),
        ("of one digit", "frechet", "off_target"),
        ("of one digit", "coverage", "off_target"),
    ],
)
def test_a_wrong_generator_of_images_is_caught(
    generator: str, metric: str, outcome: str, of_images: Any
) -> None:
    run = of_images[1][generator]
    assert metric in run["failed"]
    assert run["outcome"] == outcome


def test_a_right_generator_of_images_passes_everywhere(of_images: Any) -> None:
    assert of_images[1]["right"]["outcome"] == "matched"
