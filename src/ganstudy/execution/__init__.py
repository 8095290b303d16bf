"""Where training runs: a cell's seeds in shards, spread over worker processes, here or on other machines."""

from ganstudy.execution.checkpoints import Checkpoints
from ganstudy.execution.run import run

__all__ = ["Checkpoints", "run"]
