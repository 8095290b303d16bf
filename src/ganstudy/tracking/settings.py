"""Settings as MLflow's params: one line of text a key."""

import json
from collections.abc import Iterator
from typing import Any

from ganstudy.params import Cell


def cell_settings(cell: Cell) -> dict[str, Any]:
    """Everything that params.yaml says of the cell, as nested dictionaries."""
    # The loss's own options are fields of its class alone, which dumping the cell would leave out.
    return {"recipe": cell.recipe.model_dump(mode="json"), "loss": cell.settings.model_dump(mode="json")}


def cell_params(cell: Cell) -> dict[str, str]:
    """The same, flat: `optimizer.lr`, `loss.penalty` and so on. What is not set is left out."""
    settings = cell_settings(cell)
    return dict(_flat({**settings["recipe"], "loss": settings["loss"]}))


def _flat(settings: dict[str, Any], place: str = "") -> Iterator[tuple[str, str]]:
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{place}{key}.")
        elif value is not None:
            yield f"{place}{key}", value if isinstance(value, str) else json.dumps(value)
