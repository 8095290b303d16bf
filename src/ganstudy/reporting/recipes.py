"""A variant's task and recipe in words."""

from ganstudy.core.text import count, counted, exact
from ganstudy.networks.registry import DISCRIMINATORS, GENERATORS
from ganstudy.sources.labels import are_told
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
