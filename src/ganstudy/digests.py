"""What each cell's bits follow from besides its data: code, and settings once more, by their digests.

`ganstudy code` writes a list for each part of the work into data/code, and every stage depends on the list
that concerns it. So DVC runs again what changed code concerns and no more, and a stage has one dependency
where it would have a dozen (DVC would spend minutes on dvc.lock).

Settings are among the stages' `params` too. But the key by which DVC finds an earlier run in its cache leaves
out all that is called `size` or `nfiles`, and the noise, images and own work have a size: without these lines
DVC would take another size's run for this one's.
"""

from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel

import ganstudy
from ganstudy import layout, own
from ganstudy.params import Params

PACKAGE = Path(ganstudy.__file__).parent

NUMERICS = ("numpy", "scikit-learn", "scipy", "torch", "torchmetrics")
"""The libraries that decide bits; requirements/numerics.txt pins them."""

PREPARATION = (
    "__init__.py",
    "moments.py",
    "own.py",
    "params",
    "randomness.py",
    "sources",
    "stages/prepare.py",
)
TRAINING = (
    "__init__.py",
    "keeping.py",
    "losses",
    "models",
    "own.py",
    "params/__init__.py",
    "params/losses.py",
    "params/recipe.py",
    "params/setting.py",
    "params/study.py",
    "randomness.py",
    "runs.py",
    "sources",
    "stages/train.py",
    "training",
)
CLASSIFICATION = ("__init__.py", "evaluation/classifier.py", "stages/classify.py")
EVALUATION = (
    "__init__.py",
    "evaluation",
    "models",
    "moments.py",
    "own.py",
    "params",
    "randomness.py",
    "runs.py",
    "sources",
    "stages/evaluate.py",
    "stages/floors.py",
    "stages/reading.py",
    "statistics.py",
    "training",
    "words.py",
)
COMPARISON = (*EVALUATION, "results.py", "stages/compare.py", "stages/stale.py")
REPORTING = ("colours.py", "reporting", "results.py", "runs.py", "stages/report.py", "units.py", "words.py")
TRACKING = (
    "colours.py",
    "results.py",
    "runs.py",
    "sampler.py",
    "stages/track.py",
    "tracking",
    "units.py",
    "words.py",
)


def digests(params: Params) -> dict[Path, str]:
    """The lists of a study, by the files that hold them. UserError if own work is not there."""
    lists = {
        layout.code("classify"): [*_numerics(), *_ours(CLASSIFICATION)],
        layout.code("compare"): [*_told(params), *_numerics(), *_ours(COMPARISON)],
        layout.code("report"): [*_told(params), *_ours(REPORTING)],
        layout.code("track"): [*_told(params), *_ours(TRACKING)],
    }
    preparation, training, evaluation = (
        [*_numerics(), *_ours(part)] for part in (PREPARATION, TRAINING, EVALUATION)
    )
    for name, variant in params.variants.items():
        judged, files = [variant, params.evaluation], [variant.source, params.evaluation]
        lists[layout.code("prepare", name)] = [*_told(variant.source), *preparation, *_own(variant.source)]
        lists[layout.code("evaluate", name)] = [*_told(*judged), *evaluation, *_own(*files)]
    for cell in params.cells:
        said = _told(params.study, cell)
        lists[layout.code("train", cell.variant, cell.loss)] = [*said, *training, *_own(cell)]
    return {path: "".join(f"{line}\n" for line in lines) for path, lines in lists.items()}


def versions() -> dict[str, str]:
    """Of NUMERICS those at work. What follows a +, as in 2.13.0+cpu, says where a library was built for."""
    return {name: version(name).split("+")[0] for name in NUMERICS}


def _told(*settings: BaseModel) -> list[str]:
    """These settings, as one line."""
    text = "".join(block.model_dump_json() for block in settings)
    return [_line("settings", text.encode())]


def _numerics() -> list[str]:
    return [f"{name} {of}" for name, of in versions().items()]


def _ours(parts: Iterable[str]) -> list[str]:
    """The files of this package in these parts."""
    files = sorted(file for part in parts for file in _files(PACKAGE / part))
    return [_line(f"ganstudy/{file.relative_to(PACKAGE).as_posix()}", file.read_bytes()) for file in files]


def _own(*settings: BaseModel) -> list[str]:
    """The files of one's own that these settings use."""
    return [_line(str(own.HOME / path), content) for path, content in own.files(*settings).items()]


def _files(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    found = [file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    if not found:
        raise FileNotFoundError(path)
    return found


def _line(name: str, content: bytes) -> str:
    return f"{name} {sha256(content).hexdigest()}"
