"""`ganstudy code`: what each stage's bits follow from besides its data, its code and its settings.

Both are written into data/code, the code as a list of digests, and every stage depends on the two files that
concern it. So DVC runs again what changed code or settings concern and no more, and a stage has two
dependencies where it would have a dozen (DVC would spend minutes on dvc.lock). Settings are no `params` of
the stages: DVC wants each of those to be there, which a setting with a default need not be, and the key by
which it finds an earlier run leaves out all that is called `size`.
"""

import shutil
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ganstudy.core import own
from ganstudy.core.files import json_text
from ganstudy.core.versions import versions
from ganstudy.losses.registry import LOSSES
from ganstudy.networks.registry import DISCRIMINATORS, GENERATORS
from ganstudy.pipeline.imports import PACKAGE, reachable
from ganstudy.results import paths
from ganstudy.sources.registry import SOURCES
from ganstudy.study.params import Params
from ganstudy.training.cell import Cell


def code(params: Params) -> None:
    """Write data/code, two files for each stage."""
    shutil.rmtree(paths.CODE, ignore_errors=True)
    for path, text in digests(params).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def digests(params: Params) -> dict[Path, str]:
    """The files of a study that say what its stages rest on. UserError if an own component is not there."""
    evaluation = params.evaluation
    texts = {paths.code("classify"): code_of("classify")}

    def add(
        stage: str, of: Sequence[str], settings: Any, components: Iterable[str], *files: BaseModel
    ) -> None:
        """What a stage rests on: settings, its code and that of components, and own files named there."""
        texts[paths.settings(stage, *of)] = json_text(settings)
        texts[paths.code(stage, *of)] = code_of(stage, components) + "".join(
            _line(str(own.HOME / path), content) for path, content in own.files(*files).items()
        )

    all_components = {module for cell in params.cells for module in _components(cell)}
    for stage in ("compare", "report", "track"):
        add(stage, [], params.model_dump(mode="json"), all_components)
    for name, variant in params.variants.items():
        source, module = variant.source, SOURCES.module_of(variant.source)
        add("prepare", [name], source.model_dump(mode="json"), [module], source)
        # Nothing of how the variant is trained.
        sampled = {
            **variant.model_dump(mode="json", include={"source", "samples"}),
            **evaluation.model_dump(mode="json", include={"two_sample_test", "metrics"}),
            "is_point": variant.noise.is_constant,
        }
        add("floors", [name], sampled, [module], source, evaluation)
    for cell in params.cells:
        of, source, dumped = [cell.variant, cell.loss], cell.recipe.source, cell.model_dump(mode="json")
        add("train", of, {"cell": dumped, "seeds": params.seeds}, _components(cell), cell)
        # Of all tolerances its own alone.
        judged = {
            "cell": dumped,
            "evaluation": evaluation.model_dump(mode="json", exclude={"tolerances"}),
            "tolerance": evaluation.tolerance(params.variants[cell.variant]).model_dump(mode="json"),
        }
        add("evaluate", of, judged, [SOURCES.module_of(source)], source, evaluation)
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


def code_of(stage: str, components: Iterable[str] = ()) -> str:
    """The stage's code and that of components, as modules, and the libraries that decide bits."""
    libraries = [f"{name} {of}\n" for name, of in versions().items()]
    files = sorted(files_of(stage, components))
    ours = [_line(f"ganstudy/{file.relative_to(PACKAGE).as_posix()}", file.read_bytes()) for file in files]
    return "".join([*libraries, *ours])


def files_of(stage: str, components: Iterable[str] = ()) -> set[Path]:
    """The files that the stage can reach with these components."""
    return reachable(f"ganstudy.pipeline.{stage}", *components)


def _line(name: str, content: bytes) -> str:
    return f"{name} {sha256(content).hexdigest()}\n"
