"""Networks of the study's own, by any `torch.nn.Module`."""

from pydantic import Field

from ganstudy.core import own
from ganstudy.core.settings import Options, Setting, Use
from ganstudy.networks.family import (
    DiscriminatorFamily,
    DiscriminatorSettings,
    GeneratorFamily,
    GeneratorSettings,
    Network,
)


class OwnNetworkSettings(Setting):
    """A network of your own, in a Python file: any torch.nn.Module."""

    use: Use
    """A file in the folder `own`, and in it a class of torch.nn.Module, or a function that returns one, from
    its ends and the options: `networks/mine.py:MyNetwork`. See docs/extending.md."""
    options: Options = Field(default_factory=dict)
    """What it is given by name."""

    @property
    def in_words(self) -> str:
        """Where it is, and what it is told."""
        return f"the network {own.in_words(self.use, self.options)}"


class OwnGeneratorSettings(OwnNetworkSettings, GeneratorSettings):
    """Made by `use(noise_size, shape, **options)`: noise `[n, noise_size]` to samples `[n, *shape]`. Of a
    conditional GAN by `use(noise_size, shape, classes, **options)`, and called with one-hot labels besides,
    `[n, classes]`."""


class OwnGenerator(GeneratorFamily):
    """Each replica's module by itself."""

    Settings = OwnGeneratorSettings
    can_be_captured = False

    @staticmethod
    def network(settings: OwnGeneratorSettings, noise: int, shape: tuple[int, ...], classes: int) -> Network:
        from ganstudy.networks.modules import Modules

        return Modules(settings, (noise, shape, *filter(None, [classes])), shape)

    @staticmethod
    def layers(settings: OwnGeneratorSettings) -> str:
        return settings.in_words


class OwnDiscriminatorSettings(OwnNetworkSettings, DiscriminatorSettings):
    """Made by `use(pack, shape, **options)`: examples `[n, pack, *shape]` to logits `[n]`. Of a conditional
    GAN by `use(pack, shape, classes, **options)`, and called with one-hot labels besides,
    `[n, pack, classes]`."""


class OwnDiscriminator(DiscriminatorFamily):
    """Each replica's module by itself."""

    Settings = OwnDiscriminatorSettings
    can_be_captured = False

    @staticmethod
    def network(settings: OwnDiscriminatorSettings, shape: tuple[int, ...], classes: int) -> Network:
        from ganstudy.networks.modules import Modules

        return Modules(settings, (settings.pack, shape, *filter(None, [classes])), ())

    @staticmethod
    def layers(settings: OwnDiscriminatorSettings) -> str:
        return settings.in_words
