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
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ganstudy.core import own
from ganstudy.core.versions import versions
from ganstudy.losses.registry import LOSSES
from ganstudy.metrics.registry import MODULES as METRIC_MODULES
from ganstudy.networks.registry import DISCRIMINATORS, GENERATORS
from ganstudy.pipeline.imports import PACKAGE, reachable
from ganstudy.results import paths
from ganstudy.sources.registry import SOURCES
from ganstudy.study.params import Params
from ganstudy.training.cell import Cell


def digests(params: Params) -> dict[Path, str]:
    """The files of a study that say what its stages rest on. UserError if own work is not there."""
    whole = params.model_dump(mode="json")
    all_components = [_components(cell) for cell in params.cells]
    texts = {paths.code("classify"): code_of("classify")}
    for stage in ("compare", "report", "track"):
        texts[paths.settings(stage)] = _text(whole)
        texts[paths.code(stage)] = code_of(stage, *all_components)
    for name, variant in params.variants.items():
        source = SOURCES.module_of(variant.source)
        texts[paths.settings("prepare", name)] = _text(variant.source.model_dump(mode="json"))
        texts[paths.code("prepare", name)] = code_of("prepare", {source}) + _own(variant.source)
        texts[paths.settings("floors", name)] = _text(floors_settings(params, name))
        texts[paths.code("floors", name)] = code_of("floors", {source}) + _own(
            variant.source, params.evaluation
        )
    for cell in params.cells:
        of, components = (cell.variant, cell.loss), _components(cell)
        trained = {"cell": cell.model_dump(mode="json"), "seeds": params.seeds}
        texts[paths.settings("train", *of)] = _text(trained)
        texts[paths.code("train", *of)] = code_of("train", components) + _own(cell)
        texts[paths.settings("evaluate", *of)] = _text(_judging(params, cell))
        texts[paths.code("evaluate", *of)] = code_of(
            "evaluate", {SOURCES.module_of(cell.recipe.source)}
        ) + _own(cell.recipe.source, params.evaluation)
    return texts


def _components(cell: Cell) -> set[str]:
    """The modules of the components that the cell names: no import statement does."""
    recipe = cell.recipe
    return {
        SOURCES.module_of(recipe.source),
        LOSSES.module_of(cell.settings),
        GENERATORS.module_of(recipe.generator),
        DISCRIMINATORS.module_of(recipe.discriminator),
    }


def floors_settings(params: Params, variant: str) -> dict[str, Any]:
    """What the floors of a variant follow from: nothing of how it is trained."""
    recipe = params.variants[variant]
    return {
        **recipe.model_dump(mode="json", include={"source", "samples"}),
        **params.evaluation.model_dump(mode="json", include={"two_sample_test", "metrics"}),
        "is_point": recipe.noise.is_constant,
    }


def _judging(params: Params, cell: Cell) -> dict[str, Any]:
    """What the judgement of a cell follows from: of all tolerances its own alone."""
    evaluation = params.evaluation.model_dump(mode="json", exclude={"tolerances"})
    tolerance = params.evaluation.tolerance(params.variants[cell.variant]).model_dump(mode="json")
    return {"cell": cell.model_dump(mode="json"), "evaluation": evaluation, "tolerance": tolerance}


def _text(settings: Any) -> str:
    return json.dumps(settings, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def code_of(stage: str, *components: Iterable[str]) -> str:
    """The stage's code and that of components, as modules, and the libraries that decide bits."""
    libraries = [f"{name} {of}" for name, of in versions().items()]
    files = sorted(files_of(stage, *components))
    ours = [_line(f"ganstudy/{file.relative_to(PACKAGE).as_posix()}", file.read_bytes()) for file in files]
    return "".join(f"{line}\n" for line in (*libraries, *ours))


def files_of(stage: str, *components: Iterable[str]) -> set[Path]:
    """The files that the stage can reach with these components; all metrics, where it asks for any."""
    files = reachable(f"ganstudy.pipeline.{stage}", *(module for some in components for module in some))
    return files | (reachable(*METRIC_MODULES) if PACKAGE / "metrics/registry.py" in files else set())


def _own(*settings: BaseModel) -> str:
    """The files of one's own that these settings use."""
    files = own.files(*settings).items()
    return "".join(f"{_line(str(own.HOME / path), content)}\n" for path, content in files)


def _line(name: str, content: bytes) -> str:
    return f"{name} {sha256(content).hexdigest()}"
