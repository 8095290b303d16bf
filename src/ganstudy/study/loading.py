"""Read params.yaml, and say in the user's words what is wrong with it."""

import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ganstudy.core.errors import InvalidParamsError, Problem, UserError, nearest
from ganstudy.core.files import read_yaml
from ganstudy.study.cross_checks import impossible
from ganstudy.study.params import STUDY_NAME, Params

FILE = Path("params.yaml")


def load(path: Path = FILE) -> Params:
    """Read and check the study at `path`.

    UserError, one line for each mistake, if the file is absent, is not YAML, or does not fit the schema.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"{path}: cannot be read ({error.strerror}); run this in the study's folder"
        ) from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: not a text file; save it as UTF-8") from None
    return parse(read_yaml(text, str(path)), str(path))


def parse(data: Any, name: str = str(FILE)) -> Params:
    """Check settings that were already read. UserError as `load`."""
    try:
        params = Params.model_validate(data)
    except ValidationError as error:
        raise InvalidParamsError(name, _problems(error, data)) from None
    if problems := impossible(params):
        raise InvalidParamsError(name, problems)
    return params


def _problems(error: ValidationError, data: Any) -> list[Problem]:
    unknown: list[Problem] = []
    others: dict[str, ErrorDetails] = {}
    for detail in error.errors(include_url=False):
        place = _place(detail, data)
        if detail["type"] == "unknown_key":
            unknown.append(Problem(place, _problem(detail)))
        # Where several types were allowed, pydantic complains once for each. The first is enough, unless
        # another took it for the right type and found what is wrong with it.
        elif place not in others or (_is_of_type(others[place]) and not _is_of_type(detail)):
            others[place] = detail
    return unknown + [
        Problem(place, _problem(detail))
        for place, detail in others.items()
        # One alternative refused the whole where another found the mistake inside it.
        if not any(place and other.startswith(f"{place}.") for other in others)
    ]


def _is_of_type(detail: ErrorDetails) -> bool:
    return detail["type"].endswith("_type")


def _place(detail: ErrorDetails, data: Any) -> str:
    """The keys of the file that lead to the error, without pydantic's names for the alternatives it tried."""
    keys = []
    for key in detail["loc"]:
        inside = dict(enumerate(data)) if isinstance(data, list) else data
        if isinstance(inside, dict) and key in inside:
            data = inside[key]
        elif key != "[key]":
            continue
        if key != "[key]":
            keys.append(str(key))
    if detail["type"] == "missing":
        keys.append(str(detail["loc"][-1]))
    return ".".join(keys)


def _problem(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    match kind:
        case "missing":
            return "missing; it has no default"
        case "union_tag_invalid":
            allowed = [tag.strip(" '") for tag in context["expected_tags"].split(",")]
            return f"'{context['tag']}' is not known; {nearest(str(context['tag']), allowed)}"
        case "union_tag_not_found":
            return "say which with 'name'"
        case "value_error":
            return str(context["error"])
        case "unknown_key" | "unknown_component":
            return detail["msg"]
        case "literal_error":
            allowed = [option.strip("'") for option in re.split(r", | or ", context["expected"])]
            meant = nearest(str(detail["input"]), allowed)
            return f"found {detail['input']!r}; should be {context['expected']}" + (
                f"; {meant}" if meant.startswith("did") else ""
            )
        case "string_pattern_mismatch" if "py:" in context["pattern"]:
            return f"found '{detail['input']}'; should be a file in own and a name in it, as mine.py:MyLoss"
        case "string_pattern_mismatch":
            signs = ", - and _" if context["pattern"] == STUDY_NAME else " and _"
            return f"'{detail['input']}' is not a valid name; use only small letters, digits{signs}"
        case "greater_than_equal" if context == {"ge": 1}:
            return f"{detail['input']} is too few; give at least 1"
        case "too_short":
            return "is empty; give at least one"
        case "tuple_type":
            return f"found {detail['input']!r}; should be a list"
        case "dict_type" | "model_type" | "model_attributes_type":
            return f"found {detail['input']!r}; should be keys with their values"
    expected = detail["msg"].removeprefix("Input should be ").removeprefix("a valid ")
    return f"found {detail['input']!r}; should be {expected}"
