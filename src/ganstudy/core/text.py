"""Numbers, lists and settings as a reader meets them."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

MISSING = "–"


def number(value: float | None, digits: int = 3) -> str:
    """To `digits` significant digits; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return MISSING
    if value and not 1e-3 <= abs(value) < 1e5:
        mantissa, exponent = f"{value:.{max(digits - 2, 0)}e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    else:
        decimals = digits - 1 - math.floor(math.log10(abs(value))) if value else 0
        text = f"{value:,.{max(decimals, 0)}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else "0"


def measured(value: float, low: float, high: float) -> tuple[str, str, str]:
    """A number and the ends of its interval, to the digits that the interval's width leaves meaning: two of
    its own."""
    width = high - low
    largest = max(abs(low), abs(value), abs(high))
    if not 1e-6 < width < 1e5 or not largest < 1e5:
        return number(value), number(low), number(high)
    decimals = max(0, 1 - math.floor(math.log10(width)))
    shown = [round(x, decimals) or 0.0 for x in (value, low, high)]  # without the sign of -0.0
    value_, low_, high_ = (f"{x:,.{decimals}f}".replace("-", "−") for x in shown)
    return value_, low_, high_


def exact(value: float | None) -> str:
    """A number that someone chose or derived, without the zeros that a measured one would end in."""
    return MISSING if value is None else f"{value:.4g}".replace("-", "−")


def count(value: int) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,}"


def interval(low: float, high: float) -> str:
    """Two shares as percentages: `72 to 99 %`."""
    return f"{100 * low:.0f} to {100 * high:.0f} %"


def flow(value: Any) -> str:
    """Settings in one line, as in YAML's flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return str(value)


def listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def counted(n: int, noun: str) -> str:
    """`1 step`, `2,000 steps`."""
    return f"{count(n)} {noun}" if n == 1 else f"{count(n)} {noun}s"


def first_of(words: Sequence[str], most: int) -> str:
    """`a, b and 3 more`: the first are named, the others counted."""
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more} more" if more > 0 else "")
