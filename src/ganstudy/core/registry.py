"""Components: classes that are found by their names, with all that is said about them in one file.

`ganstudy/sources/ring.py` holds the source `ring`: its settings, its code, and what reports say of it. No
list names it: it is found because it is there.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, ClassVar, Generic, Self, TypeVar

from pydantic import GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from ganstudy.core.errors import nearest
from ganstudy.core.settings import Setting


class Component:
    """What a registry holds."""

    Settings: ClassVar[type[Any]]
    """The block of params.yaml that chooses it, and its options."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    @classmethod
    def make(cls, settings: Any) -> Self:
        """The component with these settings. UserError if a file of the study's own makes none."""
        return cls(settings)


C = TypeVar("C", bound=Component)
OWN = "own"
"""The component that stands for work of the study's own, which its settings name by `use`."""


class Registry(Mapping[str, type[C]]):
    """The components of a package, each in the module of its name."""

    def __init__(self, package: str, base: Any, key: str = "name", default: str | None = None) -> None:
        """`key` is the entry of a block that names the component, `default` the one of a block without it."""
        self.package, self.base, self.key, self.default = package, base, key, default

    def module(self, name: str) -> str:
        """Where the component of that name is, as `ganstudy.sources.ring`."""
        return f"{self.package}.{name}"

    def of(self, settings: Any) -> type[C]:
        """The component whose settings these are."""
        return self[self.name_of(settings)]

    def module_of(self, settings: Any) -> str:
        """The module of that component."""
        return self.module(self.name_of(settings))

    def name_of(self, settings: Any) -> str:
        """Its name; OWN if it is one of the study's own."""
        return OWN if hasattr(settings, "use") else str(getattr(settings, self.key))

    def __getitem__(self, name: str) -> type[C]:
        found: type[C] | None = (
            _component(self.module(name), self.base) if name in _modules(self.package) else None
        )
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        """All but OWN, which is no component itself."""
        modules = [name for name in _modules(self.package) if name != OWN]
        return iter([name for name in modules if _component(self.module(name), self.base)])

    def __len__(self) -> int:
        return len(list(iter(self)))


@cache
def _modules(package: str) -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(import_module(package).__path__)))


@cache
def _component(module: str, base: Any) -> Any:
    """The class of the module that is a `base` with settings of its own; None if there is none, as in modules
    that several components share."""
    for found in vars(import_module(module)).values():
        is_ours = isinstance(found, type) and issubclass(found, base) and found.__module__ == module
        if is_ours and "Settings" in vars(found):
            return found
    return None


class Chosen(Generic[C]):
    """For a field of settings: a block that names a component, and holds that one's settings. The name alone
    is short for a block with nothing else.

    A block with `use` is one of the study's own.
    """

    def __init__(self, registry: Registry[C]) -> None:
        self.registry = registry

    def settings(self, block: Any) -> Setting:
        """The block, judged by the settings of the component that it names."""
        if isinstance(block, Setting):
            return block
        if isinstance(block, str) and self.registry.key == "name":
            block = {"name": block}
        if not isinstance(block, dict):
            raise PydanticCustomError("model_type", "keys")
        return self.kind(block).model_validate(block)

    def kind(self, block: Mapping[str, Any]) -> type[Setting]:
        """The settings of the component that the block names."""
        registry = self.registry
        name = OWN if "use" in block else block.get(registry.key, registry.default)
        if name is None:
            raise PydanticCustomError("union_tag_not_found", "say which")
        if (name == OWN and "use" not in block) or name not in registry:
            said = {"name": name, "remedy": nearest(str(name), list(registry))}
            raise PydanticCustomError("unknown_component", "'{name}' is not known; {remedy}", said)
        return registry[name].Settings

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.settings, serialization=core_schema.simple_ser_schema("any")
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """One of all components' blocks, or the name of one that needs nothing else."""
        blocks = {name: self.registry[name].Settings for name in (*self.registry, OWN)}
        choices = [handler(block.__pydantic_core_schema__) for block in blocks.values()]
        if self.registry.key != "name":
            return {"oneOf": choices}
        alone = [name for name, block in blocks.items() if _needs_nothing_but(block, self.registry.key)]
        return {"anyOf": [{"type": "string", "enum": alone}, {"oneOf": choices}]}


def _needs_nothing_but(block: type[Setting], key: str) -> bool:
    return {name for name, field in block.model_fields.items() if field.is_required()} == {key}
