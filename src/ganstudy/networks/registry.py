"""The networks that a study can name."""

from typing import Annotated, Any

from ganstudy.core.registry import Chosen, Registry
from ganstudy.core.settings import Setting
from ganstudy.networks.family import DiscriminatorFamily, GeneratorFamily

GENERATORS: Registry[GeneratorFamily] = Registry("ganstudy.networks", GeneratorFamily, default="mlp")
DISCRIMINATORS: Registry[DiscriminatorFamily] = Registry(
    "ganstudy.networks", DiscriminatorFamily, default="mlp"
)

GeneratorBlock = Annotated[Any, Chosen(GENERATORS)]
"""A block `generator:` of params.yaml."""
DiscriminatorBlock = Annotated[Any, Chosen(DISCRIMINATORS)]
"""A block `discriminator:`."""


def can_be_captured(generator: Setting, discriminator: Setting) -> bool:
    """Whether each step does what every other does, so that it need be worked out only once. A network of the
    study's own may do otherwise."""
    return GENERATORS.of(generator).can_be_captured and DISCRIMINATORS.of(discriminator).can_be_captured
