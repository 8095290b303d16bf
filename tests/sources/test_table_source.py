"""The user's own table."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ganstudy.core.errors import UserError
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.sources.table import Table
from ganstudy.sources.units import in_original_units
from ganstudy.training.cell import Cell

HOME = Path("data/raw/tables")
ROWS = 50


@pytest.fixture(autouse=True)
def study_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are looked for in the study's folder."""
    monkeypatch.chdir(tmp_path)
    HOME.mkdir(parents=True)


@pytest.fixture
def table_of(make_cell: Callable[..., Cell]) -> Callable[..., Table]:
    """`table_of(path, **settings)`"""

    def made(path: str, **settings: Any) -> Table:
        cell = make_cell(source={"name": "table", "path": path, **settings})
        source = make_source(cell.recipe.source)
        assert isinstance(source, Table)
        return source

    return made


def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "height": 170 + 10 * rng.standard_normal(ROWS),
            "age": rng.integers(18, 90, ROWS),
            "name": [f"person {i}" for i in range(ROWS)],
        }
    )


def write(name: str, table: pd.DataFrame) -> None:
    path = HOME / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        table.to_csv(path, index=False)
    else:
        table.to_parquet(path, index=False)


@pytest.mark.parametrize("name", ["people.csv", "people.parquet", "2024/people.csv"])
def test_columns_are_standardised_and_the_inverse_gives_them_back(
    name: str, table_of: Callable[..., Table]
) -> None:
    write(name, frame())
    source = table_of(name, columns=["age", "height"])
    contents = source.load()
    assert contents.columns == ("age", "height")
    np.testing.assert_allclose(contents.samples, frame()[["age", "height"]], rtol=1e-14)
    # By the rows trained on alone: held-out ones may lie where they will.
    prepared = Prepared.of(source)
    assert prepared.train.dtype == np.float32
    np.testing.assert_allclose(prepared.train.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(prepared.train.std(axis=0), 1, rtol=1e-5)
    assert abs(prepared.held_out.mean(axis=0)).max() > 1e-3


def test_every_column_is_taken_by_default(table_of: Callable[..., Table]) -> None:
    write("people.csv", frame().drop(columns="name"))
    assert table_of("people.csv").load().columns == ("height", "age")


def test_the_inverse_and_the_columns_are_kept_with_the_prepared_data(table_of: Callable[..., Table]) -> None:
    write("people.csv", frame())
    prepared = Prepared.of(table_of("people.csv", columns=["height", "age"]))
    description = prepared.description
    assert description["columns"] == ["height", "age"]
    assert description["shape"] == [2]
    restored = in_original_units(np.concatenate([prepared.train, prepared.held_out]), description)
    original = frame()[["height", "age"]].to_numpy()
    np.testing.assert_allclose(
        restored[restored[:, 0].argsort()], original[original[:, 0].argsort()], rtol=1e-5
    )


def spoilt(column: str, row: int, value: Any) -> pd.DataFrame:
    table = frame().astype({column: float})
    table.loc[row, column] = value
    return table


# What is written where, the settings, and what the error must say besides the file.
UNUSABLE: dict[str, tuple[str, pd.DataFrame | bytes | None, dict[str, Any], str]] = {
    "absent": ("people.csv", None, {}, "no such file; put the table there or correct `path`"),
    "empty": ("people.csv", b"", {}, "is empty; the first line should hold the columns' names"),
    "torn": ("people.parquet", b"PAR1 and then nothing", {}, "cannot be read"),
    "binary": ("people.csv", b"\xff\xfe\x00\x01\n" * 19, {}, "damaged UTF-16 text; save it as UTF-8"),
    "ragged": ("people.csv", b"a,b\n" + b"1,2\n" * 20 + b"1,2,3\n", {}, "row 21 has 3 fields, the header 2"),
    "without rows": ("people.csv", b"height,age\n", {}, "0 rows of 2 columns; needs at least 10 rows"),
    "with few rows": ("people.csv", frame()[:9], {}, "9 rows of 3 columns; needs at least 10 rows"),
    "with words": (
        "people.csv",
        frame(),
        {},
        "column 'name' is not numeric ('person 0' in row 1); leave it out with `columns`",
    ),
    "with truth": (
        "people.csv",
        frame()[["age"]].assign(adult=[True, False] * (ROWS // 2)),
        {},
        "column 'adult' is not numeric",
    ),
    "with a gap": (
        "people.csv",
        spoilt("age", 16, np.nan),
        {"columns": ["age"]},
        "column 'age' has no finite number in row 17; fill or drop it",
    ),
    "with infinity": (
        "people.parquet",
        spoilt("height", 0, np.inf),
        {"columns": ["height"]},
        "column 'height' has no finite number in row 1; fill or drop it",
    ),
    "with a constant": (
        "people.csv",
        frame()[["age"]].assign(planet=3),
        {},
        "column 'planet' is constant; leave it out with `columns`",
    ),
    "without the column": (
        "people.csv",
        frame(),
        {"columns": ["height", "agee"]},
        "no column 'agee'; did you mean 'age'?",
    ),
    "without anything like it": (
        "people.csv",
        frame(),
        {"columns": ["iq"]},
        "no column 'iq'; allowed: height, age, name",
    ),
    "with another suffix": ("people.xlsx", b"", {}, "should end in .csv, .tsv, .csv.gz, .tsv.gz or .parquet"),
}


@pytest.mark.parametrize("case", UNUSABLE.values(), ids=UNUSABLE)
def test_a_table_that_cannot_be_used_says_why(
    case: tuple[str, pd.DataFrame | bytes | None, dict[str, Any], str], table_of: Callable[..., Table]
) -> None:
    name, content, settings, complaint = case
    if isinstance(content, bytes):
        (HOME / name).write_bytes(content)
    elif content is not None:
        write(name, content)
    source = table_of(name, **settings)
    for use in (source.load, source.check):
        with pytest.raises(UserError) as error:
            use()
        message = str(error.value)
        assert message.startswith(f"{HOME / name}: ")
        assert complaint in message
        assert "\n" not in message


@pytest.mark.parametrize("path", ["../elsewhere.csv", "/etc/people.csv", "a/../../elsewhere.csv", "."])
def test_a_table_outside_its_folder_is_refused_though_it_exists(
    path: str, table_of: Callable[..., Table], tmp_path: Path
) -> None:
    (tmp_path / "data/raw/elsewhere.csv").write_text(frame().to_csv())
    with pytest.raises(UserError, match=r"table: path '.*' must lie inside data/raw/tables") as error:
        table_of(path).check()
    assert repr(path) in str(error.value)


def test_a_folder_is_no_table(table_of: Callable[..., Table]) -> None:
    (HOME / "people.csv").mkdir()
    with pytest.raises(UserError, match=r"people\.csv: is a folder; name a file in it"):
        table_of("people.csv").check()


def test_a_good_table_passes_the_check_and_nothing_is_written(
    table_of: Callable[..., Table], tmp_path: Path
) -> None:
    write("people.csv", frame())
    table_of("people.csv", columns=["age"]).check()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["people.csv"]
