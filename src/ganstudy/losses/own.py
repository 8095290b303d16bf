"""A loss of the study's own, held to what training expects of losses."""

from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field

from ganstudy.core import own
from ganstudy.core.errors import UserError
from ganstudy.core.lazy import Tensor, torch
from ganstudy.core.settings import Options, Setting, Use
from ganstudy.losses.loss import Loss


class OwnLossSettings(Setting):
    """A loss of your own, in a Python file."""

    loss: Literal["own"]
    """Follows from `use`."""
    use: Use
    """A file in the folder `own`, and in it a class of `ganstudy.losses.loss.Loss` or a function that returns
    one from these settings: `losses/mine.py:MyLoss`."""
    options: Options = Field(default_factory=dict)
    """What it finds as `settings.options`."""


class OwnLoss(Loss):
    """Makes the loss that `use` names."""

    Settings = OwnLossSettings

    @classmethod
    def make(cls, settings: OwnLossSettings) -> Any:
        loss = own.make(settings.use, settings)
        if not isinstance(loss, Loss):
            raise UserError(f"{own.HOME / settings.use}: made a {type(loss).__name__}, should be a Loss")
        for method in ("real", "fake", "discriminator", "generator"):
            if hasattr(loss, method):
                setattr(loss, method, _answering_for_each(loss, method, settings.use))
        return loss


def _answering_for_each(loss: Loss, name: str, use: str) -> Callable[..., Tensor]:
    """The loss's method, held to give a loss for each of the logits that it gets, or else UserError."""
    method = getattr(loss, name)

    def checked(logits: Tensor, *others: Any) -> Tensor:
        found = method(logits, *others)
        is_tensor = isinstance(found, torch.Tensor)
        got = f"shape {list(found.shape)}" if is_tensor else f"a {type(found).__name__}"
        if got != f"shape {list(logits.shape)}":
            raise UserError(
                f"{own.HOME / use}.{name} returned {got}, expected [replicas, batch] {list(logits.shape)}: "
                "a loss for each example, neither averaged nor added up"
            )
        assert isinstance(found, torch.Tensor)
        return found

    return checked
