"""What a person sees in the terminal while training works."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar(title: str, total: int) -> Iterator[Callable[[int, dict[str, float]], None]]:
    """A bar with the time left and current numbers, as losses are.

    Yields what to tell it: steps done since the last call, and the numbers by name.
    """
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[losses]}"),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task(title, total=total, losses="")

        def progress(steps: int, losses: dict[str, float]) -> None:
            text = "  ".join(f"{network} {loss:.3f}" for network, loss in losses.items())
            bar.update(task, advance=steps, losses=text)

        yield progress
