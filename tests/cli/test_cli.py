"""The command line, as DVC and people use it."""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from command import complaint, complaints, ganstudy
from ganstudy.cli.group import main
from ganstudy.study.loading import load

ROOT = Path(__file__).parents[2]
GANSTUDY = Path(sys.executable).with_name("ganstudy")
STAGES = ("prepare", "train", "evaluate", "compare", "report", "track")
TABLE = "a,b\n" + "".join(f"{i},{i * i}\n" for i in range(20))

Study = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GANSTUDY_MNIST", raising=False)
    return tmp_path


@pytest.fixture
def study(folder: Path, make_study: Callable[..., Study]) -> Callable[..., Study]:
    """`study(**variants)`: write params.yaml with these variants, each its recipe's differences."""

    def write(**variants: dict[str, Any]) -> Study:
        # A copy, as tests spoil it and blocks are shared between studies.
        content = deepcopy(make_study("mse"))
        if variants:
            base = content["variants"].pop("v")
            content["variants"] = {name: {**base, **recipe} for name, recipe in variants.items()}
        (folder / "params.yaml").write_text(json.dumps(content))
        return content

    return write


@pytest.fixture
def tables(folder: Path) -> Callable[[str, str], dict[str, Any]]:
    """`tables(file, contents)`: write a table; the recipe that reads it."""

    def write(name: str, contents: str) -> dict[str, Any]:
        home = folder / "data/raw/tables"
        home.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(contents)
        return {"source": {"name": "table", "path": name}}

    return write


