"""The mean."""

from ganstudy.metrics.moments import moment

METRIC = moment(
    "mean",
    label="mean error",
    meaning="Distance of the samples' mean from the data's, averaged over the values of a sample.",
    unit="the data's",
    place=10,
    score="error of the mean",
    score_place=3,
    of_points=True,
)
