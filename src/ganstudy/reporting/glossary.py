"""What the statistics over seeds mean, and their papers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word about statistics over seeds."""

    name: str
    meaning: str
    paper: str


STATISTICS = (
    Term(
        "interval of a share",
        "Of matched runs: 95 %, what shares the seeds leave possible. Never empty, also at 0 or all.",
        "Wilson 1927",
    ),
    Term(
        "interquartile mean",
        "The mean of the middle half of the runs: a quarter on either side cannot move it.",
        "Agarwal et al. 2021, arXiv 2108.13264",
    ),
    Term(
        "interval of a mean",
        "95 %, percentiles of 10,000 draws of the seeds with replacement, the same draws for every loss.",
        "Efron 1982",
    ),
    Term(
        "floor",
        "The largest error of 100 perfect samplers of as many samples: at least 95 of 100 stay below it, "
        "with 99 % confidence. No generator can be asked for less.",
        "Wilks 1941",
    ),
    Term(
        "significantly different",
        "Two losses by the differences of their distances under each seed; p-values corrected for the number "
        "of pairs of a variant.",
        "Wilcoxon 1945; Holm 1979",
    ),
    Term(
        "share of seeds within",
        "Performance profile: the share of runs whose distance is at most so many floors.",
        "Dolan & Moré 2002",
    ),
    Term(
        "ranking",
        "More matched runs first, then the smaller interquartile mean of the distance; ranked again for each "
        "of the 10,000 draws.",
        "Agarwal et al. 2021, arXiv 2108.13264",
    ),
)
