"""Discriminators trained afresh: what they find is known, and is each run's own."""

from collections.abc import Callable
from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from ganstudy.evaluation.two_sample import two_sample_metrics
from ganstudy.evaluation.two_sample_test import (
    TEST_DIVISOR,
    TestResult,
    _judge,
    _parts,
    _right,
    _seen,
    two_sample_loss,
    two_sample_test,
)
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import TEST_METRICS
from ganstudy.study.evaluation import TwoSampleTest
from ganstudy.training.cell import Cell

N = 10_000
SMALL = TwoSampleTest(hidden=(16,), lr=0.01, passes=8)


@pytest.fixture(scope="module")
def normal(make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]) -> Truth:
    return make_truth(make_cell(source={"name": "gaussian", "mean": 0.0, "std": 1.0, "samples": N}))


def of_gaussians(distance: float) -> tuple[float, float]:
    """The best accuracy for N(0, 1) against N(distance, 1), and their Jensen-Shannon divergence in nats."""
    p, q = stats.norm(0, 1).pdf, stats.norm(distance, 1).pdf

    def integrand(x: float) -> float:
        middle = (p(x) + q(x)) / 2
        return float((p(x) * np.log(p(x) / middle) + q(x) * np.log(q(x) / middle)) / 2)

    return float(stats.norm.cdf(distance / 2)), quad(integrand, -10, 10 + distance)[0]


@pytest.fixture(scope="module")
def apart(normal: Truth) -> dict[float, list[TestResult]]:
    """Three runs each of samples so far from the real ones."""
    rng = np.random.default_rng(1)
    return {
        distance: two_sample_test(
            TwoSampleTest(),
            range(3),
            (rng.standard_normal((3, N, 1)) + distance).astype(np.float32),
            normal,
        )
        for distance in (0.0, 1.0)
    }


def test_gaussians_one_deviation_apart_are_told_apart_as_well_as_can_be(
    apart: dict[float, list[TestResult]],
) -> None:
    accuracy, divergence = of_gaussians(1.0)
    assert accuracy == pytest.approx(0.6915, abs=1e-4)
    for found in apart[1.0]:
        assert found.accuracy.se == pytest.approx(np.sqrt(0.69 * 0.31 / (2 * N / TEST_DIVISOR)), rel=0.03)
        assert found.accuracy.value == pytest.approx(accuracy, abs=4 * found.accuracy.se)
        assert found.jensen_shannon.value == pytest.approx(divergence, abs=4 * found.jensen_shannon.se)
        assert found.p_value < 1e-30
        assert found.passes >= 1


def test_what_is_alike_is_not_told_apart(apart: dict[float, list[TestResult]]) -> None:
    """Half of all answers are right, give or take 1 / (2 √(2n - 1))."""
    for found in apart[0.0]:
        assert found.accuracy.value == pytest.approx(0.5, abs=4 / (2 * np.sqrt(2 * N / TEST_DIVISOR - 1)))
        assert found.brier.value == pytest.approx(0.25, abs=0.005)
        assert found.jensen_shannon.value == pytest.approx(0, abs=0.005)
        assert found.jensen_shannon.bound is not None
        assert 0 <= found.jensen_shannon.bound < 0.01
        assert found.p_value > 1e-4


def test_detail_that_a_small_network_would_miss_is_found(
    make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]
) -> None:
    """Modes of a hundredth of the ring's radius, twice as wide as they should be: the best accuracy is 0.736,
    from plane Gaussians' overlap."""
    truth = make_truth(make_cell(source={"name": "ring", "samples": N}))
    assert truth.modes
    rng = np.random.default_rng(2)
    centres = truth.modes.centres[rng.integers(8, size=N)]
    blurred = (centres + 0.02 * rng.standard_normal((N, 2))).astype(np.float32)
    (found,) = two_sample_test(TwoSampleTest(), [0], blurred[None], truth)
    assert 0.7 < found.accuracy.value < 0.736 + 4 * found.accuracy.se


