"""Tables as programs and people leave them: read rightly, or refused in a line that says what and where."""

import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ganstudy.core.errors import UserError
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.sources.source import Source
from ganstudy.sources.units import in_original_units
from ganstudy.training.cell import Cell

HOME = Path("data/raw/tables")
N = 20
A = [round(1.5 * i, 1) for i in range(N)]
B = [0.25 + i % 7 for i in range(N)]
Table = Callable[..., Source]


@pytest.fixture(autouse=True)
def study_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    HOME.mkdir(parents=True)


@pytest.fixture
def table(make_cell: Callable[..., Cell]) -> Table:
    """`table(content, name="t.csv", **settings)`: the source of a file with these bytes or this text."""

    def made(content: Any, name: str = "t.csv", **settings: Any) -> Source:
        path = HOME / name
        if isinstance(content, pd.DataFrame):
            content.to_parquet(path)
        elif content is not None:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        cell = make_cell(source={"name": "table", "path": name, "held_out": 0.2, **settings})
        return make_source(cell.recipe.source)

    return made


def rows(form: str, header: str = "a,b", end: str = "\n") -> str:
    """A table of A and B, each row by the form."""
    lines = [
        form.format(i=i, a=a, b=b, ac=comma(a), bc=comma(b))
        for i, (a, b) in enumerate(zip(A, B, strict=True))
    ]
    return end.join([header, *lines]) + end


def comma(x: float) -> str:
    return f"{x}".replace(".", ",")


def loaded(source: Source) -> dict[str, list[float]]:
    source.check()
    contents: Any = source.load()  # type: ignore[attr-defined]  # a Dataset's
    return dict(zip(contents.columns, contents.samples.T.tolist(), strict=True))


PLAIN = rows("{a},{b}")
READ: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "plain": (PLAIN, "t.csv", {}),
    "upper-case suffix": (PLAIN, "T.CSV", {}),
    "spaces and umlauts in the file's name": (PLAIN, "große Tabelle (1).csv", {}),
    "gzipped": (gzip.compress(PLAIN.encode()), "t.csv.gz", {}),
    "gzipped, and not called so": (gzip.compress(PLAIN.encode()), "t.csv", {}),
    "tabs": (rows("{a}\t{b}", "a\tb"), "t.tsv", {}),
    "tabs in a .csv": (rows("{a}\t{b}", "a\tb"), "t.csv", {}),
    "tabs and decimal commas": (rows("{ac}\t{bc}", "a\tb"), "t.csv", {}),
    "semicolons and decimal commas": (rows("{ac};{bc}", "a;b"), "t.csv", {}),
    "semicolons and points": (rows("{a};{b}", "a;b"), "t.csv", {}),
    "quoted decimal commas": (rows('"{ac}","{bc}"'), "t.csv", {}),
    "Excel's first line": ("sep=;\n" + rows("{a};{b}", "a;b"), "t.csv", {}),
    "a byte order mark": (b"\xef\xbb\xbf" + PLAIN.encode(), "t.csv", {}),
    "UTF-16": (PLAIN.encode("utf-16"), "t.csv", {}),
    "Windows line ends": (rows("{a},{b}", end="\r\n"), "t.csv", {}),
    "old Macintosh line ends": (rows("{a},{b}", end="\r"), "t.csv", {}),
    "no last line end": (PLAIN.rstrip(), "t.csv", {}),
    "blank lines": (PLAIN.replace("\n", "\n\n"), "t.csv", {}),
    "comments above": ("# made by a tool\n# on a day\n" + PLAIN, "t.csv", {}),
    "a separator at each row's end": (rows("{a},{b},"), "t.csv", {}),
    "that, with columns chosen": (rows("{a},{b},"), "t.csv", {"columns": ["a", "b"]}),
    "a separator at each line's end": (rows("{a},{b},", "a,b,"), "t.csv", {}),
    "spaces around": (rows(" {a} , {b} ", " a , b "), "t.csv", {"columns": ["a", "b"]}),
    "pandas' index": (rows("{i},{a},{b}", ",a,b"), "t.csv", {}),
    "pandas' index, saved twice": (rows("{i},{a},{b}", "Unnamed: 0,a,b"), "t.csv", {}),
    "R's names of rows": (rows('"row {i}",{a},{b}', '"","a","b"'), "t.csv", {}),
    "R's names of rows without a name": (rows('"row {i}",{a},{b}', '"a","b"'), "t.csv", {}),
    "words beside, not chosen": (rows("{a},x,{b}", "a,word,b"), "t.csv", {"columns": ["a", "b"]}),
    "the path from the study's folder": (PLAIN, "t.csv", {"path": "data/raw/tables/t.csv"}),
    "Parquet": (pd.DataFrame({"a": A, "b": B}), "t.parquet", {}),
    "Parquet with an index": (
        pd.DataFrame({"a": A, "b": B}, index=[f"r{i}" for i in range(N)]),
        "t.parquet",
        {},
    ),
    "Parquet of decimals": (
        pd.DataFrame({"a": [Decimal(str(x)) for x in A], "b": B}),
        "t.parquet",
        {},
    ),
    "Parquet of small types": (
        pd.DataFrame({"a": A, "b": B}).astype({"b": "float16"}),
        "t.parquet",
        {},
    ),
}


