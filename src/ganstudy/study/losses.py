"""An entry under `losses:`: which loss, its own options, and what it overrides in every recipe."""

from dataclasses import dataclass
from typing import Any, Self

from pydantic import GetJsonSchemaHandler, ValidationError, create_model
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ganstudy.core.registry import OWN, Chosen
from ganstudy.core.settings import Setting, again, unknown_keys
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
        common = set(Overrides.model_fields)
        mistakes = unknown_keys(block, [*of_loss.model_fields, *common], {})
        parts: list[Any] = []
        for kind, names in ((of_loss, set(of_loss.model_fields)), (Overrides, common)):
            try:
                parts.append(kind.model_validate({key: block[key] for key in block if key in names}))
            except ValidationError as error:
                mistakes += [again(detail) for detail in error.errors(include_url=False)]
        if mistakes:
            raise ValidationError.from_exception_data(cls.__name__, mistakes)
        return cls(*parts)

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
        blocks = [
            create_model(
                loss.Settings.__name__,
                __module__="made",
                __base__=(loss.Settings, Overrides),
                __doc__=loss.Settings.__doc__,
            )
            for loss in (*LOSSES.values(), LOSSES[OWN])
        ]
        return {"oneOf": [handler(block.__pydantic_core_schema__) for block in blocks]}
