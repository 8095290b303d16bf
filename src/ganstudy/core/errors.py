"""Errors that a user can correct, and their messages."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple


class UserError(Exception):
    """An error that the user can correct. The message says what, where, and what instead."""


class Problem(NamedTuple):
    """One mistake in params.yaml, or in what it names."""

    place: str
    """The keys that lead to it, as `variants.ring.optimizer.lr`; empty for the whole."""
    said: str
    """What was found, and what is allowed."""


class InvalidParamsError(UserError):
    """All that is wrong with a file, a line each, which begins with the file's name if that is not empty."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(": ".join(filter(None, (file, *problem))) for problem in problems))
        self.problems = list(problems)


def nearest(word: str, allowed: list[str]) -> str:
    """The `allowed` word that was probably meant; if none is close, all of them."""
    close = get_close_matches(word, allowed, n=1)
    return f"did you mean '{close[0]}'?" if close else f"allowed: {', '.join(allowed)}"