@pytest.mark.parametrize(("content", "name", "settings"), READ.values(), ids=READ.keys())
def test_it_is_read_rightly(content: Any, name: str, settings: dict[str, Any], table: Table) -> None:
    assert loaded(table(content, name, **settings)) == {"a": A, "b": B}


@pytest.mark.parametrize("columns", [[2019, 2020], ["2019", "2020"]])
def test_names_may_be_numbers_if_they_are_chosen(columns: list[Any], table: Table) -> None:
    assert loaded(table(rows("{a},{b}", "2019,2020"), columns=columns)) == {"2019": A, "2020": B}


@pytest.mark.parametrize("names", [[0, 1], [0.1, 0.5], ["a", 1]])
def test_parquets_names_are_text(names: list[Any], table: Table) -> None:
    frame = pd.DataFrame({"a": A, "b": B}).set_axis(names, axis=1)
    assert list(loaded(table(frame, "t.parquet", columns=names))) == [str(name) for name in names]


def test_numbers_with_points_between_thousands_and_a_comma(table: Table) -> None:
    content = "a;b\n" + "".join(f"1.{i:03},5;{i}\n" for i in range(N))
    assert loaded(table(content))["a"] == [1000.5 + i for i in range(N)]


def test_numbers_with_commas_between_thousands_and_a_point(table: Table) -> None:
    content = "a,b\n" + "".join(f'"1,{i:03}.5",{i}\n' for i in range(N))
    assert loaded(table(content))["a"] == [1000.5 + i for i in range(N)]


