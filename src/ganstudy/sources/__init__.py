"""Where real samples come from: distributions known exactly, and files."""

from functools import partial

from ganstudy import own
from ganstudy.moments import Moments
from ganstudy.params.recipe import OwnSource, SourceSettings
from ganstudy.params.setting import UserError
from ganstudy.sources.box import Pattern1010
from ganstudy.sources.digits import Digits
from ganstudy.sources.gaussian import Gaussian
from ganstudy.sources.images import Images
from ganstudy.sources.mixture import Grid, Mixture, Ring
from ganstudy.sources.mnist import Mnist
from ganstudy.sources.own_samples import contents_of, drawn_by
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.source import Contents, Dataset, Distribution, Samples, Source
from ganstudy.sources.stream import Stream
from ganstudy.sources.table import Table

SOURCES: dict[str, type[Source]] = {
    "pattern_1010": Pattern1010,
    "gaussian": Gaussian,
    "ring": Ring,
    "grid": Grid,
    "digits": Digits,
    "mnist": Mnist,
    "table": Table,
    "images": Images,
}


def make_source(settings: SourceSettings) -> Source:
    """The source that `settings.name` names, or that their `use` makes. Reads no data yet. UserError if own
    work makes none."""
    if not isinstance(settings, OwnSource):
        return SOURCES[settings.name](settings)
    source: Source = own.make(settings.use, settings)
    match source:
        case Dataset():
            source.load = partial(contents_of, source.load, settings.use)  # type: ignore[method-assign]
        case Distribution():
            source.draw = partial(drawn_by, source.draw, settings.use)  # type: ignore[method-assign]
        case _:
            made = type(source).__name__
            raise UserError(
                f"{own.HOME / settings.use}: made a {made}, should be a Distribution or a Dataset"
            )
    return source


__all__ = [
    "SOURCES",
    "Contents",
    "Dataset",
    "Distribution",
    "Mixture",
    "Moments",
    "Prepared",
    "Samples",
    "Source",
    "Stream",
    "make_source",
]
