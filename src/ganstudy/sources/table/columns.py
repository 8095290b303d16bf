"""The columns of a table's file as numbers, whatever its format."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from ganstudy.core.errors import UserError, nearest
from ganstudy.sources.table.csv_file import Columns, is_row_names, read_text
from ganstudy.sources.table.numbers import (
    EXACT_INTEGERS,
    NotNumericError,
    has_decimal_commas,
    is_number,
    parse_numbers,
)

TEXTS = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
TABLE_KINDS = (*TEXTS, ".parquet")
FEWEST_ROWS = 10
"""Rows that a table must have."""
UNNAMED = ("", "unnamed: 0")
"""What the index is called, in small letters, in a table that was saved along with it."""
LARGEST = 1e152
"""The square of a larger number is beyond double precision, as that of its inverse is below it."""
LEAST_RELATIVE_SPREAD = 1e-10
"""Standard deviation, over the largest value, from which on double precision keeps the values apart."""

Named = dict[str, NDArray[np.float64]]


class TableFile:
    """A file, and which of its columns are wanted: by name, or all."""

    def __init__(self, path: Path, columns: Sequence[str] | None = None) -> None:
        self.path, self.columns = path, columns
        self.said: list[str] = []
        """What was taken for what, a line each."""

    def read(self) -> Named:
        """The wanted columns by name, in order, `[rows]` each. UserError, in a line, if the file is absent,
        is no table, or has columns that are not numeric."""
        if not self.path.name.lower().endswith(TABLE_KINDS):
            raise UserError(f"{self.path}: should end in {', '.join(TABLE_KINDS[:-1])} or {TABLE_KINDS[-1]}")
        if self.path.is_dir():
            raise UserError(f"{self.path}: is a folder; name a file in it")
        if not self.path.is_file():
            if self.path.is_symlink():
                raise UserError(f"{self.path}: links to nothing; mend the link or remove it")
            raise UserError(f"{self.path}: no such file; put the table there or correct `path`")
        self.said = []
        try:
            columns = (
                self._of_text(read_text(self.path))
                if self.path.name.lower().endswith(TEXTS)
                else self._of_parquet()
            )
        except OSError as error:
            said = " ".join(str(error.strerror or error).split())
            raise UserError(f"{self.path}: cannot be read ({said[:200]})") from None
        for name, values in columns.items():
            self._judge(name, values)
        return columns

    # ---- Either format to columns of numbers

    def _of_text(self, table: Columns) -> Named:
        self.said += table.notes
        named = self._chosen(table.names, lambda i: is_row_names(table.values[i]))
        if not self.columns and any(map(is_number, named)):
            raise UserError(
                f"{self.path}: the first line should hold the columns' names, and holds numbers "
                f"('{next(filter(is_number, named))}'); add a line of names, or list them under `columns`"
            )
        self._many_enough(len(table.values[0]) if table.values else 0, len(named))
        texts = {name: table.values[i] for name, i in named.items()}
        commas = any(map(has_decimal_commas, texts.values()))
        found = {}
        for name, text in texts.items():
            try:
                found[name], note = parse_numbers(text, table.separator, commas)
            except NotNumericError as error:
                raise UserError(f"{self.path}: column '{name}' {error}") from None
            if note and note not in self.said:
                self.said.append(note)
        return found

    def _of_parquet(self) -> Named:
        try:
            frame = pd.read_parquet(self.path)
        except Exception as error:  # a damaged file makes its reader raise whatever it meets
            said = " ".join(str(error).split()) or type(error).__name__
            raise UserError(f"{self.path}: cannot be read: {said[:200]}") from None
        if isinstance(frame.columns, pd.MultiIndex):
            raise UserError(f"{self.path}: names of columns have several levels; join them into one")
        if not isinstance(frame.index, pd.RangeIndex):
            self.said.append("the index left out: it names rows")
        named = self._chosen([str(name).strip() for name in frame.columns], lambda i: False)
        self._many_enough(len(frame), len(named))
        return {name: self._numeric(name, frame.iloc[:, i]) for name, i in named.items()}

    def _numeric(self, name: str, column: "pd.Series[Any]") -> NDArray[np.float64]:
        """A column of Parquet as numbers."""
        gap = column.isna()
        if gap.any():
            row = int(gap.to_numpy().argmax()) + 1
            raise UserError(
                f"{self.path}: column '{name}' has no finite number in row {row}; fill or drop it"
            )
        if column.dtype == object and all(isinstance(value, Decimal) for value in column):
            column = column.astype(float)
        if not is_numeric_dtype(column) or is_bool_dtype(column) or column.dtype.kind == "c":
            kind = "True or False" if is_bool_dtype(column) else str(column.dtype)
            raise UserError(
                f"{self.path}: column '{name}' is not numeric ({kind}); leave it out with `columns`"
            )
        if (
            column.dtype.kind in "iu"
            and (beyond := (column > EXACT_INTEGERS) | (column < -EXACT_INTEGERS)).any()
        ):
            row = int(beyond.to_numpy().argmax()) + 1
            raise UserError(
                f"{self.path}: column '{name}' holds whole numbers beyond 2^53 ({column.iloc[row - 1]} in "
                f"row {row}), which lose their last digits; leave it out with `columns`"
            )
        values = column.to_numpy(dtype=np.float64)
        if not np.isfinite(values).all():
            row = int(np.isfinite(values).argmin()) + 1
            raise UserError(
                f"{self.path}: column '{name}' has no finite number in row {row}; fill or drop it"
            )
        return values

    # ---- What is wanted of it

    def _chosen(self, names: Sequence[str], is_index: Any) -> dict[str, int]:
        """The places of the columns that the settings choose, by name. UserError if there is none of that
        name, or more than one."""
        places = list(range(len(names)))
        if self.columns is None:
            if names and names[0].lower() in UNNAMED and is_index(0):
                self.said.append(f"column {names[0] or 1!r} left out: it numbers or names the rows")
                places = places[1:]
            wanted = [names[i] for i in places]
        else:
            wanted = [str(name) for name in self.columns]
        for name in wanted:
            known = [other for other in names if other]
            if not name:
                place = names.index(name) + 1
                raise UserError(f"{self.path}: column {place} has no name; give it one, or choose `columns`")
            if (times := names.count(name)) > 1:
                raise UserError(f"{self.path}: {times} columns are named '{name}'; give each its own name")
            if not times:
                raise UserError(f"{self.path}: no column '{name}'; {nearest(name, known)}")
        return {name: names.index(name) for name in wanted}

    def _many_enough(self, rows: int, columns: int) -> None:
        if rows < FEWEST_ROWS or not columns:
            raise UserError(
                f"{self.path}: {rows} rows of {columns} columns; needs at least {FEWEST_ROWS} rows"
            )

    def _judge(self, name: str, values: NDArray[np.float64]) -> None:
        """UserError if training in single precision would lose what the column holds."""
        largest = np.abs(values).max()
        if (values == values[0]).all():
            raise UserError(f"{self.path}: column '{name}' is constant; leave it out with `columns`")
        if largest > LARGEST:
            row = int(np.abs(values).argmax()) + 1
            raise UserError(
                f"{self.path}: column '{name}' has {values[row - 1]:g} in row {row}, beyond {LARGEST:g}; "
                "correct it or choose another unit"
            )
        std = (values / largest).std()
        if std * largest < 1 / LARGEST:
            raise UserError(
                f"{self.path}: column '{name}' varies by less than {1 / LARGEST:g}; choose another unit"
            )
        if std < LEAST_RELATIVE_SPREAD:
            raise UserError(
                f"{self.path}: column '{name}' varies only after the tenth digit; subtract what all have in "
                "common, or leave it out with `columns`"
            )
        scaled = ((values - values.mean()) / (std * largest)).astype(np.float32)
        if 2 * len(np.unique(scaled)) < len(np.unique(values)):
            row = int(np.abs(scaled).argmax()) + 1
            raise UserError(
                f"{self.path}: beside {values[row - 1]:g} in row {row} of column '{name}' the other values "
                "are one and the same in single precision; correct it or drop that row"
            )
