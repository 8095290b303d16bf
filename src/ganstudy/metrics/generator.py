"""The generator's loss."""

from ganstudy.metrics.late import late
from ganstudy.metrics.metric import Shown

METRIC = late(
    "generator",
    label="G's loss",
    meaning="The generator's loss over the last tenth of training.",
    place=230,
    shown=Shown.NEVER,
)
