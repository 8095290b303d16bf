"""Where training runs: a cell's seeds in shards, spread over worker processes."""

from ganstudy.execution.local import run

__all__ = ["run"]
