"""Numeric columns of the user's own table."""

from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from ganstudy.params.recipe import TableSource
from ganstudy.params.setting import UserError, nearest
from ganstudy.sources.source import Contents, Dataset

HOME = Path("data/raw/tables")


class Table(Dataset):
    """Columns of a CSV or Parquet file in data/raw/tables, standardised; the inverse is kept."""

    units = "standard deviations"

    def __init__(self, settings: TableSource) -> None:
        super().__init__(settings)
        self.path = HOME / settings.path

    def load(self) -> Contents:
        frame = self._read()
        values = frame.to_numpy(dtype=np.float64)
        offset, scale = values.mean(axis=0), values.std(axis=0)
        return Contents(
            samples=((values - offset) / scale).astype(np.float32),
            offset=offset,
            scale=scale,
            columns=tuple(frame.columns),
        )

    def _read(self) -> pd.DataFrame:
        if HOME not in self.path.parents or ".." in self.path.parts:
            raise UserError(f"table: path '{self.settings.path}' must lie inside {HOME}, which DVC watches")
        try:
            match self.path.suffix:
                case ".csv":
                    frame = pd.read_csv(self.path)
                case ".parquet":
                    frame = pd.read_parquet(self.path)
                case _:
                    raise UserError(f"{self.path}: should end in .csv or .parquet")
        except FileNotFoundError:
            raise UserError(f"{self.path}: no such file; put the table there or correct `path`") from None
        except (ValueError, OSError) as error:
            raise UserError(f"{self.path}: cannot be read: {' '.join(str(error).split())}") from None
        return self._checked(frame)

    def _checked(self, frame: pd.DataFrame) -> pd.DataFrame:
        for column in self.settings.columns or ():
            if column not in frame:
                raise UserError(f"{self.path}: no column '{column}'; {nearest(column, [*map(str, frame)])}")
        frame = frame[list(self.settings.columns)] if self.settings.columns else frame
        if len(frame) < 10 or frame.columns.empty:
            raise UserError(
                f"{self.path}: {len(frame)} rows of {len(frame.columns)} columns; needs at least 10 rows"
            )
        for column in frame:
            values = frame[column]
            if not is_numeric_dtype(values) or is_bool_dtype(values):
                raise UserError(f"{self.path}: column '{column}' is not numeric; leave it out with `columns`")
            finite = np.isfinite(values.to_numpy(dtype=float, na_value=np.nan))
            if not finite.all():
                row = int(finite.argmin())
                raise UserError(
                    f"{self.path}: column '{column}' has no finite number in row {row + 1}; fill or drop it"
                )
            if values.nunique() == 1:
                raise UserError(f"{self.path}: column '{column}' is constant; leave it out with `columns`")
        return frame
