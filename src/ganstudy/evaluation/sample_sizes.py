"""Are there samples enough to decide anything? Told before training, by the rule that judges afterwards."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ganstudy.core.random import generator
from ganstudy.core.text import listed
from ganstudy.evaluation.evidence import trivial_errors, trivial_passes
from ganstudy.metrics.generated import Generated
from ganstudy.metrics.metric import SampleMetric
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import SAMPLE_METRICS
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.source import Distribution, Samples, Source
from ganstudy.sources.units import is_image
from ganstudy.study.evaluation import Evaluation, Floors
from ganstudy.study.variant import Variant

PLENTY, PLENTY_OF_IMAGES = 1000, 100
"""Samples, and real ones held out, from which on nothing is tried here: the default tolerances then tell
noise from most data. The features of images tell it from fewer."""
TRIED = (50, 100, 200, 400, 800, 1600, 3200)
"""Numbers that might be enough."""
QUICK_DRAWS = 10
"""Perfect samplers by which a floor is estimated here. The stage `floors` takes more."""


def too_few(variant: Variant, evaluation: Evaluation, source: Source, prepared: Prepared) -> str | None:
    """Why runs of the variant could not be told from noise, and how many samples might be enough; None if
    they can. Own metrics, discriminators and classifiers are not tried: they take too long."""
    if variant.noise.is_constant:
        return None
    n, held_out, pictures = variant.samples, len(prepared.held_out), is_image(prepared.description)
    if min(n, held_out) >= (PLENTY_OF_IMAGES if pictures else PLENTY):
        return None
    # Images are compared by their pixels here.
    truth = replace(Truth.of(source, prepared), is_image=False)
    tolerances = {
        name: given
        for name, given in evaluation.tolerance(variant)
        if name in SAMPLE_METRICS and not SAMPLE_METRICS[name].inapplicable(truth, False)
    }
    if not tolerances or not (passes := _passes(truth, n, tolerances)):
        return None
    for size in TRIED:
        if size > min(n, held_out):
            sizes = max(n, size), max(held_out, size)
            if not _passes(_larger(source, truth, sizes[1]), sizes[0], tolerances):
                enough = f"about {sizes[0]:,} samples and {sizes[1]:,} real ones held out might be enough"
                break
    else:
        enough = "more would not help; judge by other metrics as well, or by tighter tolerances"
    return (
        f"{n:,} samples and {held_out:,} real ones held out are too few to tell a match from "
        f"{listed(passes)}; runs within the tolerances will be `undecided`; {enough}"
    )


def _passes(truth: Truth, n: int, tolerances: Mapping[str, float | Floors]) -> list[str]:
    """The trivial generators that would pass."""
    known: dict[str, SampleMetric] = {name: SAMPLE_METRICS[name] for name in tolerances}
    perfect = [Generated(truth.draw(generator(i, "sizes"), n), truth) for i in range(QUICK_DRAWS)]
    targets, metrics = {}, {}
    for name, metric in known.items():
        values = [metric.measure(generated) for generated in perfect]
        targets[name] = (
            metric.target(truth) if metric.target else float(np.mean([found.value for found in values]))
        )
        floor = max(found.with_error_bound(targets[name], name)[f"{name}_error"] for found in values)
        given = tolerances[name]
        tolerance = given.floors * floor if isinstance(given, Floors) else float(given)
        metrics[name] = {"target": targets[name], "tolerance": tolerance}
    return trivial_passes(trivial_errors(truth, n, known, targets), metrics)


def _larger(source: Source, truth: Truth, n: int) -> Truth:
    """The same truth with `n` real samples held out: of a file those that are there, blurred by a tenth of a
    standard deviation."""
    rng = generator(0, "sizes", "held_out")
    held_out: Samples = truth.draw(rng, n)
    if not isinstance(source, Distribution):
        blur = truth.train.std(axis=0) / 10
        held_out = held_out + blur * rng.standard_normal(held_out.shape, np.float32)
    return replace(truth, held_out=held_out)
