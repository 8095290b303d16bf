"""What every block of params.yaml has in common: closed, frozen, strictly typed."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, NamedTuple, Self, get_args

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


class UserError(Exception):
    """Something the user can put right: the message says what, where, and what instead."""


class Problem(NamedTuple):
    """One mistake in params.yaml."""

    place: str
    """The keys that lead to it, as `variants.ring.optimizer.lr`; empty for the whole."""
    said: str
    """What was found, and what is allowed."""


class InvalidParamsError(UserError):
    """All that is wrong with a file, a line each."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        lines = [f"{file}: {place}: {said}" if place else f"{file}: {said}" for place, said in problems]
        super().__init__("\n".join(lines))
        self.problems = list(problems)


class Setting(BaseModel):
    """One block of params.yaml. Unknown keys and values of another type are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    moved: ClassVar[dict[str, str]] = {}
    """Keys that were here in an earlier version, and what to do about them."""

    @model_validator(mode="wrap")
    @classmethod
    def _name_unknown_keys(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Say of every unknown key which was probably meant, beside all else that is wrong with the block."""
        unknown = [key for key in data if key not in cls.model_fields] if isinstance(data, dict) else []
        if not unknown:
            return handler(data)
        allowed = list(cls.model_fields)
        mistakes = [
            _unknown(str(key), cls.moved.get(key) or nearest(str(key), allowed), data[key]) for key in unknown
        ]
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


def _unknown(key: str, remedy: str, value: Any) -> InitErrorDetails:
    said = {"key": key, "remedy": remedy}
    return InitErrorDetails(
        type=PydanticCustomError("unknown_key", "unknown key '{key}'; {remedy}", said), input=value
    )


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


def nearest(word: str, allowed: list[str]) -> str:
    """Say which of the `allowed` words was probably meant, and otherwise list them."""
    close = get_close_matches(word, allowed, n=1)
    return f"did you mean '{close[0]}'?" if close else f"allowed: {', '.join(allowed)}"


def name_alone(value: Any) -> Any:
    """The block that a name stands for."""
    return {"name": value} if isinstance(value, str) else value


# `features: raw` is short for `features: {name: raw}`.
NameAlone = BeforeValidator(name_alone)
NAME = r"^[a-z0-9_]+$"
Name = Annotated[str, StringConstraints(pattern=NAME)]
Use = Annotated[str, StringConstraints(pattern=r"^[\w-]+(/[\w-]+)*\.py:[A-Za-z_]\w*$")]
"""Own work: a Python file in the folder `own`, and the name of what it holds, as `losses/mine.py:my_loss`."""
Options = dict[Name, JsonValue]
"""What own work is told, by name."""
Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, lt=1)]
# YAML knows lists only; a frozen setting holds tuples.
Unstrict = Strict(False)