def files(folder: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


# ---- check


def test_check_counts_what_the_committed_study_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    params = load()
    variants, losses, seeds = len(params.variants), len(params.losses), len(params.seeds)
    result = ganstudy("check")
    assert result.exit_code == 0
    (first,) = result.stdout.splitlines()
    assert first == (
        f"params.yaml is fine: {variants} variants × {losses} losses × {seeds} seeds "
        f"= {variants * losses} cells, {variants * losses * seeds} GANs"
    )


def test_check_touches_nothing(
    study: Callable[..., Study], tables: Callable[[str, str], Any], folder: Path
) -> None:
    study(made_up={}, mine=tables("mine.csv", TABLE), scans={"source": "digits"}, mnist={"source": "mnist"})
    before = files(folder)
    assert ganstudy("check").exit_code == 0
    assert files(folder) == before


def test_without_params_the_folder_is_the_wrong_one(folder: Path) -> None:
    (told,) = complaints(ganstudy("check"))
    assert told.startswith("params.yaml: cannot be read")
    assert told.endswith("run this in the study's folder")


def test_every_mistake_in_params_is_named_with_its_place(study: Callable[..., Study], folder: Path) -> None:
    content = study()
    content["study"]["seeds"] = 0
    content["variants"]["v"]["optimizer"]["lr"] = "fast"
    content["variants"]["v"]["bach"] = 3
    content["losses"]["msee"] = {}
    (folder / "params.yaml").write_text(json.dumps(content))
    told = complaints(ganstudy("check"))
    assert len(told) >= 3
    for place in ("params.yaml: study.seeds", "params.yaml: variants.v", "params.yaml: losses.msee"):
        assert any(line.startswith(place) for line in told)
    assert any("did you mean 'mse'?" in line for line in told)
    assert any("did you mean 'batch'?" in line for line in told)


def test_check_tells_machines_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    told = json.loads(ganstudy("check", "--json").stdout)
    assert (told["ok"], told["problems"]) == (True, [])
    assert told["study"]["cells"] == len(load().cells)


def test_plan_where_no_pipeline_is_says_what_makes_one(study: Callable[..., Study]) -> None:
    study()
    assert "dvc.yaml: not there; `ganstudy new" in complaint(ganstudy("plan"))


def test_check_tells_machines_what_is_wrong_and_where(
    study: Callable[..., Study], tables: Callable[[str, str], Any], folder: Path
) -> None:
    content = study(one={"source": {"name": "table", "path": "absent.csv"}})
    (problem,) = problems()
    assert problem["place"] == "variants.one.source"
    assert "absent.csv: no such file" in problem["problem"]
    content["study"]["seeds"] = 0
    content["losses"]["msee"] = {}
    (folder / "params.yaml").write_text(json.dumps(content))
    found = problems()
    assert {"place": "study.seeds", "problem": "0 is too few; give at least 1"} in found
    assert "losses.msee" in {problem["place"] for problem in found}
    (folder / "params.yaml").unlink()
    assert [problem["place"] for problem in problems()] == ["params.yaml"]


def problems() -> list[dict[str, str]]:
    result = ganstudy("check", "--json")
    assert (result.exit_code, result.stderr) == (2, "")
    told = json.loads(result.stdout)
    assert told.keys() == {"ok", "problems"}
    assert not told["ok"]
    return list(told["problems"])


def test_check_imports_no_more_than_it_needs() -> None:
    code = """
import sys
from click.testing import CliRunner
from ganstudy.cli import main
assert CliRunner().invoke(main, ["check"]).exit_code == 0
print(*sorted({"torch", "dvc", "mlflow", "pandas", "scipy", "sklearn"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("contents", "wrong"),
    [
        (None, "mine.csv: no such file"),
        ("", "mine.csv: is empty; the first line"),
        ("a,b\n", "mine.csv: 0 rows of 2 columns; needs at least 10 rows"),
        (TABLE.replace("3,9", "3,"), "mine.csv: column 'b' has no finite number in row 4"),
        (TABLE.replace("3,9", "3,inf"), "mine.csv: column 'b' has no finite number in row 4"),
        (TABLE.replace("3,9", "3,nine"), "mine.csv: column 'b' is not numeric"),
    ],
    ids=["absent", "empty", "headings alone", "a gap", "an infinity", "a word"],
)
def test_check_finds_what_is_wrong_with_a_table(
    contents: str | None, wrong: str, study: Callable[..., Study], tables: Callable[[str, str], Any]
) -> None:
    recipe = tables("other.csv" if contents is None else "mine.csv", contents or "")
    recipe["source"]["path"] = "mine.csv"
    study(v=recipe)
    (told,) = complaints(ganstudy("check"))
    assert told.startswith(f"variants.v.source: data/raw/tables/{wrong}")


def test_check_finds_a_column_that_is_not_there(
    study: Callable[..., Study], tables: Callable[[str, str], Any]
) -> None:
    recipe = tables("mine.csv", TABLE.replace("a,b", "height,weight"))
    recipe["source"]["columns"] = ["wieght"]
    study(v=recipe)
    (told,) = complaints(ganstudy("check"))
    assert told.endswith("no column 'wieght'; did you mean 'weight'?")


@pytest.mark.parametrize(
    "contents",
    [gzip.compress(bytes(5000))[:-20], gzip.compress(bytes(5000)), b"not packed at all", b""],
    ids=["cut short", "other contents", "not packed", "empty"],
)
def test_check_finds_damaged_mnist_files(
    contents: bytes, study: Callable[..., Study], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder / "elsewhere"
    home.mkdir()
    (home / "t10k-images-idx3-ubyte.gz").write_bytes(contents)
    monkeypatch.setenv("GANSTUDY_MNIST", str(home))
    study(v={"source": {"name": "mnist", "split": "test"}})
    (told,) = complaints(ganstudy("check"))
    assert told.startswith(f"variants.v.source: {home}/t10k-images-idx3-ubyte.gz: wrong checksum")
    assert told.endswith("fetch it again")


def test_check_names_all_unusable_data_at_once(
    study: Callable[..., Study], tables: Callable[[str, str], Any]
) -> None:
    absent = {"source": {"name": "table", "path": "absent.csv"}}
    elsewhere = {"source": {"name": "table", "path": "../../elsewhere.csv"}}
    study(one=absent, good={}, two=tables("empty.csv", ""), three=elsewhere, four=tables("t.csv", TABLE))
    told = complaints(ganstudy("check"))
    assert [line.split(":")[0] for line in told] == [
        "variants.one.source",
        "variants.two.source",
        "variants.three.source",
    ]


# ---- stages


def test_prepare_writes_the_variants_data(study: Callable[..., Study], folder: Path) -> None:
    study(v={}, w={})
    assert ganstudy("prepare", "v").exit_code == 0
    assert (folder / "data/prepared/v/train.npy").is_file()
    assert not (folder / "data/prepared/w").exists()


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("prepare", "x"), "no variant 'x' in params.yaml; there are: v, w"),
        (("train", "x", "l"), "no variant 'x' in params.yaml; there are: v, w"),
        (("train", "v", "x"), "no loss 'x' in params.yaml; there are: l"),
        (("evaluate", "v", "x"), "no loss 'x' in params.yaml; there are: l"),
    ],
)
def test_a_cell_that_params_do_not_name_is_refused_and_nothing_written(
    arguments: tuple[str, ...], wrong: str, study: Callable[..., Study], folder: Path
) -> None:
    study(v={}, w={})
    before = files(folder)
    assert complaints(ganstudy(*arguments))[-1] == wrong
    assert files(folder) == before


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (("prepare", "v"), "dvc checkout"),
        (("train", "v", "l"), "dvc checkout"),
        (("evaluate", "v", "l"), "git checkout reports"),
        (("compare",), "git checkout reports"),
    ],
)
def test_a_stage_that_fails_under_dvc_says_how_its_outputs_come_back(
    arguments: tuple[str, ...],
    remedy: str,
    study: Callable[..., Study],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DVC_STAGE", "stage")
    monkeypatch.setattr("ganstudy.execution.parent_watchdog.end_with_dvc", lambda: None)
    study(v={"source": {"name": "table", "path": "absent.csv"}})
    before = files(folder)
    result = ganstudy(*arguments)
    assert result.exit_code != 0
    assert result.stderr.startswith("ganstudy: outputs of this stage alone were lost; to restore them: ")
    assert remedy in result.stderr
    assert files(folder) == before


@pytest.mark.parametrize("arguments", [("prepare", "v"), ("train", "v", "l"), ("evaluate", "v", "l")])
def test_stages_refuse_what_check_would_have_refused(
    arguments: tuple[str, ...], study: Callable[..., Study], folder: Path
) -> None:
    content = study()
    content["variants"]["v"]["batch"] = 0
    (folder / "params.yaml").write_text(json.dumps(content))
    told = complaints(ganstudy(*arguments))
    assert told[-1] == "params.yaml: variants.v.batch: 0 is too few; give at least 1"


# ---- the command itself


def test_help_names_every_command() -> None:
    for asked in ("--help", "-h"):
        result = ganstudy(asked)
        assert result.exit_code == 0
        assert all(f"  {name} " in result.stdout for name in ("check", "summary", *STAGES))


@pytest.mark.parametrize("name", list(main.commands))
def test_every_command_has_its_help_with_an_example_and_what_it_writes(name: str) -> None:
    result = ganstudy(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {name}")
    assert re.search(rf"Examples?: ganstudy {name}\b", result.stdout)
    assert "Writes " in result.stdout


def test_help_imports_nothing_but_click() -> None:
    """So that it is there at once, on any machine."""
    code = """
import sys
from click.testing import CliRunner
from ganstudy.cli import main
for name in ["", *main.commands]:
    assert CliRunner().invoke(main, [*name.split(), "--help"]).exit_code == 0
print(*sorted({name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = {name for name in done.stdout.split() if not name.startswith("_")}
    assert {"click", "ganstudy"} <= imported
    heavy = {
        "torch",
        "dvc",
        "mlflow",
        "pandas",
        "scipy",
        "sklearn",
        "numpy",
        "pydantic",
        "rich",
        "matplotlib",
    }
    assert imported & heavy == set()


@pytest.mark.parametrize("link", ["images", "tables", "images/cats"])
def test_check_finds_a_link_to_nothing_where_dvc_would_stop(
    link: str, study: Callable[..., Study], folder: Path
) -> None:
    study()
    (folder / "data/raw" / link).mkdir(parents=True, exist_ok=True)
    (folder / "data/raw" / link / "lost.csv").symlink_to("nowhere.csv")
    (told,) = complaints(ganstudy("check"))
    assert told == f"data/raw/{link}/lost.csv: links to nothing; mend the link or remove it, DVC watches it"


def test_the_readme_has_every_command() -> None:
    _, _, after = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Commands")
    table = after.partition("\n## ")[0]
    assert [name for name in main.commands if not re.search(rf"`(ganstudy )?{name}\b", table)] == []


def test_it_says_its_version() -> None:
    assert "0.2.0" in ganstudy("--version").stdout


def test_what_is_installed_is_this_command(study: Callable[..., Study], folder: Path) -> None:
    """As DVC calls it: exit code 2 and one line, no traceback."""
    study()
    good = subprocess.run([GANSTUDY, "check"], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stderr) == (0, "")
    (folder / "params.yaml").write_text("study: [")
    bad = subprocess.run([GANSTUDY, "check"], capture_output=True, text=True, check=False)
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.startswith("ganstudy: params.yaml: not valid YAML")
    assert len(bad.stderr.splitlines()) == 1
