"""The discriminator's loss on real samples."""

from ganstudy.metrics.late import late

METRIC = late(
    "discriminator_real",
    label="D's real term",
    meaning="The part of that loss that real samples cause, of losses that have one.",
    place=210,
    missing="the loss has no terms of real and of generated samples apart",
)