CONSTANT = "".join(f"{i},7\n" for i in range(N))
REFUSED: dict[str, tuple[Any, str, str]] = {
    "one column of decimal commas": ("height\n" + "170,5\n" * N, "t.csv", "row 1 has 2 fields, the header 1"),
    "commas between thousands": ("price\n900\n" + "1,250\n" * N, "t.csv", "row 2 has 2 fields, the header 1"),
    "the same, quoted": (
        "price,n\n" + "".join(f'"1,25{i % 10}",{i}\n' for i in range(N)),
        "t.csv",
        "column 'price' may be read in two ways: '1,250' in row 1 is 1250 or 1.250",
    ),
    "points that may stand between thousands": (
        "a;b\n" + "".join(f"1.25{i % 10};{i},5\n" for i in range(N)),
        "t.csv",
        "column 'a' may be read in two ways: '1.250' in row 1 is 1250 or 1.250",
    ),
    "a name forgotten": (rows("{a},{b},{a}"), "t.csv", "row 1 has 3 fields, the header 2"),
    "a row too long": (PLAIN + "1,2,3\n", "t.csv", f"row {N + 1} has 3 fields, the header 2"),
    "a row too short": (PLAIN + "Total\n", "t.csv", f"row {N + 1} has 1 field, the header 2"),
    "dates with a comma": (rows("Jan {i}, 2019,{b}"), "t.csv", "row 1 has 3 fields, the header 2"),
    "no header": (PLAIN.partition("\n")[2], "t.csv", "the first line should hold the columns' names"),
    "names twice": (rows("{a},{b}", "a,a"), "t.csv", "2 columns are named 'a'; give each its own name"),
    "a column without a name": (rows("{a},{b}", "a,"), "t.csv", "column 2 has no name"),
    "leading zeros": (
        rows("0{i:04},{b}"),
        "t.csv",
        "column 'a' is a code, not a number ('00000' in row 1 would lose its zero)",
    ),
    "whole numbers beyond 2^53": (
        rows("9007199254740993,{b}"),
        "t.csv",
        "column 'a' holds whole numbers beyond 2^53 (9007199254740993 in row 1)",
    ),
    "the same in Parquet": (
        pd.DataFrame({"a": np.arange(N) + 2**53 + 1, "b": B}),
        "t.parquet",
        "column 'a' holds whole numbers beyond 2^53 (9007199254740993 in row 1)",
    ),
    "what differs in the 16th digit": (
        "a,b\n" + "".join(f"{1e15 + i:.0f},{i}\n" for i in range(N)),
        "t.csv",
        "column 'a' varies only after the tenth digit; subtract what all have in common",
    ),
    "a dash": (PLAIN + "-,1\n", "t.csv", f"column 'a' has no finite number in row {N + 1} ('-')"),
    "a gap": (PLAIN + ",1\n", "t.csv", f"column 'a' has no finite number in row {N + 1}; fill or drop it"),
    "inf": (PLAIN + "inf,1\n", "t.csv", f"column 'a' has no finite number in row {N + 1} ('inf')"),
    "a number too large to be one": (PLAIN + "1e999,1\n", "t.csv", f"no finite number in row {N + 1}"),
    "a row of units": (
        PLAIN.replace("a,b\n", "a,b\ncm,kg\n"),
        "t.csv",
        "column 'a' is not numeric ('cm' in row 1); correct or drop that row",
    ),
    "a footer": (PLAIN + "Total,9\n", "t.csv", f"'Total' in row {N + 1}); correct or drop that row"),
    "currency": (rows("${a},{b}"), "t.csv", "column 'a' is not numeric ('$0.0' in row 1)"),
    "words": (rows("red,{b}"), "t.csv", "column 'a' is not numeric ('red' in row 1); leave it out"),
    "True and False": (rows("True,{b}"), "t.csv", "('True' in row 1); write 1 and 0, or leave it out"),
    "a quote that is never closed": (PLAIN.replace("4.5,", '"4.5,', 1), "t.csv", "is a quote never closed?"),
    "NUL bytes": (PLAIN.replace("3", "\0", 1), "t.csv", "holds a NUL byte"),
    "an Excel workbook": (
        b"PK\x03\x04" + bytes(99),
        "t.csv",
        "is an Excel workbook or a zip archive, not text",
    ),
    "an old one": (b"\xd0\xcf\x11\xe0" + bytes(99), "t.csv", "is an old Excel workbook, not text"),
    "Parquet by another name": (b"PAR1" + bytes(99), "t.csv", "is a Parquet file; name it .parquet"),
    "a page": ("<!DOCTYPE html>\n<html>", "t.csv", "is a page of HTML or XML; download the table itself"),
    "a torn archive": (gzip.compress(PLAIN.encode())[:-9], "t.csv.gz", "cannot be unpacked"),
    "an outlier": (
        PLAIN + "1e30,1\n",
        "t.csv",
        f"beside 1e+30 in row {N + 1} of column 'a' the other values are one and the same",
    ),
    "enormous values": (rows("{a}e160,{b}"), "t.csv", "beyond 1e+152; correct it or choose another unit"),
    "tiny values": (rows("{a}e-200,{b}"), "t.csv", "column 'a' varies by less than 1e-152"),
    "subnormal values": (rows("{i}e-323,{b}"), "t.csv", "column 'a' varies by less than 1e-152"),
    "a constant": ("a,b\n" + CONSTANT, "t.csv", "column 'b' is constant; leave it out with `columns`"),
    "names in levels": (
        pd.DataFrame({("a", "x"): A, ("b", "y"): B}),
        "t.parquet",
        "names of columns have several levels; join them into one",
    ),
    "lists": (pd.DataFrame({"a": [[1.0]] * N, "b": B}), "t.parquet", "column 'a' is not numeric"),
    "durations": (
        pd.DataFrame({"a": pd.to_timedelta(A, unit="s"), "b": B}),
        "t.parquet",
        "column 'a' is not numeric",
    ),
    "a gap among whole numbers": (
        pd.DataFrame({"a": pd.array([None, *range(N - 1)], dtype="Int64"), "b": B}),
        "t.parquet",
        "column 'a' has no finite number in row 1; fill or drop it",
    ),
}


