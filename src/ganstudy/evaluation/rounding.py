"""Numbers as reports state them."""

import math
from typing import Any

DIGITS = 6


def rounded(results: dict[str, Any]) -> dict[str, Any]:
    """Every float inside, to six significant digits; NaN and infinity become None, as JSON has neither.

    More digits would be noise: the last bits of numpy's sums depend on the processor.
    """
    return {key: _rounded(item) for key, item in results.items()}


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
