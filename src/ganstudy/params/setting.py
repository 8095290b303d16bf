"""What every block of params.yaml has in common: closed, frozen, strictly typed."""

from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError


class UserError(Exception):
    """Something the user can put right: the message says what, where, and what instead."""


class Setting(BaseModel):
    """One block of params.yaml. Unknown keys and values of another type are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key in data:
                if key not in cls.model_fields:
                    raise PydanticCustomError(
                        "unknown_key",
                        "unknown key '{key}'; {remedy}",
                        {"key": str(key), "remedy": nearest(str(key), list(cls.model_fields))},
                    )
        return data


def nearest(word: str, allowed: list[str]) -> str:
    """Say which of the `allowed` words was probably meant, and otherwise list them."""
    close = get_close_matches(word, allowed, n=1)
    return f"did you mean '{close[0]}'?" if close else f"allowed: {', '.join(allowed)}"


def _name_alone(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


# `features: raw` is short for `features: {name: raw}`.
NameAlone = BeforeValidator(_name_alone)
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, lt=1)]
# YAML knows lists only; a frozen setting holds tuples.
Unstrict = Strict(False)
