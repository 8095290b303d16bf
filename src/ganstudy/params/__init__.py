"""params.yaml: its schema and its loader. No other part reads the file or knows its keys."""

from ganstudy.params.evaluation import Evaluation
from ganstudy.params.loading import FILE, load, parse
from ganstudy.params.losses import LossSettings
from ganstudy.params.recipe import Variant
from ganstudy.params.setting import UserError
from ganstudy.params.study import Cell, Params, Study

__all__ = [
    "FILE",
    "Cell",
    "Evaluation",
    "LossSettings",
    "Params",
    "Study",
    "UserError",
    "Variant",
    "load",
    "parse",
]
