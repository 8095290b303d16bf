"""Settings as MLflow's params, one line of text a key, and those that are numbers as its metrics."""

import json
from collections.abc import Iterator
from typing import Any

from ganstudy.core.files import flat
from ganstudy.tracking.record import SETTING, Point, metric_name
from ganstudy.training.cell import Cell


def cell_settings(cell: Cell) -> dict[str, Any]:
    """Everything that params.yaml says of the cell, as nested dictionaries."""
    # The loss's own options are fields of its class alone, which dumping the cell would leave out.
    loss = {**cell.settings.model_dump(mode="json"), **cell.overrides}
    return {"recipe": cell.recipe.model_dump(mode="json"), "loss": loss}


def cell_params(cell: Cell) -> dict[str, str]:
    """The same, flat: `optimizer.lr`, `loss.penalty` and so on. What is not set is left out."""
    return {place: value if isinstance(value, str) else json.dumps(value) for place, value in _settings(cell)}


def cell_numbers(cell: Cell) -> list[Point]:
    """Those that are numbers: MLflow compares params as text, and finds ranges among metrics alone."""
    return [
        Point(metric_name(SETTING, place), float(value))
        for place, value in _settings(cell)
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


def _settings(cell: Cell) -> Iterator[tuple[str, Any]]:
    settings = cell_settings(cell)
    every = flat({**settings["recipe"], "loss": settings["loss"]})
    return ((place, value) for place, value in every.items() if value is not None)