@pytest.mark.parametrize(("hidden", "batch"), [((16,), 50), ((5, 7), 50), ((64, 64), 256), ((), 7)])
@pytest.mark.parametrize("source", ["gaussian", "digits"])
def test_a_runs_result_is_its_own_whatever_other_runs_there_are(
    source: str,
    hidden: tuple[int, ...],
    batch: int,
    make_cell: Callable[..., Cell],
    make_truth: Callable[..., Truth],
) -> None:
    """To the last bit, for widths that fill vectors and for others."""
    truth = make_truth(make_cell(source={"name": source, **({"samples": 300} if source != "digits" else {})}))
    settings = TwoSampleTest(hidden=hidden, passes=4, lr=0.01, batch=batch)
    rng = np.random.default_rng(3)
    samples = np.stack([truth.draw(rng, 601) * np.float32(width) for width in (1, 0.9, 1.3, 2, 0.5)])
    seeds = [4, 0, 11, 7, 2]
    together = dict(zip(seeds, two_sample_test(settings, seeds, samples, truth), strict=True))
    for replicas in ([0], [3], [2, 1, 0], [4, 3, 2, 1, 0]):
        chosen = [seeds[replica] for replica in replicas]
        assert two_sample_test(settings, chosen, samples[replicas], truth) == [
            together[seed] for seed in chosen
        ]


def test_a_run_does_not_learn_longer_because_another_does(normal: Truth) -> None:
    rng = np.random.default_rng(4)
    samples = rng.standard_normal((2, 400, 1)).astype(np.float32)
    samples[1] += 1
    settings = TwoSampleTest(hidden=(16,), batch=40, patience=2, passes=30)
    quick, slow = two_sample_test(settings, [0, 1], samples, normal)
    assert quick.passes < slow.passes
    assert two_sample_test(settings, [0], samples[:1], normal) == [quick]


@pytest.mark.parametrize("n", [3, 4, 5, 24, 26])
def test_parts_share_no_sample_and_leave_none_out(n: int) -> None:
    """A fifth, or one, is for the test: of real samples the first, which were held out."""
    parts = _parts(np.arange(n, dtype=np.float32)[None, :, None])
    assert sorted(np.concatenate(parts, axis=1).ravel()) == list(range(n))
    assert parts.test.shape[1] == parts.stop.shape[1] == max(1, n // 5)
    assert parts.test[0, 0, 0] == 0


def test_there_may_be_fewer_real_samples_than_generated_ones(
    make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]
) -> None:
    truth = make_truth(make_cell(source={"name": "gaussian", "samples": 10}))
    (found,) = two_sample_test(SMALL, [0], np.zeros((1, 500, 1), np.float32), truth)
    assert found.accuracy.se <= np.sqrt(0.25 / 8)


def test_few_values_are_seen_with_their_waves_and_images_as_they_are(
    normal: Truth, make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]
) -> None:
    truth = replace(normal, held_out=np.array([[1.0], [3.0]]))
    seen = _seen(np.array([[2.0], [4.0]]), truth)
    np.testing.assert_allclose(seen[0], [0, *[0, 1] * 8])
    np.testing.assert_allclose(
        seen[1], [2, *[wave(2.0**i * 2) for i in range(8) for wave in (np.sin, np.cos)]]
    )
    digits = make_truth(make_cell(source="digits"))
    images = _seen(digits.values, digits)
    assert images.shape == digits.values.shape
    assert np.isfinite(images).all()  # corners that never change are not divided by
    np.testing.assert_allclose(images.mean(axis=0), 0, atol=1e-4)


def logits(real: Any, fake: Any) -> Any:
    return np.stack([np.asarray(real, float), np.asarray(fake, float)], axis=1)


def judged(C: Any) -> TestResult:
    return _judge(C, 3, np.random.default_rng(0))


def test_the_cross_entropy_by_hand() -> None:
    """-log D(x) - log(1 - D(G)); log 3 is D = 3/4."""
    found = two_sample_loss(np.array([[0, 0], [log(3), 0], [log(3), log(3)], [-1000, 0], [1000, -1000]]))
    np.testing.assert_allclose(
        found, [2 * log(2), log(4 / 3) + log(2), log(4 / 3) + log(4), 1000 + log(2), 0], atol=1e-12
    )


def test_what_is_perfectly_told_apart() -> None:
    found = judged(logits([50] * 40, [-50] * 40))
    assert found.accuracy[:2] == (1, 0)
    assert found.brier.value == pytest.approx(0, abs=1e-12)
    assert found.jensen_shannon.value == pytest.approx(log(2))
    assert found.passes == 3


