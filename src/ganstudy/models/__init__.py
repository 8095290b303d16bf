"""Generators and discriminators, many at once: every parameter carries a leading axis of lanes."""

from ganstudy.models.discriminator import Discriminator
from ganstudy.models.generator import Generator
from ganstudy.models.layers import Layers, Parameters

__all__ = ["Discriminator", "Generator", "Layers", "Parameters"]
