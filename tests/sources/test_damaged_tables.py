"""Tables damaged at random: a clear line, or the right numbers. No traceback, no warning, no others."""

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fuzzing import damaged
from hypothesis import given
from hypothesis import strategies as st

from ganstudy.core.errors import UserError
from ganstudy.sources.table import TABLES_HOME, Table, TableSettings

N = 30
COLUMNS = {
    "a": [round(12.5 + 3 * i % 7, 2) for i in range(N)],
    "b": [1000.25 * (1 + i % 11) for i in range(N)],
    "c": [float(i * i % 13) for i in range(N)],
}
FRAME = pd.DataFrame(COLUMNS)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    TABLES_HOME.mkdir(parents=True)


def outcome(content: bytes, name: str) -> dict[str, list[float]] | str:
    """What is read of a file with these bytes, by column, or the line that refuses it. A warning is a
    failure."""
    path = TABLES_HOME / name
    path.write_bytes(content)
    source = Table(TableSettings.model_validate({"name": "table", "path": name}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            source.check()
            contents = source.load()
        except UserError as error:
            message = str(error)
            assert "\n" not in message, message
            assert str(path) in message or "held_out" in message or "column '" in message, message
            return message
    assert contents.columns is not None
    assert np.isfinite(contents.samples).all()
    return dict(zip(contents.columns, contents.samples.T.tolist(), strict=True))


def number(x: float, decimal: str, thousands: str) -> str:
    text = f"{x:,.2f}" if thousands else f"{x:.2f}"
    return text.replace(",", "\0").replace(".", decimal).replace("\0", thousands)


@damaged(60)
@given(
    separator=st.sampled_from(",;\t|"),
    decimal=st.sampled_from(".,"),
    thousands=st.sampled_from(["", "", "", ",", ".", " ", "'"]),
    quote=st.booleans(),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le"]),
    index=st.sampled_from(["", "unnamed", "no name"]),
    trailing=st.booleans(),
    header=st.booleans(),
    name=st.sampled_from(["a", "größe", "2019", ""]),
)
def test_a_table_written_in_any_way_is_read_rightly_or_refused(
    separator: str,
    decimal: str,
    thousands: str,
    quote: bool,
    end: str,
    encoding: str,
    index: str,
    trailing: bool,
    header: bool,
    name: str,
) -> None:
    def line(fields: list[str]) -> str:
        return separator.join(f'"{field}"' if quote else field for field in fields) + separator * trailing

    names = [name, "b", "c"]
    rows = [
        [
            *([str(i)] if index else []),
            *(number(column[i], decimal, thousands) for column in COLUMNS.values()),
        ]
        for i in range(N)
    ]
    heads = [*([""] if index == "unnamed" else []), *names]
    text = end.join([*([line(heads)] if header else []), *map(line, rows)]) + end
    found = outcome(text.encode(encoding, errors="replace"), "t.csv")
    if isinstance(found, dict):
        assert header
        assert list(found.values()) == list(COLUMNS.values())
        assert set(found) <= {*names, "gr��e"}


@damaged(150)
@given(data=st.data())
def test_a_damaged_text_ends_in_a_line_or_in_numbers(data: st.DataObject) -> None:
    content = bytearray(FRAME.to_csv(index=False).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["flip", "insert", "cut", "repeat"])):
            case "flip":
                content[at] = data.draw(st.integers(0, 255))
            case "insert":
                content[at:at] = data.draw(
                    st.one_of(
                        st.binary(max_size=6),
                        st.sampled_from([b'"', b",", b";", b"\n", b"1e400", b"\0", b"NA"]),
                    )
                )
            case "cut":
                del content[at : at + data.draw(st.integers(1, 200))]
            case "repeat":
                content[at:at] = content[at : at + data.draw(st.integers(1, 50))]
        if not content:
            content = bytearray(b"\n")
    outcome(bytes(content), "t.csv")


@damaged(40)
@given(data=st.data())
def test_damaged_parquet_ends_in_a_line_or_in_numbers(data: st.DataObject) -> None:
    file = io.BytesIO()
    FRAME.to_parquet(file)
    content = bytearray(file.getvalue())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[at] = data.draw(st.integers(0, 255))
        else:
            del content[at:]
            content += b"x"
    outcome(bytes(content), "t.parquet")


VALUES: dict[str, Callable[[float], Any]] = {
    "tiny": lambda x: x * 1e-300,
    "huge": lambda x: x * 1e300,
    "offset": lambda x: x + 1e17,
    "outlier": lambda x: x * 1e200 if x > 20 else x,
    "infinite": lambda x: np.inf if x > 20 else x,
    "gap": lambda x: np.nan if x > 20 else x,
    "rounding": lambda x: 1.0 + (x > 20) * 2e-16,
    "flag": lambda x: float(x > 18),
    "rare": lambda x: float(x == COLUMNS["a"][3]),
    "constant": lambda x: 1.0,
    "as it is": lambda x: x,
}


@damaged(40)
@given(
    kinds=st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=3),
    name=st.sampled_from(["t.csv", "t.parquet"]),
)
def test_numbers_of_any_size_end_in_a_line_or_in_the_same_numbers(kinds: list[str], name: str) -> None:
    frame = pd.DataFrame({f"c{i}": [VALUES[kind](x) for x in COLUMNS["a"]] for i, kind in enumerate(kinds)})
    file = io.BytesIO()
    if name.endswith("csv"):
        frame.to_csv(file, index=False)
    else:
        frame.to_parquet(file)
    found = outcome(file.getvalue(), name)
    if isinstance(found, dict):
        for column, values in found.items():
            np.testing.assert_allclose(values, frame[column], rtol=1e-15)
