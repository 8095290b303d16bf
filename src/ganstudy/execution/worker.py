"""What a worker does, wherever it is: train a shard."""

from collections.abc import Callable

from ganstudy.keeping import Keeper
from ganstudy.params import Cell, UserError
from ganstudy.runs import Runs
from ganstudy.sources import Prepared, make_source

Report = Callable[[int, dict[str, float]], None]


def train_shard(
    cell: Cell, seeds: list[int], data: Prepared, device: str, report: Report, keeper: Keeper
) -> Runs:
    """The shard's runs. `report` is told of progress as `shards.Progress` is. UserError if there is no such
    device."""
    # Here and not above: whoever sends the work then starts without torch, a second and more.
    import torch

    from ganstudy.training import train

    try:
        torch.empty(0, device=device)
    except (AssertionError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"GANSTUDY_DEVICE: '{device}' cannot be used ({reason}); try cpu or cuda") from None
    done = 0

    def progress(rounds: int, losses: dict[str, float]) -> None:
        nonlocal done
        report((rounds - done) * len(seeds), losses)
        done = rounds

    return train(cell, seeds, data, data.stream(make_source(cell.recipe.source)), device, progress, keeper)
