"""What a person sees in the terminal while the store is brought up to date."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def mirroring_progress(runs: int, missing: int) -> Iterator[Callable[[int], None]]:
    """A bar for so many runs, of which some are missing. Yields what to tell it: how many were made."""
    bar = Progress(
        TextColumn("MLflow"),
        BarColumn(),
        TextColumn("{task.completed} of {task.total} runs, {task.fields[made]} of them new"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task, made = bar.add_task("", total=runs, completed=runs - missing, made=0), 0

        def progress(more: int) -> None:
            nonlocal made
            made += more
            bar.update(task, completed=min(runs, runs - missing + made), made=made)

        yield progress
