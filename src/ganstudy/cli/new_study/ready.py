"""Ready studies: the params.yaml files in the folder `studies`."""

from dataclasses import dataclass
from pathlib import Path

from ganstudy.core.errors import UserError, nearest

STUDIES = Path(__file__).with_name("studies")


@dataclass(frozen=True)
class Ready:
    """A study that is there to be run or edited."""

    name: str
    text: str
    """Of its params.yaml, which begins with a comment: what it asks, on one line, then what is expected and
    about how long it takes."""

    @property
    def question(self) -> str:
        """What it asks."""
        return self.text.splitlines()[0].removeprefix("# ")


def catalogue() -> dict[str, Ready]:
    """Every ready study by its name."""
    return {
        file.stem: Ready(file.stem, file.read_text(encoding="utf-8"))
        for file in sorted(STUDIES.glob("*.yaml"))
    }


def ready(name: str) -> Ready:
    """The study of that name. UserError, with what was probably meant, if there is none."""
    studies = catalogue()
    if name not in studies:
        raise UserError(f"no ready study '{name}'; {nearest(name, list(studies))}")
    return studies[name]
