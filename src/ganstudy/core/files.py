"""JSON and YAML, read and written the same way everywhere."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganstudy.core.errors import UserError


def read_json(path: Path) -> Any:
    """The contents of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Write JSON, the same bytes for the same content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json_text(content), encoding="utf-8")


def json_text(content: Any) -> str:
    """The same text for the same content, to the end of its last line."""
    return json.dumps(content, indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False) + "\n"


def read_yaml(text: str, name: str) -> Any:
    """What a text of YAML 1.2 holds, read as DVC reads it: `1e-3` is the same number to both. UserError,
    which says that the file `name` is no YAML, if it is none."""
    # Here and not above: who reads JSON alone does without.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise UserError(f"{name}: not valid YAML: {' '.join(str(error).split())}") from None


def flat(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Nested settings as one level: `optimizer.lr` is the value `lr` of the block `optimizer`. A block with
    nothing in it leaves nothing."""
    found: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, Mapping):
            found |= {f"{key}.{inner}": leaf for inner, leaf in flat(value).items()}
        else:
            found[key] = value
    return found
