"""What holds for the package as a whole."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ganstudy import ARITHMETIC

SOURCE = Path(__file__).parents[1] / "src" / "ganstudy"
MODULES = sorted(SOURCE.rglob("*.py"))

LAYERS = [
    {"core"},
    {"sources", "networks", "losses"},
    {"training"},
    {"metrics"},
    {"statistics"},
    {"study"},
    {"evaluation", "execution"},
    {"results"},
    {"tracking", "reporting"},
    {"pipeline"},
    {"cli"},
]
"""A room imports itself and what stands above it here."""
SIDE_BY_SIDE = {"evaluation", "tracking", "reporting"}
PICKLERS = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def part(path: Path) -> str:
    """The folder or module directly below the package."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """The parts that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which part is meant"
            origin = node.module or ""
            names = [f"{origin}.{alias.name}" for alias in node.names] if origin == "ganstudy" else [origin]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found |= {dotted.split(".")[1] for dotted in names if dotted.startswith("ganstudy.")}
    return found


ROOMS = 15


def test_there_are_few_rooms_and_nothing_beside_them() -> None:
    rooms = [path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert len(rooms) <= ROOMS
    assert [path.name for path in SOURCE.glob("*.py")] == ["__init__.py"]


IMPORTS = {path: imports(path) for path in MODULES if path != SOURCE / "__init__.py"}
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def test_every_part_has_its_layer() -> None:
    assert {part(path) for path in IMPORTS} <= set(LEVEL)


@pytest.mark.parametrize("path", IMPORTS, ids=name)
def test_imports_run_one_way(path: Path) -> None:
    own = part(path)
    for other in IMPORTS[path] - {own}:
        assert LEVEL[other] < LEVEL[own], f"{own} may not import {other}"


def test_evaluation_tracking_and_reporting_do_not_know_each_other() -> None:
    for path, found in IMPORTS.items():
        if part(path) in SIDE_BY_SIDE:
            assert not found & (SIDE_BY_SIDE - {part(path)}), name(path)


def test_training_knows_no_files_no_mlflow_and_no_dvc() -> None:
    for path in (SOURCE / "training").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(from|import) (pathlib|os|json|mlflow|dvc)\b", text, re.MULTILINE), (
            path.name
        )
        assert "open(" not in text


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nothing_is_unpickled(path: Path) -> None:
    """A pickle from elsewhere runs whatever it likes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=[ast.alias(name=module)]) | ast.ImportFrom(module=str(module)):
                assert module.split(".")[0] not in PICKLERS
            case ast.keyword(arg="allow_pickle", value=value):
                assert isinstance(value, ast.Constant)
                assert value.value is False
            case ast.Attribute(value=ast.Name(id="torch"), attr=attribute):
                assert attribute not in ("load", "save")


def in_a_fresh_process(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.strip()


@pytest.mark.parametrize("before", [{}, dict.fromkeys(ARITHMETIC, "7")], ids=["nothing", "something else"])
def test_importing_the_package_fixes_the_arithmetic_whatever_was_set(before: dict[str, str]) -> None:
    code = f"import json, os, ganstudy; print(json.dumps({{n: os.environ[n] for n in {list(ARITHMETIC)}}}))"
    assert json.loads(in_a_fresh_process(code, **before)) == ARITHMETIC


def test_the_arithmetic_is_fixed_before_torch_is_there() -> None:
    """Set afterwards it would have no effect."""
    code = "import sys, ganstudy; print('torch' in sys.modules or 'numpy' in sys.modules)"
    assert in_a_fresh_process(code) == "False"
    code = """
import ganstudy.training
import torch
print(torch.get_num_threads(), torch.backends.cpu.get_cpu_capability())
"""
    assert in_a_fresh_process(code) == "1 AVX2"


def test_what_does_not_train_starts_without_torch() -> None:
    """It takes longer to import than all the rest; `train` leaves it to the workers."""
    names = [
        "study.loading",
        "cli",
        *(f"pipeline.{stage}" for stage in ("prepare", "train", "evaluate", "compare")),
    ]
    code = f"""
import sys
from importlib import import_module
for name in {names}:
    import_module(f"ganstudy.{{name}}")
    if "torch" in sys.modules:
        print(name, "imports it")
        break
"""
    assert in_a_fresh_process(code) == ""


def test_dvc_knows_nothing_of_where_training_runs() -> None:
    """Another engine, address or number of workers is no reason to train again."""
    stages = (SOURCE.parents[1] / "dvc.yaml").read_text(encoding="utf-8")
    assert not re.search(r"execution|engine|\bray|GANSTUDY_|_ADDRESS|requirements/ray", stages, re.IGNORECASE)


def public_names(path: Path) -> list[str]:
    """Those that a module gives a meaning."""
    found = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [
                each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)
            ]
    return [name for name in found if not name.startswith("_") and name not in CONVENTIONS]


CONVENTIONS = {
    "METRIC",  # by which the registry finds a metric in its module
    "aten",  # PyTorch's
    "os",  # whose environment is changed
}


def test_a_name_means_one_thing() -> None:
    """But for commands, for stages, which are called as DVC calls them, and for paths, which are always said
    to be such."""
    meanings: dict[str, set[str]] = {}
    for path in MODULES:
        if part(path) == "cli" or name(path) == "results/paths.py":
            continue
        for public in public_names(path):
            if not (part(path) == "pipeline" and public == path.stem):
                meanings.setdefault(public, set()).add(name(path))
    assert len(meanings) > 800
    assert not {public: found for public, found in meanings.items() if len(found) > 1}
