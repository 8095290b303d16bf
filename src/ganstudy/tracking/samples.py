"""Generated samples as a table that MLflow shows in the page."""

from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from ganstudy.sources.units import columns, in_original_units

TABLE_ROWS, TABLE_VALUES = 1000, 50_000
"""At most so many samples, and so many numbers: an image has hundreds."""


def sample_table(samples: dict[int, NDArray[np.float32]], description: dict[str, Any]) -> bytes:
    """The first samples of each seed as CSV, in original units, `[n, *shape]` each.

    `description` is the prepared data's. However many seeds there are, the table is as long.
    """
    names = ["seed", *columns(description)]
    rows = max(1, min(TABLE_ROWS, TABLE_VALUES // (len(names) - 1)) // len(samples))
    shown = {seed: values[:rows] for seed, values in samples.items()}
    table = in_original_units(np.concatenate(list(shown.values())), description).astype(np.float32)
    seeds = np.repeat(list(shown), [len(values) for values in shown.values()])
    table = table.reshape(len(table), -1)
    written = BytesIO()
    csv.write_csv(pa.Table.from_arrays([pa.array(seeds), *map(pa.array, table.T)], names), written)
    return written.getvalue()
