"""The energy distance."""

from typing import TYPE_CHECKING

from ganstudy.metrics.metric import Measured, SampleMetric, Shown, standard_error

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def energy(generated: "Generated") -> Measured:
    """The energy distance, sqrt(2 E|X - Y| - E|X - X'| - E|Y - Y'|), between the first samples of either side
    (Székely & Rizzo 2013)."""
    real, fake = generated.truth.values_around, generated.values_around
    across = generated.values_between.distance
    squared = max(float(2 * across.mean() - real.distance.mean() - fake.distance.mean()), 0.0)
    distance = squared**0.5
    se = standard_error(2 * across - 2 * fake.distance)
    return Measured(distance, se / (2 * distance) if distance else 0.0)


METRIC = SampleMetric(
    label="energy distance",
    meaning="Energy distance from held-out samples.",
    unit="√ of the data's",
    paper="Székely & Rizzo 2013",
    criterion="energy distance at most {0:.3g}",
    place=70,
    measure=energy,
    shown=Shown.IF_JUDGED,
)
