"""What every block of params.yaml has in common: closed, frozen, strictly typed."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ModelWrapValidatorHandler,
    Strict,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError
from pydantic_core.core_schema import ErrorType

from ganstudy.core.errors import nearest


class Setting(BaseModel):
    """One block of params.yaml. Unknown keys and values of another type are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    moved: ClassVar[dict[str, str]] = {}
    """Keys that were here in an earlier version, and what to do about them."""

    @model_validator(mode="wrap")
    @classmethod
    def _name_unknown_keys(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Say of every unknown key which was probably meant, beside all else that is wrong with the block."""
        if not isinstance(data, dict):
            return handler(data)
        allowed = list(cls.model_fields)
        mistakes = _unknown_keys(data, allowed, cls.moved)
        if not mistakes:
            return handler(data)
        unknown = [key for key in data if key not in cls.model_fields]
        misspelt = {key for word in unknown for key in get_close_matches(str(word), allowed, n=1)}
        try:
            handler({key: value for key, value in data.items() if key in cls.model_fields})
        except ValidationError as error:
            mistakes += [
                _again(detail)
                for detail in error.errors(include_url=False)
                # What is only misspelt is not missing besides.
                if detail["type"] != "missing" or detail["loc"] not in {(key,) for key in misspelt}
            ]
        raise ValidationError.from_exception_data(cls.__name__, mistakes)


def _unknown_keys(
    block: Mapping[Any, Any], allowed: list[str], moved: Mapping[str, str]
) -> list[InitErrorDetails]:
    """A mistake for each key that is not allowed, with what to do about it."""
    return [
        InitErrorDetails(
            type=PydanticCustomError(
                "unknown_key",
                "unknown key '{key}'; {remedy}",
                {"key": str(key), "remedy": moved.get(key) or nearest(str(key), allowed)},
            ),
            input=value,
        )
        for key, value in block.items()
        if key not in allowed
    ]


def _again(detail: ErrorDetails) -> InitErrorDetails:
    """A mistake that was found, to be raised with others."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind not in get_args(ErrorType):
        return InitErrorDetails(
            type=PydanticCustomError(kind, "{said}", {**context, "said": detail["msg"]}),
            loc=detail["loc"],
            input=detail["input"],
        )
    return InitErrorDetails(type=kind, loc=detail["loc"], input=detail["input"], ctx=context)


def name_alone(value: Any) -> Any:
    """The block that a name stands for."""
    return {"name": value} if isinstance(value, str) else value


# `features: raw` is short for `features: {name: raw}`.
NameAlone = BeforeValidator(name_alone)
NAME_PATTERN = r"^[a-z0-9_]+$"
Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
Use = Annotated[str, StringConstraints(pattern=r"^[\w-]+(/[\w-]+)*\.py:[A-Za-z_]\w*$")]
"""A Python file in the folder `own`, and a name in it, as `losses/mine.py:my_loss`."""
Options = dict[Name, JsonValue]
"""Options of a component of your own, by name."""
Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, lt=1)]
# YAML knows lists only; a frozen setting holds tuples.
Unstrict = Strict(False)
