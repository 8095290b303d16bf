"""A finished study, read back from its files for reports and tracking."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ganstudy import layout
from ganstudy.params import Cell, Params
from ganstudy.runs import Runs
from ganstudy.sources import Prepared
from ganstudy.words import SCORES


@dataclass(frozen=True)
class CellResult:
    """What is known of a cell. The arrays are read when asked for."""

    cell: Cell
    summary: dict[str, Any]
    """As in reports/metrics, one number a key."""
    judged: dict[str, Any]
    """As in reports/runs: every run's figures beside target, floor and tolerance."""

    @cached_property
    def runs(self) -> Runs:
        return Runs.load(layout.runs(self.cell.variant, self.cell.loss))

    def row(self, seed: int) -> dict[str, Any]:
        """What was found of one run."""
        return next(row for row in self.judged["runs"] if row["seed"] == seed)

    @property
    def score_name(self) -> str | None:
        """The figure that the losses of the cell's variant are compared by; None if none says anything."""
        figures = self.judged["figures"]
        return next((name for name in SCORES if name in figures and figures[name]["reason"] is None), None)

    def score(self, figures: Mapping[str, Any]) -> float | None:
        """How far samples with these figures are from the data, in floors: what all variants have in common.
        1 is as far as a perfect sampler's may be."""
        if (name := self.score_name) is None:
            return None
        error, floor = figures.get(f"{name}_error"), self.judged["figures"][name]["floor"]
        # Four digits: a table shows all that there are.
        return float(f"{error / floor:.4g}") if error is not None and floor else None

    @property
    def best_seed(self) -> int | None:
        """Of the runs that matched, if any did, the one nearest to the data; None if all have diverged."""
        ended = [row for row in self.judged["runs"] if row["outcome"] != "diverged"]

        def place(row: Mapping[str, Any]) -> tuple[bool, float]:
            score = self.score(row)
            return row["outcome"] != "matched", math.inf if score is None else score

        return int(min(ended, key=place)["seed"]) if ended else None

    def only(self, lane: int) -> "CellResult":
        """The cell as if the run in this lane were its only one. Its summary stays that of all."""
        seed = self.runs.seeds[lane]
        alone = replace(self, judged={**self.judged, "runs": [self.row(seed)]})
        # In place of what would be read when asked for.
        vars(alone).update(runs=self.runs.only([seed]), prepared=self.prepared)
        return alone

    @cached_property
    def prepared(self) -> Prepared:
        return Prepared.load(layout.prepared(self.cell.variant))


@dataclass(frozen=True)
class Results:
    """All cells of the study, in the order of params.yaml, and their comparison."""

    params: Params
    cells: list[CellResult]
    comparison: dict[str, Any]
    """As in reports/comparison.json."""

    @classmethod
    def load(cls, params: Params) -> "Results":
        """Read the study in the current folder."""
        return cls(params, load_cells(params), read_json(layout.COMPARISON))

    def of_variant(self, variant: str) -> list[CellResult]:
        """The variant's cells, in the order of the losses."""
        return [result for result in self.cells if result.cell.variant == variant]


def load_cells(params: Params) -> list[CellResult]:
    """Every cell that params.yaml names."""
    return [load_cell(cell) for cell in params.cells]


def load_cell(cell: Cell) -> CellResult:
    """The cell in the current folder."""
    return CellResult(
        cell,
        read_json(layout.metrics(cell.variant, cell.loss)),
        read_json(layout.judged(cell.variant, cell.loss)),
    )


def read_json(path: Path) -> Any:
    """The contents of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Write JSON, the same bytes for the same content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
