"""The discriminator's loss on generated samples."""

from ganstudy.metrics.late import late

METRIC = late(
    "discriminator_fake",
    label="D's fake term",
    meaning="The part that generated samples cause.",
    place=220,
    missing="the loss has no terms of real and of generated samples apart",
)
