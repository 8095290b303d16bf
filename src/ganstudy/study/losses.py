"""An entry under `losses:`: which loss, its own options, and what it overrides in every recipe."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from pydantic import GetJsonSchemaHandler, create_model
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ganstudy.core.registry import OWN, Chosen
from ganstudy.core.settings import Setting
from ganstudy.losses.registry import LOSSES
from ganstudy.training.recipe import Overrides


@dataclass(frozen=True)
class LossEntry:
    """In params.yaml both parts are one block."""

    settings: Setting
    """The loss's own options."""
    overrides: Overrides

    @property
    def name(self) -> str:
        """Which loss it is."""
        return LOSSES.name_of(self.settings)

    @classmethod
    def read(cls, block: Any) -> Self:
        """The block in its two parts."""
        if isinstance(block, cls):
            return block
        if not isinstance(block, dict):
            raise PydanticCustomError("model_type", "keys")
        of_loss = Chosen(LOSSES).kind(block)
        both = _as_one_block(of_loss).model_validate(block)
        # What the block does not say stays unsaid.
        settings, overrides = (
            both.model_dump(include=set(kind.model_fields), exclude_unset=True)
            for kind in (of_loss, Overrides)
        )
        return cls(of_loss.model_validate(settings), Overrides.model_validate(overrides))

    def dumped(self, info: Any) -> dict[str, Any]:
        """As one block."""
        settings = self.settings.model_dump(mode=info.mode, exclude_unset=info.exclude_unset)
        return {**settings, **self.overrides.model_dump(mode=info.mode, exclude_none=True)}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read,
            serialization=core_schema.plain_serializer_function_ser_schema(cls.dumped, info_arg=True),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """One of all losses' options, each with the overrides."""
        blocks: list[type[Setting]] = [loss.Settings for loss in (*LOSSES.values(), LOSSES[OWN])]
        return {"oneOf": [handler(_as_one_block(block).__pydantic_core_schema__) for block in blocks]}


@cache
def _as_one_block(of_loss: type[Setting]) -> type[Setting]:
    """A loss's options and the overrides, in one."""
    return create_model(
        of_loss.__name__, __module__="made", __base__=(of_loss, Overrides), __doc__=of_loss.__doc__
    )
