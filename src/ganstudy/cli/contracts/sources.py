"""What a source promises."""

import numpy as np

from ganstudy.cli.contracts import BrokenError, expect
from ganstudy.core.random import generator
from ganstudy.sources.own import SHAPES
from ganstudy.sources.source import Contents, Dataset, Distribution, Source

MANY = 200_000
ALLOWED_STANDARD_ERRORS = 5
"""Standard errors by which a moment may be off."""


def its_samples_are_finite_numbers_in_their_natural_shape(source: Source) -> None:
    if isinstance(source, Distribution):
        samples, n = source.draw(generator(0, "contract"), 7), 7
    else:
        samples = _contents(source).samples
        n = len(samples)
    expect(
        isinstance(samples, np.ndarray) and samples.ndim in (2, 4) and len(samples) == n,
        f"samples are {getattr(samples, 'shape', type(samples).__name__)}; should be {SHAPES}",
    )
    drawn = isinstance(source, Distribution)
    expect(
        samples.dtype == np.float32 or (samples.dtype == np.float64 and not drawn),
        f"samples are {samples.dtype}; should be float32",
    )
    expect(np.isfinite(samples).all(), "samples are not all finite")


def its_samples_follow_from_what_it_is_given(source: Source) -> None:
    if isinstance(source, Distribution):
        one, same, other = (source.draw(generator(seed, "contract"), 50) for seed in (1, 1, 2))
        expect(np.array_equal(one, same), "the same generator gives other samples; draw from it alone")
        expect(not np.array_equal(one, other), "another generator gives the same samples")
    else:
        one, same = (_contents(source).samples for _ in range(2))
        expect(np.array_equal(one, same), "it loads other samples each time")


def its_moments_are_those_of_its_samples(source: Source) -> None:
    """In units of the stated mean and deviation the mean of z, z², z³ and z⁴ is 0, 1, skewness and kurtosis;
    each must lie within five of its standard errors."""
    assert isinstance(source, Distribution)
    stated = source.moments()
    samples = source.draw(generator(3, "contract"), MANY).reshape(MANY, -1).astype(float)
    for name, values in stated._asdict().items():
        expect(
            np.shape(values) == samples.shape[1:],
            f"moments().{name} is {np.shape(values)}; should be {samples.shape[1:]}",
        )
    z = (samples - stated.mean) / stated.std
    expected = (np.zeros_like(stated.mean), np.ones_like(stated.mean), stated.skew, stated.kurtosis + 3)
    for power, (name, value) in enumerate(zip(stated._fields, expected, strict=True), start=1):
        error = (z**power).std(axis=0) / MANY**0.5
        off = abs((z**power).mean(axis=0) - value)
        expect(
            (off < ALLOWED_STANDARD_ERRORS * error + 1e-5).all(),
            f"moments().{name} is off by {float((off / (error + 1e-12)).max()):.0f} standard errors",
        )


def what_it_says_of_its_samples_fits_them(source: Source) -> None:
    contents = _contents(source)
    n, *shape = contents.samples.shape
    if contents.labels is not None:
        expect(
            contents.labels.shape == (n,) and contents.labels.dtype == np.int64,
            f"labels are {contents.labels.shape} of {contents.labels.dtype}; should be [{n}] of int64",
        )
    if contents.columns is not None:
        expect([len(contents.columns)] == shape, f"{len(contents.columns)} columns for samples {shape}")
    if source.shape is not None:
        expect([*source.shape] == shape, f"shape is {list(source.shape)}, but samples are {shape}")


def _contents(source: Source) -> Contents:
    assert isinstance(source, Dataset)
    contents = source.load()
    if not isinstance(contents, Contents):
        raise BrokenError(f"load() gives a {type(contents).__name__}; should be Contents")
    return contents


DISTRIBUTION = [
    its_samples_are_finite_numbers_in_their_natural_shape,
    its_samples_follow_from_what_it_is_given,
    its_moments_are_those_of_its_samples,
]
DATASET = [
    its_samples_are_finite_numbers_in_their_natural_shape,
    its_samples_follow_from_what_it_is_given,
    what_it_says_of_its_samples_fits_them,
]
