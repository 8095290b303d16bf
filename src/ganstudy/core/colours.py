"""Each loss's colour, the same in every figure and in MLflow."""

from collections.abc import Sequence

# seaborn's for colour-blind readers, which takes a second to import; its shades of orange far apart.
PALETTE = (
    "#0173b2",
    "#de8f05",
    "#029e73",
    "#cc78bc",
    "#56b4e9",
    "#d55e00",
    "#ca9161",
    "#949494",
    "#fbafe4",
    "#ece133",
)


def colours(losses: Sequence[str]) -> dict[str, str]:
    """In params.yaml's order. Beyond ten losses colours return; panels are labelled besides."""
    return {loss: PALETTE[i % len(PALETTE)] for i, loss in enumerate(losses)}
