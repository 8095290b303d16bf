"""What each stage's bits follow from besides its data: its code, as a list of digests, and its settings.

`ganstudy code` writes both into data/code, and every stage depends on the two files that concern it. So DVC
runs again what changed code or settings concern and no more, and a stage has two dependencies where it would
have a dozen (DVC would spend minutes on dvc.lock). Settings are no `params` of the stages: DVC wants each of
those to be there, which a setting with a default need not be, and the key by which it finds an earlier run
leaves out all that is called `size`.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import BaseModel

import ganstudy
from ganstudy import layout, own
from ganstudy.params import Cell, Params

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
CLASSIFICATION = (
    "__init__.py",
    "evaluation/classifier.py",
    "params/setting.py",
    "sources/prepared.py",
    "stages/classify.py",
)
EVALUATION = (
    "__init__.py",
    "evaluation",
    "keeping.py",
    "losses",
    "models",
    "moments.py",
    "own.py",
    "params",
    "randomness.py",
    "results.py",
    "runs.py",
    "sources",
    "stages/evaluate.py",
    "stages/floors.py",
    "stages/reading.py",
    "statistics.py",
    "training",
    "words.py",
)
COMPARISON = (*EVALUATION, "stages/compare.py", "stages/stale.py")
REPORTED = (
    "__init__.py",
    "colours.py",
    "curves.py",
    "moments.py",
    "own.py",
    "params",
    "randomness.py",
    "reporting",
    "results.py",
    "runs.py",
    "sources",
    "units.py",
    "words.py",
)
"""What the report and MLflow show alike."""
REPORTING = (*REPORTED, "stages/report.py")
TRACKING = (
    *REPORTED,
    "keeping.py",
    "losses",
    "models",
    "sampler.py",
    "stages/track.py",
    "tracking",
    "training",
)


def digests(params: Params) -> dict[Path, str]:
    """The files of a study that say what its stages rest on. UserError if own work is not there."""
    whole = params.model_dump(mode="json")
    texts = {
        layout.code("classify"): _lines(CLASSIFICATION, numerics=True),
        layout.code("compare"): _lines(COMPARISON, numerics=True),
        layout.code("report"): _lines(REPORTING),
        layout.code("track"): _lines(TRACKING),
        **{layout.settings(stage): _text(whole) for stage in ("compare", "report", "track")},
    }
    preparation, training, evaluation = (
        _lines(part, numerics=True) for part in (PREPARATION, TRAINING, EVALUATION)
    )
    for name, variant in params.variants.items():
        source = variant.source
        texts[layout.settings("prepare", name)] = _text(source.model_dump(mode="json"))
        texts[layout.code("prepare", name)] = preparation + _own(source)
        texts[layout.settings("floors", name)] = _text(floors_settings(params, name))
        texts[layout.code("floors", name)] = evaluation + _own(source, params.evaluation)
    for cell in params.cells:
        of = cell.variant, cell.loss
        trained = cell.model_dump(mode="json", exclude={"recipe": {"tolerances", "claim"}})
        texts[layout.settings("train", *of)] = _text({"cell": trained, "seeds": params.seeds})
        texts[layout.code("train", *of)] = training + _own(cell)
        texts[layout.settings("evaluate", *of)] = _text(_judging(params, cell))
        texts[layout.code("evaluate", *of)] = evaluation + _own(cell.recipe.source, params.evaluation)
    return texts


def floors_settings(params: Params, variant: str) -> dict[str, Any]:
    """What the floors of a variant follow from: nothing of how it is trained."""
    recipe = params.variants[variant]
    return {
        **recipe.model_dump(mode="json", include={"source", "samples"}),
        **params.evaluation.model_dump(mode="json", include={"probe", "metrics"}),
        "is_point": recipe.noise.name == "constant",
    }


def _judging(params: Params, cell: Cell) -> dict[str, Any]:
    """What the judgement of a cell follows from: of all tolerances its own alone."""
    evaluation = params.evaluation.model_dump(mode="json", exclude={"tolerances"})
    tolerance = params.evaluation.tolerance(cell.recipe).model_dump(mode="json")
    judged = cell.model_dump(mode="json", exclude={"recipe": {"tolerances", "claim"}})
    return {"cell": judged, "evaluation": evaluation, "tolerance": tolerance}


def versions() -> dict[str, str]:
    """Of NUMERICS those at work. What follows a +, as in 2.13.0+cpu, says where a library was built for."""
    return {name: version(name).split("+")[0] for name in NUMERICS}


def _text(settings: Any) -> str:
    return json.dumps(settings, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _lines(parts: Iterable[str], numerics: bool = False) -> str:
    """The files of this package in these parts, and the libraries that decide bits where those do."""
    libraries = [f"{name} {of}" for name, of in versions().items()] if numerics else []
    files = sorted(file for part in parts for file in _files(PACKAGE / part))
    ours = [_line(f"ganstudy/{file.relative_to(PACKAGE).as_posix()}", file.read_bytes()) for file in files]
    return "".join(f"{line}\n" for line in (*libraries, *ours))


def _own(*settings: BaseModel) -> str:
    """The files of one's own that these settings use."""
    files = own.files(*settings).items()
    return "".join(f"{_line(str(own.HOME / path), content)}\n" for path, content in files)


def _files(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    found = [file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    if not found:
        raise FileNotFoundError(path)
    return found


def _line(name: str, content: bytes) -> str:
    return f"{name} {sha256(content).hexdigest()}"
