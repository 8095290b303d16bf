"""params.yaml's JSON Schema: for editors, which complete, explain and check by it while one types."""

import ast
import inspect
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from ganstudy.core.registry import OWN
from ganstudy.core.settings import NAME_PATTERN, Setting, name_alone
from ganstudy.study.params import Params

SHORT = {"type": "string", "enum": ["name alone"]}
"""`features: raw` is short for `features: {name: raw}`: the names are filled in when all blocks are known."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The whole of it. What only `ganstudy check` can tell, as settings that are wrong together, is not in
    it."""
    found = Params.model_json_schema(schema_generator=_Described)
    _name_short_forms(found, found["$defs"])
    _name_losses(found)
    return {"$schema": DIALECT, "title": "params.yaml of a ganstudy study", **_without_titles(found)}


class _Described(GenerateJsonSchema):
    """With each block's and each field's docstring."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        described = super().model_schema(schema)
        cls: type[BaseModel] = schema["cls"]
        for name, about in described.get("properties", {}).items():
            if said := docs(cls).get(name):
                # Beside a reference a description is allowed, and its own is left alone.
                about["description"] = said
        return described

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        inner = super().function_before_schema(schema)
        is_short = schema["function"]["function"] is name_alone
        return {"anyOf": [SHORT, inner]} if is_short else inner


@cache
def docs(cls: type[BaseModel]) -> dict[str, str]:
    """The docstring of each field, those of inherited ones included, as one line."""
    said: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if not issubclass(base, Setting) or base is Setting:
            continue
        try:
            (definition,) = ast.parse(inspect.getsource(base)).body
        except (OSError, TypeError):
            continue  # made of others, as entries of losses are, or of the metrics
        assert isinstance(definition, ast.ClassDef)
        for field, after in zip(definition.body, definition.body[1:], strict=False):
            match field, after:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    said[name] = " ".join(text.split())
    return said


def _name_short_forms(value: Any, blocks: dict[str, Any]) -> None:
    """Where a name alone will do, say which: those of blocks that need nothing else."""
    if isinstance(value, list):
        for inner in value:
            _name_short_forms(inner, blocks)
    if isinstance(value, dict):
        if value.get("anyOf", [None])[0] == SHORT:
            block = value["anyOf"][1]
            choices = [blocks[one["$ref"].rpartition("/")[2]] for one in block.get("oneOf", [block])]
            names = [
                name
                for choice in choices
                if set(choice.get("required", ())) <= {"name"}
                for name in choice["properties"]["name"].get("enum")
                or [choice["properties"]["name"]["const"]]
            ]
            value["anyOf"][0] = {"type": "string", "enum": names}
        for inner in value.values():
            _name_short_forms(inner, blocks)


def _name_losses(found: dict[str, Any]) -> None:
    """Say that an entry's loss is its key where `loss` is left out, and that an entry may be empty."""
    losses = found["properties"]["losses"]
    # Pydantic writes free keys as a pattern.
    (entry,) = losses.pop("patternProperties").values()
    losses["propertyNames"] = {"pattern": NAME_PATTERN}
    known: dict[str, Any] = {}
    for reference in entry["oneOf"]:
        definition = found["$defs"][reference["$ref"].rpartition("/")[2]]
        definition["required"] = [name for name in definition["required"] if name != "loss"]
        if (name := definition["properties"]["loss"]["const"]) != OWN:
            known[name] = {"anyOf": [reference, {"$ref": "#/$defs/Renamed"}, {"type": "null"}]}
    # An own loss says so by `use` alone; every other entry under a free name by `loss`.
    others = [
        reference if reference["$ref"].endswith("OwnLossSettings") else {**reference, "required": ["loss"]}
        for reference in entry["oneOf"]
    ]
    found["$defs"]["Renamed"] = {"anyOf": others, "description": "A loss under a free name."}
    losses["properties"] = known
    losses["additionalProperties"] = {"$ref": "#/$defs/Renamed"}


def _without_titles(value: Any) -> Any:
    """Titles that pydantic makes of names say nothing more."""
    if isinstance(value, dict):
        return {
            key: _without_titles(inner)
            for key, inner in value.items()
            if key != "title" or not isinstance(inner, str)
        }
    return [_without_titles(inner) for inner in value] if isinstance(value, list) else value
