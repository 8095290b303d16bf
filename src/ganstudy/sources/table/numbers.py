"""Numbers from text, as people write them: `1e-3`, `0,35`, `1,234.5`, `1.234,56`."""

import re
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
COMMA = r"^[+-]?\d*,\d+$"
"""A decimal comma: `0,35`."""
DOTS_AND_COMMA = r"^[+-]?\d{1,3}(\.\d{3})+,\d+$"
"""Dots between thousands, and a decimal comma: `1.234,56`."""
COMMAS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$"
"""Commas between thousands: `1,250` or `1,234.5`."""
SURELY_COMMAS = r"^[+-]?\d{1,3}((,\d{3})+\.\d+|(,\d{3}){2,})$"
DOTS = r"^[+-]?\d{1,3}(\.\d{3})+$"
"""May be dots between thousands."""
LEADING_ZERO = r"^[+-]?0\d"
LONG = r"^[+-]?\d{16,}$"
EXACT_INTEGERS = 2**53
"""Whole numbers beyond it are not all in double precision."""
GAPS = ("", "na", "n/a", "n.a.", "nan", "null", "none", "-", "?", "inf", "-inf", "infinity", "-infinity")
"""How people write that there is no number, in small letters."""


class NotNumericError(Exception):
    """A value that is no number, or may be two."""

    def __init__(self, row: int, said: str) -> None:
        super().__init__(said)
        self.row = row


class Numbers(NamedTuple):
    """A column as numbers, `[rows]`."""

    values: NDArray[np.float64]
    note: str | None
    """How they were written, where that is not the usual way."""


def parse_numbers(column: pa.ChunkedArray, separator: str, has_decimal_commas: bool) -> Numbers:
    """The numbers of a column of text, `[n]`, whose file has this separator between columns.

    NotNumericError for the first value, by its row counted from 1, that is no number, that double precision
    cannot keep, or that may be either of two numbers.
    """
    texts = pc.utf8_trim_whitespace(column)
    if found := _first(pc.match_substring_regex(texts, LEADING_ZERO), texts):
        row, text = found
        raise NotNumericError(
            row,
            f"is a code, not a number ('{text}' in row {row} would lose its zero); leave it out with "
            "`columns`",
        )
    plain = pc.match_substring_regex(texts, PLAIN)
    note = None
    if not _all(plain):
        texts, note = _as_plain(texts, plain, separator)
    elif has_decimal_commas and separator != "," and _all(pc.match_substring_regex(texts, DOTS)):
        raise _ambiguous(1, texts[0].as_py())
    _keep_long(texts)
    values = pc.replace_substring_regex(texts, r"^\+", "").cast(pa.float64()).to_numpy()
    if not np.isfinite(values).all():
        row = int(np.isfinite(values).argmin()) + 1
        raise NotNumericError(row, f"has no finite number in row {row}; fill or drop it")
    return Numbers(values, note)


def is_number(text: str) -> bool:
    """Whether it is a number however it is written."""
    return any(re.fullmatch(form, text.strip()) for form in (PLAIN, COMMA, DOTS_AND_COMMA, COMMAS))


def has_decimal_commas(column: pa.ChunkedArray) -> bool:
    """Whether any value is written with one."""
    return bool(pc.any(pc.match_substring_regex(pc.utf8_trim_whitespace(column), COMMA)).as_py())


def _as_plain(texts: pa.ChunkedArray, plain: pa.ChunkedArray, separator: str) -> tuple[pa.ChunkedArray, str]:
    """The same with decimal points and without separators of thousands, and how it was written."""
    comma, dots_and_comma, commas, surely, dots = (
        pc.match_substring_regex(texts, form) for form in (COMMA, DOTS_AND_COMMA, COMMAS, SURELY_COMMAS, DOTS)
    )
    has_point = pc.match_substring(texts, ".")
    if _any(surely) and _all(pc.or_(commas, plain)):
        return pc.replace_substring(texts, ",", ""), "thousands are separated by commas"
    # Of plain numbers beside decimal commas only those without a point, or with points between thousands.
    whole = pc.and_(plain, pc.or_(pc.invert(has_point), dots))
    european = pc.or_(pc.or_(comma, dots_and_comma), pc.or_(whole, dots))
    if _all(european) and _any(pc.or_(comma, dots_and_comma)):
        only_groups = _all(pc.or_(commas, pc.invert(comma))) and not _any(dots_and_comma)
        if only_groups and separator != ";":
            raise _ambiguous(*_found(pc.and_(comma, commas), texts))
        return (
            pc.replace_substring(pc.replace_substring(texts, ".", ""), ",", "."),
            "decimals are written with a comma",
        )
    if _any(comma) and _any(commas) and _all(pc.or_(commas, plain)):
        raise _ambiguous(*_found(commas, texts))
    raise _no_number(texts, pc.or_(plain, european) if _any(plain) or _any(comma) else plain)


def _no_number(texts: pa.ChunkedArray, known: pa.ChunkedArray) -> NotNumericError:
    row, text = _found(pc.invert(known), texts)
    if text.lower() in GAPS:
        shown = f" ('{text}')" if text else ""
        return NotNumericError(row, f"has no finite number in row {row}{shown}; fill or drop it")
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    few = pc.sum(pc.invert(known)).as_py() * 2 < len(texts)
    remedy = "correct or drop that row" if few else "leave it out with `columns`"
    if "\n" in text:
        remedy = "is a quote never closed?"
    elif text.lower() in ("true", "false"):
        remedy = "write 1 and 0, or leave it out with `columns`"
    return NotNumericError(row, f"is not numeric ({shown!r} in row {row}); {remedy}")


def _ambiguous(row: int, text: str) -> NotNumericError:
    bare = text.replace(",", "").replace(".", "")
    return NotNumericError(
        row,
        f"may be read in two ways: '{text}' in row {row} is {bare} or {text.replace(',', '.')}; "
        "write numbers with a decimal point, and nothing between thousands",
    )


def _keep_long(texts: pa.ChunkedArray) -> None:
    """NotNumericError for a whole number that double precision cannot keep."""
    long = pc.match_substring_regex(texts, LONG)
    if _any(long):
        for row, (is_long, text) in enumerate(zip(long.to_pylist(), texts.to_pylist(), strict=True), start=1):
            if is_long and abs(int(text)) > EXACT_INTEGERS:
                raise NotNumericError(
                    row,
                    f"holds whole numbers beyond 2^53 ({text} in row {row}), which lose their last digits; "
                    "leave it out with `columns`",
                )


def _all(mask: pa.ChunkedArray) -> bool:
    return bool(pc.all(mask).as_py())


def _any(mask: pa.ChunkedArray) -> bool:
    return bool(pc.any(mask).as_py())


def _first(mask: pa.ChunkedArray, texts: pa.ChunkedArray) -> tuple[int, str] | None:
    """Row, from 1, and text of the first value where the mask holds."""
    at = pc.index(mask, True).as_py()
    return None if at < 0 else (at + 1, texts[at].as_py())


def _found(mask: pa.ChunkedArray, texts: pa.ChunkedArray) -> tuple[int, str]:
    found = _first(mask, texts)
    assert found is not None
    return found