def test_what_looks_all_the_same() -> None:
    found = judged(logits([0] * 400, [0] * 400))
    assert found.accuracy.value == pytest.approx(0.5, abs=4 / (2 * np.sqrt(799)))
    assert found.brier == (0.25, 0, None, None)
    assert found.jensen_shannon == pytest.approx((0, 0, 0, 0))


def test_a_brier_score_and_a_divergence_by_hand() -> None:
    """D = 3/4 of the first real sample, otherwise 1/2."""
    found = judged(logits([log(3), 0], [0, 0]))
    assert found.brier.value == pytest.approx(((1 / 16 + 1 / 4) / 2 + 1 / 4) / 2)
    assert found.jensen_shannon.value == pytest.approx(log(2) - (log(4 / 3) + log(2) + 2 * log(2)) / 4)


def test_errors_count_only_what_tells_samples_apart() -> None:
    """Worse than chance is no error, and a cross-entropy above chance's proves nothing."""
    found = judged(logits([-3] * 30, [3] * 30))
    assert found.accuracy == (0, 0, 0, 0)
    assert found.jensen_shannon.value < -2
    assert (found.jensen_shannon.error, found.jensen_shannon.bound) == (0, 0)
    assert found.p_value == pytest.approx(1)


@pytest.mark.parametrize(
    ("real", "fake", "right", "p_value"),
    [
        ([3, 4], [1, 2], 2, 1 / 12),
        ([1, 4], [3, 2], 1, 1 / 6 + 2 / 6),
        ([5, 0.1], [4, 0], 1, 1 / 6 + 2 / 6),
        ([1, 2], [3, 4], 0, 5 / 6 + 1 / 12),
    ],
)
def test_p_values_of_two_and_two_by_hand(real: Any, fake: Any, right: int, p_value: float) -> None:
    """Of the six ways to choose two of four, one has both real ones and four have one. Of just as many right
    answers half counts, so that the p-values of what is alike are 1/2 on average."""
    C = logits(real, fake)
    assert _right(C, np.random.default_rng(0)) == right
    assert judged(C).p_value == pytest.approx(p_value)
    assert judged(C).accuracy.value == right / 2


def test_the_share_of_right_answers_has_the_variance_that_it_should() -> None:
    rng = np.random.default_rng(5)
    n = 50
    shares = [_right(logits(*rng.standard_normal((2, n))), rng) / n for _ in range(2000)]
    assert np.mean(shares) == pytest.approx(0.5, abs=0.01)
    assert np.var(shares) == pytest.approx(1 / (4 * (2 * n - 1)), rel=0.15)
    equal = [_right(np.zeros((n, 2)), rng) / n for _ in range(2000)]
    assert np.var(equal) == pytest.approx(1 / (4 * (2 * n - 1)), rel=0.15)


def test_standard_errors_are_the_deviations_between_tests() -> None:
    rng = np.random.default_rng(7)
    found = [judged(logits(*rng.normal([[0.7], [-0.4]], 1, (2, 200)))) for _ in range(400)]
    for name in ("accuracy", "brier", "jensen_shannon"):
        measured = [getattr(one, name) for one in found]
        seen = np.std([one.value for one in measured])
        assert np.mean([one.se for one in measured]) == pytest.approx(seen, rel=0.2), name


def test_metrics_are_told_with_their_errors(normal: Truth) -> None:
    samples = np.random.default_rng(6).standard_normal((2, 500, 1)).astype(np.float32) + 1
    rows = two_sample_metrics(SMALL, [3, 5], samples, normal)
    fields = [f"{name}{suffix}" for name in TEST_METRICS for suffix in ("", "_error", "_error_bound")]
    for row in rows:
        assert set(row) == {*fields, "c2st_p_value", "c2st_passes"}
        assert row["c2st_accuracy_error"] == row["c2st_accuracy"] - 0.5
        assert row["c2st_brier_error"] == pytest.approx(0.25 - row["c2st_brier"])
        assert all(row[f"{name}_error_bound"] > row[f"{name}_error"] for name in TEST_METRICS)
    assert {name: metric.at_match for name, metric in TEST_METRICS.items()} == {
        "c2st_accuracy": 0.5,
        "c2st_brier": 0.25,
        "jensen_shannon": 0,
    }
