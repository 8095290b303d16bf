"""Every figure on which generated samples are judged, in the order of reports. A new one is a line here."""

from ganstudy.evaluation.distances import ENERGY, FRECHET, KS, WASSERSTEIN
from ganstudy.evaluation.diversity import DIVERSITY
from ganstudy.evaluation.figure import Figure
from ganstudy.evaluation.shape import INSIDE, MOMENTS, moment

FIGURES: dict[str, Figure] = {
    **{name: moment(name) for name in MOMENTS},
    "wasserstein": WASSERSTEIN,
    "ks": KS,
    "energy": ENERGY,
    "frechet": FRECHET,
    "inside": INSIDE,
    **DIVERSITY,
}
