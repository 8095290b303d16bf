"""Words that several parts use alike."""

from collections.abc import Iterable

SCORES = {
    "frechet": "Fréchet distance",
    "wasserstein": "Wasserstein distance",
    "mean": "error of the mean",
}
"""What losses are compared by: the first of these figures that says something about the variant."""


def listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
