"""The libraries that decide bits, and their versions at work."""

from importlib.metadata import version

NUMERICS = ("numpy", "scikit-learn", "scipy", "torch", "torchmetrics")
"""requirements/numerics.txt pins them."""


def versions() -> dict[str, str]:
    """Of NUMERICS. What follows a +, as in 2.13.0+cpu, says what hardware a library was built for."""
    return {name: version(name).split("+")[0] for name in NUMERICS}
