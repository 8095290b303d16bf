"""Delimited text as people have it: its columns as text, and what was taken for what.

What could be read in two ways is refused. A wrong guess would make wrong numbers, in silence.
"""

import csv
import gzip
import zlib
from collections.abc import Sequence
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from ganstudy.core.errors import UserError

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MOST_BYTES = 400 * 2**20
"""A larger text would need more than 2 GB of memory to be read."""
LOOKED_AT = 200
"""Lines from which the separator is told."""
WORKBOOKS = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
}
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""Byte order marks, and the encodings that they announce."""


class Columns(NamedTuple):
    """Columns of text under their names, in the order of the file."""

    names: list[str]
    values: list[pa.ChunkedArray]
    separator: str
    notes: list[str]
    """What was taken for what, a line each."""


def read_text(path: Path) -> Columns:
    """The columns of a delimited text file, gzipped or not. UserError, in a line, if it is none, if it could
    be read in two ways, or if a row has more or fewer fields than the header."""
    notes: list[str] = []
    text = StringIO(_decoded(path, notes), newline="")
    separator = _separator(path, text, notes)
    names = _header(path, text, separator)
    body = text.read()
    width, values = _body(path, body, separator, names)
    if width == len(names) + 1:
        # R quotes the names of rows, which no date with a comma is.
        names, values = _one_name_short(path, names, values, body.lstrip().startswith('"'), notes)
    names, values = _without_empty(names, values, notes)
    if separator != ",":
        notes.append(f"columns are separated by {SEPARATORS[separator]}")
    return Columns(names, values, separator, notes)


def _decoded(path: Path, notes: list[str]) -> str:
    content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b"\0" * (MOST_BYTES + 1)
    if content[:2] == b"\x1f\x8b":
        try:
            with gzip.open(BytesIO(content)) as file:
                content = file.read(MOST_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise UserError(f"{path}: cannot be unpacked ({error}); fetch it again") from None
    if len(content) > MOST_BYTES:
        raise UserError(f"{path}: more than {MOST_BYTES >> 20} MB of text; save the table as Parquet")
    for start, kind in WORKBOOKS.items():
        if content.startswith(start):
            raise UserError(f"{path}: is {kind}, not text; export the table from it as CSV")
    if content[:4] == b"PAR1":
        raise UserError(f"{path}: is a Parquet file; name it .parquet")
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise UserError(f"{path}: damaged {encoding.upper()} text; save it as UTF-8") from None
        text = content.decode("cp1252", errors="replace")
        notes.append("its text is read as Windows-1252, since it is not UTF-8")
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise UserError(f"{path}: line {line} holds a NUL byte, as no text does; save the table as UTF-8")
    if text.lstrip()[:1] == "<":
        raise UserError(f"{path}: is a page of HTML or XML; download the table itself")
    return text


def _separator(path: Path, text: StringIO, notes: list[str]) -> str:
    """What separates the columns. Leaves `text` before its header."""
    first = text.readline()
    told = first.strip().strip('"').lower()
    if told.startswith("sep=") and len(told) == 5 and told[4] in SEPARATORS:
        return told[4]
    if first.strip().lower() in ("sep=", 'sep=""'):  # of a tab only the name is left
        return "\t"
    start = _after_comments(text, first, notes)
    lines = [line for line in islice(text, LOOKED_AT) if line.strip()]
    text.seek(start)
    counts = {separator: [len(row) for row in _records(path, lines, separator)] for separator in SEPARATORS}
    split = {separator: of for separator, of in counts.items() if of and of[0] > 1}
    fitting = [separator for separator, of in split.items() if set(of) == {of[0]}]
    if len(fitting) > 1:
        words = " and ".join(SEPARATORS[separator] for separator in fitting)
        raise UserError(f"{path}: {words} would split every line alike; keep one of them as the separator")
    if fitting:
        return fitting[0]
    # None fits every line. The one that splits the header most often will be complained of.
    return max(split, key=lambda separator: split[separator][0], default=",")


def _after_comments(text: StringIO, first: str, notes: list[str]) -> int:
    """Where the table begins: after lines that begin with `#`, unless they are all there is."""
    start, line, n = 0, first, 0
    while line.startswith("#"):
        start, n = text.tell(), n + 1
        line = text.readline()
    if n and not line:
        start = n = 0
    if n:
        notes.append(f"{n} comment {'line' if n == 1 else 'lines'} above the names left out")
    text.seek(start)
    return start


def _header(path: Path, text: StringIO, separator: str) -> list[str]:
    """The columns' names. Leaves `text` after them."""
    reader = csv.reader(iter(text.readline, ""), delimiter=separator)
    try:
        for row in reader:
            if any(field.strip() for field in row):
                return [" ".join(field.split()) for field in row]
    except csv.Error as error:
        raise UserError(f"{path}: cannot be read: line {reader.line_num}: {error}") from None
    raise UserError(f"{path}: is empty; the first line should hold the columns' names")


