"""What a person sees in the terminal while the store is brought up to date."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def mirroring_progress(runs: int) -> Iterator[Callable[[bool], None]]:
    """A bar for so many runs. Yields what to tell it after each: whether it was new to the store."""
    bar = Progress(
        TextColumn("MLflow"),
        BarColumn(),
        TextColumn("{task.completed} of {task.total} runs, {task.fields[added]} of them new"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task, added = bar.add_task("", total=runs, added=0), 0

        def progress(new: bool) -> None:
            nonlocal added
            added += new
            bar.update(task, advance=1, added=added)

        yield progress
