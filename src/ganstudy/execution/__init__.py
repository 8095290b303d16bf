"""Where training runs: a cell's seeds in shards, spread over worker processes, here or on other machines."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ganstudy.execution.cell import run
    from ganstudy.execution.checkpoints import Checkpoints

__all__ = ["Checkpoints", "run"]


def __getattr__(name: str) -> Any:
    # Late: who only asks what the environment says is not to wait for pandas.
    match name:
        case "Checkpoints":
            from ganstudy.execution.checkpoints import Checkpoints

            return Checkpoints
        case "run":
            from ganstudy.execution.cell import run

            return run
    raise AttributeError(name)
