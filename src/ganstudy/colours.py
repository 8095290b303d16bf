"""Each loss's colour, the same in every figure and in MLflow."""

from collections.abc import Sequence

# seaborn's palette for colour-blind readers, which takes a second to import.
PALETTE = (
    "#0173b2",
    "#de8f05",
    "#029e73",
    "#d55e00",
    "#cc78bc",
    "#ca9161",
    "#fbafe4",
    "#949494",
    "#ece133",
    "#56b4e9",
)


def colours(losses: Sequence[str]) -> dict[str, str]:
    """In params.yaml's order. Beyond ten losses colours return; panels are labelled besides."""
    return {loss: PALETTE[i % len(PALETTE)] for i, loss in enumerate(losses)}
