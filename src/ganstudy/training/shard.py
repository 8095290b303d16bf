"""Training of one shard, as a worker does it on any machine."""

from collections.abc import Callable

from ganstudy.core.errors import UserError
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.cell import Cell
from ganstudy.training.checkpointer import Checkpointer
from ganstudy.training.runs import Runs

Report = Callable[[int, dict[str, float]], None]
TrainShard = Callable[[Cell, list[int], Prepared, str, Report, Checkpointer], Runs]


def train_shard(
    cell: Cell, seeds: list[int], data: Prepared, device: str, report: Report, checkpointer: Checkpointer
) -> Runs:
    """The shard's runs. `report` is told how many steps were done since the last call, each
    replica's counted, and current losses. UserError if there is no such
    device."""
    # Here and not above: whoever sends the work then starts without torch, a second and more.
    import torch

    from ganstudy.training.trainer import train

    try:
        torch.empty(0, device=device)
    except (AssertionError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"GANSTUDY_DEVICE: '{device}' cannot be used ({reason}); try cpu or cuda") from None
    done = 0

    def progress(steps: int, losses: dict[str, float]) -> None:
        nonlocal done
        report((steps - done) * len(seeds), losses)
        done = steps

    return train(
        cell, seeds, data, data.stream(make_source(cell.recipe.source)), device, progress, checkpointer
    )
