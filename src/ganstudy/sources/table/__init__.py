"""Numeric columns of the user's own table."""

from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, field_validator

from ganstudy.core.settings import Unstrict
from ganstudy.core.text import listed
from ganstudy.sources.source import Contents, Dataset, DatasetSettings, path_inside
from ganstudy.sources.transforms import Standardise

TABLES_HOME = Path("data/raw/tables")


class TableSettings(DatasetSettings):
    """Numeric columns of a CSV or Parquet file, standardised to mean 0 and standard deviation 1 of the rows
    trained on."""

    name: Literal["table"]
    path: str
    """Of the file, in data/raw/tables: CSV (also tab-separated or gzipped) or Parquet."""
    columns: Annotated[tuple[str | int | float, ...], Unstrict, Field(min_length=1)] | None = None
    """By name, which may be a number. By default every column."""

    @field_validator("columns")
    @classmethod
    def _distinct(cls, given: tuple[str | int | float, ...] | None) -> tuple[str, ...] | None:
        columns = None if given is None else tuple(map(str, given))
        repeated = sorted({column for column in columns or () if (columns or ()).count(column) > 1})
        if repeated:
            raise ValueError(f"column '{repeated[0]}' is there more than once; give each once")
        return columns


class Table(Dataset):
    """Columns of a CSV or Parquet file in data/raw/tables, standardised by the rows trained on."""

    Settings = TableSettings
    transform = Standardise()
    units = "standard deviations"

    def __init__(self, settings: TableSettings) -> None:
        super().__init__(settings)
        self.path = path_inside(TABLES_HOME, settings.path, "table")
        self.said: list[str] = []

    def load(self) -> Contents:
        """UserError, in a line, if the file is absent, is no table, or has columns that are not numeric."""
        # Here and not above: pandas takes half a second to import, in every stage of every other source.
        from ganstudy.sources.table.columns import TableFile

        file = TableFile(self.path, self.settings.columns)
        columns = file.read()
        self.said = file.said
        return Contents(samples=np.stack(list(columns.values()), axis=1), columns=tuple(columns))

    def task(self) -> str:
        chosen = f", {listed(self.settings.columns)}" if self.settings.columns else ""
        return f"Draw rows like those of {self.settings.path}{chosen}; {self.share_held_out}."

    def notes(self) -> list[str]:
        return [f"{self.path}: {note}" for note in self.said]
