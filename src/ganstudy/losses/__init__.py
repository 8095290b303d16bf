"""Every loss a study can name."""

from typing import Any

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
    return loss


__all__ = ["LOSSES", "AtMatch", "Loss", "Penalty", "TwoTermLoss", "make_loss", "squared_slope"]
