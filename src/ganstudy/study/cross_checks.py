"""Settings that are right each by itself, and wrong together."""

from collections.abc import Iterator

from ganstudy.core.errors import Problem, nearest
from ganstudy.core.registry import OWN
from ganstudy.losses.registry import LOSSES
from ganstudy.metrics.registry import METRICS
from ganstudy.sources.registry import traits
from ganstudy.study.evaluation import JUDGED_METRICS, ToleranceBase
from ganstudy.study.params import Params
from ganstudy.study.variant import Variant
from ganstudy.training.recipe import Recipe


def impossible(params: Params) -> list[Problem]:
    """All that cannot be run, or would say nothing."""
    problems = [*_of_tolerances(params), *_of_claims(params), *_of_metrics(params), *_of_recipes(params)]
    # Variants of one source complain alike of its tolerances.
    return list(dict.fromkeys(problems))


def unused(params: Params) -> list[str]:
    """A line for each default that no variant uses."""
    used = {variant.source.name for variant in params.variants.values() if variant.tolerances is None}
    return [
        f"evaluation.tolerances.{source}: not used; no variant has this source and no tolerances of its own"
        for source in params.evaluation.tolerances
        if source not in used
    ]


def _of_tolerances(params: Params) -> Iterator[Problem]:
    for name, variant in params.variants.items():
        source, point = variant.source, variant.noise.is_constant
        tolerance = params.evaluation.tolerance(variant)
        is_own = variant.tolerances is not None
        place = f"variants.{name}.tolerances" if is_own else f"evaluation.tolerances.{source.name}"
        if is_own or source.name in params.evaluation.tolerances:
            yield from _of_tolerance(params, place, tolerance, variant)
        judged = tolerance.judged
        if not any(not point or _makes_sense(name, variant, point) for name in judged):
            allowed = [name for name in JUDGED_METRICS if _makes_sense(name, variant, point)]
            yield Problem(
                f"variants.{name}",
                f"nothing to judge it by; name at least one of {', '.join(allowed)} "
                f"under variants.{name}.tolerances",
            )


def _of_tolerance(params: Params, place: str, tolerance: ToleranceBase, variant: Recipe) -> Iterator[Problem]:
    for name in tolerance.judged:
        if not _makes_sense(name, variant):
            yield Problem(f"{place}.{name}", "says nothing of this source; leave it out")
    critics = [
        name
        for name, entry in params.losses.items()
        if entry.name != OWN and LOSSES[entry.name].brier_of is None
    ]
    if "brier" in tolerance.judged and critics:
        yield Problem(
            f"{place}.brier",
            f"judges a probability, and {', '.join(critics)} estimate none; leave it out, or them",
        )
    for own in tolerance.own:
        if own not in params.evaluation.metrics:
            remedy = nearest(own, list(params.evaluation.metrics))
            yield Problem(f"{place}.own.{own}", f"no such metric under evaluation.metrics; {remedy}")


def _makes_sense(metric: str, variant: Recipe, point: bool = False) -> bool:
    """Whether it may say something, as far as settings tell; what a source of one's own has, only its file
    knows."""
    return metric not in METRICS or METRICS[metric].makes_sense(traits(variant.source), point)


def _of_claims(params: Params) -> Iterator[Problem]:
    for name, variant in params.variants.items():
        point = variant.noise.is_constant
        for metric in variant.claim.errors if variant.claim else ():
            if not _makes_sense(metric, variant, point):
                yield Problem(f"variants.{name}.claim.{metric}", "says nothing of this variant; leave it out")


def _of_metrics(params: Params) -> Iterator[Problem]:
    for name in params.evaluation.metrics:
        if name in METRICS or name.startswith(("c2st_", "pretest_")):
            yield Problem(f"evaluation.metrics.{name}", "is a metric of ganstudy's; give another name")


def _of_recipes(params: Params) -> Iterator[Problem]:
    for name, variant in params.variants.items():
        place = f"variants.{name}.discriminator"
        pack = variant.discriminator.pack
        for what, n in _sizes(variant).items():
            if n % pack:
                yield Problem(f"{place}.pack", f"{pack} does not divide {what} ({n}); change either")
        features = getattr(variant.discriminator, "features", None)
        if features and not features.of_pixels and "pixels" in (traits(variant.source) or ()):
            yield Problem(
                f"{place}.features",
                f"{features.name} of images say nothing: some pixels never change; use raw, or another "
                "source",
            )


def _sizes(variant: Variant) -> dict[str, int]:
    """How many samples there will be, as far as settings tell."""
    sizes = {"samples": variant.samples}
    if (drawn := getattr(variant.source, "samples", None)) and traits(variant.source) is not None:
        sizes["source.samples"] = drawn
    return {} if variant.noise.is_constant else sizes
