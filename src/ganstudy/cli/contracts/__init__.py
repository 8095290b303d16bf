"""What every loss, source, network and metric promises: ganstudy's own, in its tests, and everybody else's by
`ganstudy check --contract`.

A contract is a list of clauses; each takes the work in question and raises BrokenError if it does not hold.
"""

from collections.abc import Callable


class BrokenError(Exception):
    """A promise that is not kept: in words, with what was found."""


def expect(kept: object, otherwise: str) -> None:
    """BrokenError that says `otherwise` unless it is kept."""
    if not kept:
        raise BrokenError(otherwise)


def title(clause: Callable[..., None]) -> str:
    """A clause's name in words."""
    return clause.__name__.replace("_", " ")
