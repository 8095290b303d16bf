"""The discriminator's loss."""

from ganstudy.metrics.late import late

METRIC = late(
    "discriminator",
    label="D's loss",
    meaning="The run's own discriminator: its loss over the last tenth of training, without penalties, with "
    "the value at match, where the loss fixes one.",
    place=200,
)
