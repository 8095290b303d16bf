"""What a person sees in the terminal while training works."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ganstudy.params import Cell


@contextmanager
def training_progress(cell: Cell, seeds: int) -> Iterator[Callable[[int, dict[str, float]], None]]:
    """A bar for the cell's training with the time left and the current losses.

    Yields what to tell it: rounds played since the last call, each seed's counted, and the losses.
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
        rounds = cell.recipe.steps * seeds
        task = bar.add_task(f"{cell.variant} · {cell.loss}, {seeds} seeds", total=rounds, losses="")

        def progress(played: int, losses: dict[str, float]) -> None:
            text = "  ".join(f"{player} {loss:.3f}" for player, loss in losses.items())
            bar.update(task, advance=played, losses=text)

        yield progress
