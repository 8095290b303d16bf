"""Settings that are right each by itself, and wrong together."""

from collections.abc import Iterator

from ganstudy.params.evaluation import (
    IMAGES,
    NOT_OF_IMAGES,
    OF_POINTS,
    SOURCES_OF,
    Tolerance,
)
from ganstudy.params.recipe import OwnDiscriminator, OwnSource, SourceSettings, Variant
from ganstudy.params.setting import Problem, nearest
from ganstudy.params.study import Params

CRITICS = ("wgan_clip", "wgan_gp", "hinge", "relativistic", "r3gan", "dragan")
"""Losses whose discriminator estimates no probability: its scale, or a constant, is free."""


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
        source, point = variant.source, variant.noise.name == "constant"
        tolerance = params.evaluation.tolerance(variant)
        is_own = variant.tolerances is not None
        place = f"variants.{name}.tolerances" if is_own else f"evaluation.tolerances.{source.name}"
        if is_own or source.name in params.evaluation.tolerances:
            yield from _of_tolerance(params, place, tolerance, source)
        judged = tolerance.judged
        if not (set(judged) & {*OF_POINTS, *params.evaluation.metrics} if point else judged):
            known = [figure for figure in Tolerance.model_fields if figure != "own"]
            allowed = [
                figure for figure in (OF_POINTS if point else known) if _says_something(figure, source)
            ]
            yield Problem(
                f"variants.{name}",
                f"nothing to judge it by; name at least one of {', '.join(allowed)} "
                f"under variants.{name}.tolerances",
            )


def _of_tolerance(
    params: Params, place: str, tolerance: Tolerance, source: SourceSettings
) -> Iterator[Problem]:
    for figure in tolerance.judged:
        if not _says_something(figure, source):
            yield Problem(f"{place}.{figure}", "says nothing of this source; leave it out")
    critics = [name for name, loss in params.losses.items() if loss.loss in CRITICS]
    if tolerance.brier is not None and critics:
        yield Problem(
            f"{place}.brier",
            f"judges a probability, and {', '.join(critics)} estimate none; leave it out, or them",
        )
    for own in tolerance.own:
        if own not in params.evaluation.metrics:
            remedy = nearest(own, list(params.evaluation.metrics))
            yield Problem(f"{place}.own.{own}", f"no such metric under evaluation.metrics; {remedy}")


def _says_something(figure: str, source: SourceSettings) -> bool:
    """Whether it may, as far as settings tell; what a source of one's own has, only its file knows."""
    if isinstance(source, OwnSource):
        return True
    of_images = source.name in IMAGES
    return source.name in SOURCES_OF.get(figure, (source.name,)) and not (
        of_images and figure in NOT_OF_IMAGES
    )


def _of_claims(params: Params) -> Iterator[Problem]:
    for name, variant in params.variants.items():
        point = variant.noise.name == "constant"
        for figure in variant.claim.errors if variant.claim else ():
            if not _says_something(figure, variant.source) or (point and figure not in OF_POINTS):
                yield Problem(f"variants.{name}.claim.{figure}", "says nothing of this variant; leave it out")


def _of_metrics(params: Params) -> Iterator[Problem]:
    for name in params.evaluation.metrics:
        if name in Tolerance.model_fields or name.startswith(("fresh_", "discriminator", "generator")):
            yield Problem(f"evaluation.metrics.{name}", "is a figure of ganstudy's; give another name")


def _of_recipes(params: Params) -> Iterator[Problem]:
    for name, variant in params.variants.items():
        place = f"variants.{name}.discriminator"
        pack = variant.discriminator.pack
        for what, n in _sizes(variant).items():
            if n % pack:
                yield Problem(f"{place}.pack", f"{pack} does not divide {what} ({n}); change either")
        if isinstance(variant.discriminator, OwnDiscriminator):
            continue
        if variant.discriminator.features.name == "moments" and variant.source.name in IMAGES:
            yield Problem(
                f"{place}.features",
                "moments of images say nothing: some pixels never change; use raw, or another source",
            )


def _sizes(variant: Variant) -> dict[str, int]:
    """How many samples there will be, as far as settings tell."""
    sizes = {"samples": variant.samples}
    if variant.source.name not in IMAGES and (drawn := getattr(variant.source, "samples", None)):
        sizes["source.samples"] = drawn
    return {} if variant.noise.name == "constant" else sizes
