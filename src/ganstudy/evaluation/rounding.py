"""Numbers as reports state them."""

import math
from typing import Any, TypeVar

DIGITS = 6
T = TypeVar("T")


def rounded(value: T) -> T:
    """Every float inside, to six significant digits; NaN and infinity become None, as JSON has neither.

    More digits would be noise: the last bits of numpy's sums depend on the processor.
    """
    return _rounded(value)  # type: ignore[no-any-return]


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
        case dict():
            return {key: _rounded(item) for key, item in value.items()}
        case list() | tuple():
            return [_rounded(item) for item in value]
        case _:
            return value
