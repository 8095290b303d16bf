"""The standard deviation."""

from ganstudy.metrics.moments import moment

METRIC = moment(
    "std", label="std error", meaning="The same of the standard deviation.", unit="the data's", place=20
)