@pytest.mark.parametrize(("content", "name", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_in_a_line_that_says_what_and_where(
    content: Any, name: str, said: str, table: Table
) -> None:
    with pytest.raises(UserError) as caught:
        table(content, name).check()
    message = str(caught.value)
    assert said in message
    assert message.startswith(str(HOME / name))
    assert "\n" not in message


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (rows("{ac};{bc}", "a;b"), "columns are separated by semicolons"),
        (rows("{ac};{bc}", "a;b"), "decimals are written with a comma"),
        (rows("{i},{a},{b}", ",a,b"), "column 1 left out: it numbers or names the rows"),
        (rows('"row {i}",{a},{b}', '"a","b"'), "left out as the row's name"),
        (rows("{a},{b}", "a,größe").encode("latin-1"), "read as Windows-1252"),
        ("# made by a tool\n" + PLAIN, "1 comment line above the names left out"),
        (rows("{a},{b},"), "each row ends with a separator"),
    ],
)
def test_what_was_taken_for_what_is_said(content: Any, note: str, table: Table) -> None:
    source = table(content)
    source.check()
    assert any(note in said for said in source.notes()), source.notes()


def test_of_a_plain_table_there_is_nothing_to_say(table: Table) -> None:
    source = table(PLAIN)
    source.check()
    assert source.notes() == []


def test_a_link_to_nothing_is_no_table(table: Table) -> None:
    (HOME / "t.csv").symlink_to("elsewhere.csv")
    with pytest.raises(UserError, match=r"t\.csv: links to nothing; mend the link or remove it"):
        table(None).check()


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.95, "leaves 1 to train on"), (0.99, "leaves 0 to train on"), (0.01, "leaves 1 to hold out")],
)
def test_either_part_has_more_than_one_row(share: float, said: str, table: Table) -> None:
    with pytest.raises(UserError, match=rf"held_out: {share} of {N} samples {said}; needs 2"):
        table(PLAIN, held_out=share).check()


def test_scaling_follows_from_the_rows_trained_on_alone(table: Table) -> None:
    """Whatever the held-out rows are: an enormous one moves nothing."""
    before = Prepared.of(table(PLAIN))
    held_out = in_original_units(before.held_out, before.description)
    changed = pd.DataFrame({"a": A, "b": B})
    changed.loc[int(np.argmin(abs(changed["a"] - held_out[0, 0]))), "a"] = 1e4
    after = Prepared.of(table(changed, "t.parquet"))
    np.testing.assert_array_equal(after.train, before.train)
    assert after.description["transform"] == before.description["transform"]
    assert after.held_out.max() > 100


def test_a_column_that_is_constant_where_it_is_trained_on_is_refused(table: Table) -> None:
    prepared = Prepared.of(table(pd.DataFrame({"a": A, "b": B}), "t.parquet"))
    held_out = in_original_units(prepared.held_out, prepared.description)[0, 0]
    flag = (abs(np.array(A) - held_out) < 0.1).astype(int)
    with pytest.raises(
        UserError, match=r"column 'flag' is constant in the rows trained on \(only 1 held-out row"
    ):
        table(pd.DataFrame({"a": A, "flag": flag}), "t.parquet").check()


def test_the_largest_numbers_there_are_come_back(table: Table) -> None:
    content = pd.DataFrame({"a": np.array(A) * 1e150, "b": np.array(B) * 1e-150})
    prepared = Prepared.of(table(content, "t.parquet"))
    back = in_original_units(prepared.train, prepared.description)
    assert set(np.round(back[:, 0] / 1e150, 3)) <= set(A)
