"""Where real samples come from: distributions known exactly, and files."""

from ganstudy.params.recipe import SourceSettings
from ganstudy.sources.box import Pattern1010
from ganstudy.sources.digits import Digits
from ganstudy.sources.gaussian import Gaussian
from ganstudy.sources.mixture import Grid, Mixture, Ring
from ganstudy.sources.mnist import Mnist
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.source import Dataset, Distribution, Source
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
}


def make_source(settings: SourceSettings) -> Source:
    """The source that `settings.name` names. Reads no file yet."""
    return SOURCES[settings.name](settings)


__all__ = ["SOURCES", "Dataset", "Distribution", "Mixture", "Prepared", "Source", "Stream", "make_source"]
