"""Work for worker processes, which import it without all that tests need."""

import os
import time
from typing import Any

from ganstudy.core.errors import UserError


def square(report: Any, x: int) -> tuple[int, int]:
    report(x, {"D": 0.5})
    return os.getpid(), x**2


def nap(report: Any, seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def mistake(report: Any, x: int) -> int:
    if x == 2:
        raise UserError("correct line 2")
    return x


def fault(report: Any, x: int) -> float:
    return 1 / x


def unspeakable(report: Any) -> Any:
    return lambda: None
