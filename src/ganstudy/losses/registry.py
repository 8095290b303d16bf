"""The losses that a study can name."""

from typing import Any

from ganstudy.core.registry import Registry
from ganstudy.losses.loss import Loss

LOSSES: Registry[Loss] = Registry("ganstudy.losses", Loss, key="loss")


def make_loss(settings: Any) -> Loss:
    """The loss that `settings.loss` names, or that their `use` makes. UserError if it cannot be made."""
    return LOSSES.of(settings).make(settings)
