"""A finished study, read back from its files for reports and tracking."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ganstudy.core.files import read_json
from ganstudy.metrics.registry import score_of
from ganstudy.results import paths
from ganstudy.results.run_files import load_runs
from ganstudy.sources.prepared import Prepared
from ganstudy.study.params import Params
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs


@dataclass(frozen=True)
class CellResult:
    """What is known of a cell. The arrays are read when asked for."""

    cell: Cell
    summary: dict[str, Any]
    """As in reports/metrics, one number a key."""
    judged: dict[str, Any]
    """As in reports/runs: every run's metrics beside target, floor and tolerance."""

    @cached_property
    def runs(self) -> Runs:
        """The trained runs, from data/runs."""
        return load_runs(paths.runs(self.cell.variant, self.cell.loss))

    def row(self, seed: int) -> dict[str, Any]:
        """What was found of one run."""
        return next(row for row in self.judged["runs"] if row["seed"] == seed)

    @property
    def score_name(self) -> str | None:
        """The metric that the losses of the cell's variant are compared by; None if none says anything."""
        return score_of(self.judged["metrics"])

    def score(self, metrics: Mapping[str, Any]) -> float | None:
        """How far samples with these metrics are from the data, in floors: what all variants have in common.
        1 is as far as a perfect sampler's may be."""
        if (name := self.score_name) is None:
            return None
        error, floor = metrics.get(f"{name}_error"), self.judged["metrics"][name]["floor"]
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

    def only(self, replica: int) -> "CellResult":
        """The cell as if the run in this replica were its only one. Its summary stays that of all."""
        seed = self.runs.seeds[replica]
        alone = replace(self, judged={**self.judged, "runs": [self.row(seed)]})
        # In place of what would be read when asked for.
        vars(alone).update(runs=self.runs.only([seed]), prepared=self.prepared)
        return alone

    @cached_property
    def prepared(self) -> Prepared:
        """The variant's real data, from data/prepared."""
        return Prepared.load(paths.prepared(self.cell.variant))


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
        return cls(params, load_cells(params), read_json(paths.COMPARISON))

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
        read_json(paths.metrics(cell.variant, cell.loss)),
        read_json(paths.judged(cell.variant, cell.loss)),
    )
