"""Every loss a study can name."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from ganstudy import own
from ganstudy.losses.critic import Hinge, Lsgan, WganClip, WganGp
from ganstudy.losses.loss import AtMatch, Loss, TwoTermLoss
from ganstudy.losses.penalties import Penalty, squared_slope
from ganstudy.losses.probability import Dragan, Minimax, Mse, NonSaturating, OneSided, Smoothed
from ganstudy.losses.relativistic import R3gan, Relativistic
from ganstudy.params.losses import OWN
from ganstudy.params.setting import UserError

LOSSES: dict[str, type[Loss]] = {
    "minimax": Minimax,
    "non_saturating": NonSaturating,
    "smoothed": Smoothed,
    "one_sided": OneSided,
    "mse": Mse,
    "lsgan": Lsgan,
    "wgan_clip": WganClip,
    "wgan_gp": WganGp,
    "hinge": Hinge,
    "relativistic": Relativistic,
    "r3gan": R3gan,
    "dragan": Dragan,
}


def make_loss(settings: Any) -> Loss:
    """The loss that `settings.loss` names, or that their `use` makes, with that entry's options. UserError if
    own work makes none."""
    if settings.loss != OWN:
        return LOSSES[settings.loss](settings)
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
        got = f"shape {list(found.shape)}" if isinstance(found, Tensor) else f"a {type(found).__name__}"
        if got != f"shape {list(logits.shape)}":
            raise UserError(
                f"{own.HOME / use}.{name} returned {got}, expected [replicas, batch] {list(logits.shape)}: "
                "a loss for each example, neither averaged nor added up"
            )
        assert isinstance(found, Tensor)
        return found

    return checked


__all__ = ["LOSSES", "AtMatch", "Loss", "Penalty", "TwoTermLoss", "make_loss", "squared_slope"]
