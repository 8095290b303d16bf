"""What a reader should know besides the numbers, in sentences: the recipe, and what findings leave open."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ganstudy.core.files import read_json
from ganstudy.core.text import count, counted, exact, flow, listed
from ganstudy.networks.registry import DISCRIMINATORS, GENERATORS
from ganstudy.results import paths
from ganstudy.results.study_results import CellResult, Results
from ganstudy.sources.labels import are_told
from ganstudy.study.params import Params
from ganstudy.training.recipe import Recipe


def steps(recipe: Recipe) -> list[tuple[str, str]]:
    """The recipe as (what, how)."""
    return [
        ("Generator", describe_generator(recipe)),
        ("Discriminator", describe_discriminator(recipe)),
        ("Training", describe_training(recipe)),
    ]


def describe_generator(recipe: Recipe) -> str:
    """Its input, its layers, and whether its parameters are averaged."""
    about = recipe.generator
    asked = " and a label" if are_told(recipe.source) else ""
    words = f"{recipe.noise}{asked}; {GENERATORS.of(about).layers(about)}"
    if about.ema:
        words += f"; its parameters are averaged over steps (EMA, decay {exact(about.ema)})"
    return f"{words}."


def describe_discriminator(recipe: Recipe) -> str:
    """What it sees, and its layers."""
    about = recipe.discriminator
    family = DISCRIMINATORS.of(about)
    seen = "Each sample alone" if about.pack == 1 else f"{counted(about.pack, 'sample')} at once"
    told = ", with labels" if are_told(recipe.source) else ""
    return f"{seen}{family.sees(about)}{told}, {family.layers(about)}."


def describe_training(recipe: Recipe) -> str:
    """Steps, batch and optimisers."""
    mine, other = recipe.optimizer, recipe.generator_optimizer
    each = (
        f"{counted(recipe.discriminator_steps, 'update')} of the discriminator and "
        f"{recipe.generator_steps} of the generator"
    )
    real = "examples" if recipe.batch > 1 else "example"
    words = [
        f"{counted(recipe.steps, 'step')} of {each}, on {count(recipe.batch)} real and "
        f"{count(recipe.batch)} generated {real}",
        str(mine) if other is None else f"{mine}; the generator's {other}",
    ]
    if recipe.update == "real_then_fake":
        words.append("real and generated examples in updates of their own")
    if recipe.discriminator_pretest:
        words.append(
            f"before it {counted(recipe.discriminator_pretest, 'step')} of a lone discriminator against noise"
        )
    return "; ".join(words) + "."


def about_classifier(variant: str) -> str:
    """How good the classifier is by whose features the variant's images are judged; empty without one."""
    accuracy = read_json(paths.floors(variant))["classifier_accuracy"]
    if accuracy is None:
        return ""
    return (
        "Likeness is judged by the features of a small classifier, trained by the study itself, that is "
        f"right on {100 * accuracy:.1f} % of the held-out images."
    )


TOLD = 0.01
"""A run is told from the data where chance alone would do as well in fewer cases than this share."""


def evidence(cells: Sequence[CellResult]) -> list[str]:
    """What a match of the variant's runs leaves open, a sentence each."""
    said = []
    if passes := cells[0].judged["trivial_passes"]:
        verb = "is" if len(passes) == 1 else "are"
        said.append(
            f"These samples do not tell a match from {listed(passes)}, which {verb} within the "
            "tolerances too, or nearly. So no run has matched: those within them are undecided."
        )
    matched = [run for result in cells for run in result.judged["runs"] if run["outcome"] == "matched"]
    told = [
        run["c2st_accuracy"] for run in matched if (p := run.get("c2st_p_value")) is not None and p < TOLD
    ]
    if told:
        said.append(
            "Within the tolerances is not the same as indistinguishable: the classifier two-sample "
            f"test tells {len(told)} of the {len(matched)} matched runs from the data (p < {TOLD:g}), with a "
            f"median accuracy of {100 * float(np.median(told)):.0f} % (chance: 50 %)."
        )
    if not cells[0].prepared.description["streamed"]:
        said.append(
            "The data are finite, and copies are not looked for: a generator that repeats training samples "
            "would match."
        )
    return said


def claims(results: Results) -> list[str]:
    """What recipes' sources say of their results, and in how many seeds it held."""
    notes = []
    for variant, recipe in results.params.variants.items():
        if (claim := recipe.claim) is None:
            continue
        held = listed(
            f"{result.cell.loss} in {sum(_holds(run, claim.errors) for run in result.judged['runs'])} of "
            f"{len(result.judged['runs'])}"
            for result in results.of_variant(variant)
        )
        words = listed(f"{name} within {error:g}" for name, error in claim.errors.items())
        notes.append(f"{variant}: {claim.by} has {words} of the data's. Of the seeds this held with {held}.")
    return notes


def _holds(run: dict[str, Any], errors: Mapping[str, float]) -> bool:
    return all((found := run.get(f"{name}_error")) is not None and found <= e for name, e in errors.items())


def failures(results: Sequence[CellResult]) -> str:
    """Which tolerances the variant's runs missed, most often first; empty if none did."""
    runs = [run for result in results for run in result.judged["runs"]]
    missed = [name for run in runs for name in run["failed"]]
    if not missed:
        return ""
    names = sorted(set(missed), key=lambda name: (-missed.count(name), name))
    counts = listed(f"{name} in {missed.count(name)} of {len(runs)} runs" for name in names)
    return f"Missed tolerances: {counts}."


def overrides(params: Params) -> list[str]:
    """Losses that replace parts of every recipe."""
    return [
        f"{cell.loss} replaces in every recipe "
        f"{listed(f'{key}: {flow(value)}' for key, value in cell.overrides.items())}."
        for cell in params.cells[: len(params.losses)]
        if cell.overrides
    ]


def updates(results: Results) -> list[str]:
    """Variants some of whose losses could not take the updates that were asked for."""
    notes = []
    for variant in results.params.variants:
        joint = [
            result.cell.loss
            for result in results.of_variant(variant)
            if result.judged["update"] != result.judged["update_asked"]
        ]
        if joint:
            notes.append(
                f"{variant} asks for two discriminator updates a step, one for real and one for generated "
                f"samples. {listed(joint)} took one joint update instead: the terms cannot be parted."
            )
    return notes


def pretests(results: Results) -> list[str]:
    """What the lone discriminators learnt before training."""
    notes = []
    for cell, runs in ((result.cell, result.judged["runs"]) for result in results.cells):
        if any("pretest_real" in run for run in runs):
            real, noise = (_middle(runs, f"pretest_{name}") for name in ("real", "noise"))
            notes.append(
                f"{cell.variant}, {cell.loss}: after {count(cell.recipe.discriminator_pretest)} steps alone "
                f"against noise the discriminator answers {real} to real samples and {noise} to noise "
                f"(5 to 95 % of {len(runs)} seeds)."
            )
    return notes


def _middle(runs: Sequence[dict[str, Any]], key: str) -> str:
    """The 5 to 95 % range of a metric over runs."""
    values = [run[key] for run in runs if run[key] is not None]
    return " to ".join(f"{x:.2f}" for x in np.quantile(values, [0.05, 0.95])) if values else "nothing finite"
