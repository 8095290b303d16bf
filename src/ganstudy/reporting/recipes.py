"""A variant's task and recipe in words."""

from collections.abc import Callable
from typing import Any

from ganstudy.params import Variant
from ganstudy.params.recipe import Discriminator, Generator, Network, Optimizer, OwnNetwork, OwnSource
from ganstudy.reporting.words import count, exact
from ganstudy.words import listed

TASKS: dict[str, Callable[[Any], str]] = {
    "pattern_1010": lambda source: (
        "Make four values near 1, 0, 1, 0; the data are uniform in [0.8, 1], [0, 0.2], [0.8, 1], [0, 0.2]."
    ),
    "gaussian": lambda source: (
        f"Draw from the normal distribution with mean {exact(source.mean)} and standard deviation "
        f"{exact(source.std)}."
    ),
    "ring": lambda source: (
        f"Draw from {counted(source.modes, 'normal distribution')} of standard deviation "
        f"{exact(source.std)}, evenly spaced on a circle of radius {exact(source.radius)}."
    ),
    "grid": lambda source: (
        f"Draw from {source.side} × {source.side} normal distributions of standard deviation "
        f"{exact(source.std)} in the plane, {exact(source.spacing)} apart."
    ),
    "digits": lambda source: (
        "Make images like scikit-learn's 1,797 scanned digits of 8 × 8 pixels; "
        f"{held_out(source)} are held out."
    ),
    "mnist": lambda source: (
        f"Make images like MNIST's digits of 28 × 28 pixels ({source.split}); "
        f"{held_out(source)} are held out."
    ),
    "images": lambda source: f"Make images like those in {source.path}; {held_out(source)} are held out.",
    "table": lambda source: (
        f"Draw rows like those of {source.path}"
        f"{', ' + listed(source.columns) if source.columns else ''}; {held_out(source)} are held out."
    ),
}
"""By source."""
NOISE = {
    "uniform": "{numbers} from U(0, 1)",
    "normal": "{numbers} from N(0, 1)",
    "constant": "{numbers}, always {value}",
}
FEATURES = {
    "raw": "",
    "squared_deviations": " and their squared deviations from the pack's mean",
    "differences": " and their differences from the pack's mean",
    "moments": ", by mean, standard deviation, skew and excess kurtosis",
    "minibatch_discrimination": " and their closeness to each other",
}
"""What a discriminator sees of its samples."""


def task(recipe: Variant) -> str:
    """What the generator is asked to do."""
    source = recipe.source
    if isinstance(source, OwnSource):
        return f"Draw from {source.name}, {own_work(source)}."
    return TASKS[source.name](source)


def own_work(settings: OwnSource | OwnNetwork) -> str:
    """Where it is, and what it is told."""
    told = ", ".join(f"{name} = {value}" for name, value in settings.options.items())
    return f"own/{settings.use}{f' ({told})' if told else ''}"


def steps(recipe: Variant) -> list[tuple[str, str]]:
    """The recipe as (what, how)."""
    return [
        ("Generator", generator(recipe)),
        ("Discriminator", discriminator(recipe)),
        ("Training", training(recipe)),
    ]


def generator(recipe: Variant) -> str:
    about = recipe.generator
    drawn = NOISE[recipe.noise.name].format(
        numbers=counted(recipe.noise.size, "number"), value=exact(recipe.noise.value)
    )
    words = f"{drawn}; {layers(about)}"
    if isinstance(about, Generator) and about.output != "linear":
        words += f", {about.output} at the output"
    if about.average:
        words += f"; its weights are averaged over rounds (decay {exact(about.average)})"
    return f"{words}."


def discriminator(recipe: Variant) -> str:
    about = recipe.discriminator
    seen = "Each sample alone" if about.pack == 1 else f"{counted(about.pack, 'sample')} at once"
    features = FEATURES[about.features.name] if isinstance(about, Discriminator) else ""
    return f"{seen}{features}, {layers(about)}."


def layers(network: Network | OwnNetwork) -> str:
    """Sizes and activations of the hidden layers."""
    if isinstance(network, OwnNetwork):
        return f"the network {own_work(network)}"
    if not network.hidden:
        return "no hidden layers"
    given = network.activations
    activations = [given] if isinstance(given, str) else list(dict.fromkeys(given))
    unequal = not isinstance(given, str) and len(activations) > 1
    names = ", ".join(given) if unequal else activations[0]
    noun = "layer" if len(network.hidden) == 1 else "layers"
    return f"hidden {noun} of {listed(map(str, network.hidden))} ({names})"


def training(recipe: Variant) -> str:
    mine, other = recipe.optimizer, recipe.generator_optimizer
    each = (
        f"{counted(recipe.discriminator_steps, 'update')} of the discriminator and "
        f"{recipe.generator_steps} of the generator"
    )
    real = "examples" if recipe.batch > 1 else "example"
    words = [
        f"{counted(recipe.steps, 'round')} of {each}, on {count(recipe.batch)} real and "
        f"{count(recipe.batch)} generated {real}",
        f"{optimizer(mine)}" if other is None else f"{optimizer(mine)}; the generator's {optimizer(other)}",
    ]
    if recipe.update == "real_then_fake":
        words.append("real and generated examples in updates of their own")
    if recipe.warm_up:
        words.append(
            f"before it {counted(recipe.warm_up, 'iteration')} of a lone discriminator against noise"
        )
    return "; ".join(words) + "."


def optimizer(settings: Optimizer) -> str:
    """Name, rate and whatever else the settings say of it."""
    names = {"adam": "Adam", "sgd": "SGD", "rmsprop": "RMSprop"}
    words = f"{names[settings.name]} at {exact(settings.lr)}"
    match settings.name:
        case "adam":
            return f"{words} (β {listed(map(exact, settings.betas))})"
        case "sgd" if settings.momentum:
            return f"{words} (momentum {exact(settings.momentum)})"
    return words


def counted(n: int, noun: str) -> str:
    """`1 round`, `2,000 rounds`."""
    return f"{count(n)} {noun}" if n == 1 else f"{count(n)} {noun}s"


def held_out(source: Any) -> str:
    return f"{100 * source.held_out:.0f} %"