def _body(path: Path, body: str, separator: str, names: Sequence[str]) -> tuple[int, list[pa.ChunkedArray]]:
    """How many fields a row has, and the columns."""
    odd: list[arrow_csv.InvalidRow] = []

    def note(row: arrow_csv.InvalidRow) -> str:
        odd.append(row)
        return "skip" if len(odd) < 2 else "error"

    if not body.strip():
        return len(names), [pa.chunked_array([[]], pa.string()) for _ in names]
    try:
        table = arrow_csv.read_csv(
            BytesIO(body.encode()),
            # Rows are numbered only where one thread reads, and a row must lie in one block.
            arrow_csv.ReadOptions(use_threads=False, autogenerate_column_names=True, block_size=2**24),
            arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=True, invalid_row_handler=note),
            arrow_csv.ConvertOptions(column_types=_all_text(body, separator)),
        )
    except (pa.ArrowInvalid, pa.ArrowException) as error:
        if not odd:
            said = " ".join(str(error).split())
            raise UserError(f"{path}: cannot be read: {said[:200]} (is a quote never closed?)") from None
    if odd:
        expected, found, number = odd[0].expected_columns, odd[0].actual_columns, odd[0].number
        # Where the first row is the odd one, all others differ from it.
        row, fields = (1, expected) if expected != len(names) else (number, found)
        raise UserError(
            f"{path}: row {row} has {_fields(fields)}, the header {len(names)}; correct one of them"
            f"{_advice(separator, fields, len(names), odd[0].text or '')}"
        )
    width = table.num_columns
    if width not in (len(names), len(names) + 1):
        raise UserError(
            f"{path}: row 1 has {_fields(width)}, the header {len(names)}; correct one of them"
            f"{_advice(separator, width, len(names))}"
        )
    return width, table.columns


def _all_text(body: str, separator: str) -> dict[str, pa.DataType]:
    first = next(filter(None, csv.reader(StringIO(body, newline=""), delimiter=separator)))
    return {f"f{i}": pa.string() for i in range(len(first))}


def _fields(n: int) -> str:
    return "1 field" if n == 1 else f"{n} fields"


def _advice(separator: str, found: int, expected: int, text: str = "") -> str:
    """Why a row may have another number of fields."""
    if "\n" in text.strip():
        return " (is a quote never closed?)"
    if separator != "," or found <= expected:
        return ""
    return " (are its commas decimal commas, or between thousands? Then separate columns by semicolons)"


def _one_name_short(
    path: Path, names: list[str], values: list[pa.ChunkedArray], is_quoted: bool, notes: list[str]
) -> tuple[list[str], list[pa.ChunkedArray]]:
    """Rows with one field more than the header: a separator at each end, or names of rows in front."""
    if _is_empty(values[-1]):
        notes.append("each row ends with a separator")
        return names, values[:-1]
    if is_quoted and is_row_names(values[0]):
        notes.append("the first field of each row has no name in the header; left out as the row's name")
        return names, values[1:]
    raise UserError(
        f"{path}: row 1 has {_fields(len(values))}, the header {len(names)}; correct one of them"
        f"{_advice(',', len(values), len(names))}"
    )


def is_row_names(column: pa.ChunkedArray) -> bool:
    """Whether a column holds names of rows: words that are all different, or 0, 1, 2 … or 1, 2, 3 …"""
    texts = pc.utf8_trim_whitespace(column)
    n = len(texts)
    for start in (0, 1):
        if texts.equals(pa.chunked_array([[str(i) for i in range(start, start + n)]], pa.string())):
            return True
    words = pc.match_substring_regex(texts, r"^\D*\p{L}.*$")
    return bool(pc.all(words).as_py()) and pc.count_distinct(texts).as_py() == n


def _without_empty(
    names: list[str], values: list[pa.ChunkedArray], notes: list[str]
) -> tuple[list[str], list[pa.ChunkedArray]]:
    """Without columns that have neither a name nor a value, as a separator at each end leaves them."""
    kept = [
        (name, column) for name, column in zip(names, values, strict=True) if name or not _is_empty(column)
    ]
    if len(kept) < len(names):
        notes.append("columns with neither a name nor a value left out")
    return [name for name, _ in kept], [column for _, column in kept]


def _is_empty(column: pa.ChunkedArray) -> bool:
    return bool(pc.all(pc.equal(pc.utf8_trim_whitespace(column), "")).as_py())


def _records(path: Path, lines: Sequence[str], separator: str) -> list[list[str]]:
    try:
        records = list(csv.reader(lines, delimiter=separator))
    except csv.Error as error:
        raise UserError(f"{path}: cannot be read: {error}") from None
    # The last may go on below the lines that are looked at.
    return [row for row in (records[:-1] if len(lines) == LOOKED_AT else records) if row]
