"""The sources that a study can name."""

from typing import Annotated, Any

from ganstudy.core.registry import Chosen, Registry
from ganstudy.sources.source import Source, Trait

SOURCES: Registry[Source] = Registry("ganstudy.sources", Source)

SourceBlock = Annotated[Any, Chosen(SOURCES)]
"""A block `source:` of params.yaml."""


def make_source(settings: Any) -> Source:
    """The source that `settings.name` names, or that their `use` makes. Reads no data yet. UserError if own
    work makes none."""
    return SOURCES.of(settings).make(settings)


def task(settings: Any) -> str:
    """What a generator of such samples is asked to do, in a sentence."""
    return SOURCES.of(settings)(settings).task()


def traits(settings: Any) -> frozenset[Trait] | None:
    """What is known of the source's samples before any is drawn; None of a source of one's own."""
    return SOURCES.of(settings).traits
