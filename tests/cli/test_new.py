"""`ganstudy new` and `ganstudy choose`: a study's folder from nothing, and from a study that tuned."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from command import complaint, ganstudy
from ganstudy.cli.new_study.folder import TEMPLATE_FILES, contents
from ganstudy.cli.new_study.ready import catalogue
from ganstudy.core.files import write_json
from ganstudy.core.versions import NUMERICS
from ganstudy.results import paths
from ganstudy.study.loading import load

ROOT = Path(__file__).parents[2]
MODELINE = "# yaml-language-server: $schema=params.schema.json\n"
Files = dict[str, bytes]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In no study's folder, and in no git repository, wherever the tests run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def files(folder: Path) -> Files:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
        if ".git" not in path.relative_to(folder).parts
    }


# ---- What there is


@pytest.mark.parametrize("arguments", [["new"], ["new", "--list"]])
def test_ready_studies_are_listed_with_what_they_ask(arguments: list[str]) -> None:
    result = ganstudy(*arguments)
    assert result.exit_code == 0
    listed = dict(re.split(r"  +", line, maxsplit=1) for line in result.stdout.splitlines())
    assert listed == {name: study.question for name, study in catalogue().items()}


def test_of_an_unknown_study_the_nearest_is_named() -> None:
    assert complaint(ganstudy("new", "gausian-forms", "x")) == (
        "no ready study 'gausian-forms'; did you mean 'gaussian-forms'?"
    )
    assert not Path("x").exists()


def test_without_a_folder_it_asks_for_one() -> None:
    assert complaint(ganstudy("new", "digits")) == "say where: ganstudy new digits DIR"


# ---- The folder


@pytest.mark.parametrize("name", catalogue())
def test_a_new_folder_is_sound(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = ganstudy("new", name, "deep/study")
    assert result.exit_code == 0
    assert "  cd deep/study " in result.stdout
    assert Path("deep/study/params.yaml").read_text("utf-8") == f"{MODELINE}{catalogue()[name].text}"
    monkeypatch.chdir("deep/study")
    checked = ganstudy("check")
    assert checked.exit_code == 0, checked.stderr
    assert "params.yaml is fine" in checked.stdout
    assert "dvc repro" in ganstudy().stdout


def test_it_pins_what_decides_bits(tmp_path: Path) -> None:
    ganstudy("new", "digits", "study")
    pins = Path("study/requirements.txt").read_text("utf-8").splitlines()
    numerics = (ROOT / "requirements/numerics.txt").read_text("utf-8").splitlines()
    assert "ganstudy==0.2.0" in pins
    assert {pin for pin in numerics if "==" in pin} == {pin for pin in pins if pin.startswith(NUMERICS)}


def test_what_dvc_watches_is_there() -> None:
    """DVC takes an absent dependency for a reason to stop."""
    ganstudy("new", "digits", "study")
    stages = YAML(typ="safe").load(Path("study/dvc.yaml"))["stages"]
    made = ("data/code", "data/prepared", "data/runs", "data/classifiers", "reports")
    given = {dep for stage in stages.values() for dep in stage["deps"] if not dep.startswith(made)}
    assert given == {"own", "requirements.txt", "data/raw/images", "data/raw/tables"}
    assert all(Path("study", place).exists() for place in given)


def test_outside_git_it_makes_a_repository_and_inside_none(tmp_path: Path) -> None:
    assert "a git repository of its own" in ganstudy("new", "digits", "alone").stdout
    assert Path("alone/.git").is_dir()
    assert "in the git repository there" in ganstudy("new", "digits", "alone/below").stdout
    assert not Path("alone/below/.git").exists()
    untracked = ["git", "ls-files", "--others", "--exclude-standard"]
    shown = subprocess.check_output(untracked, cwd="alone", text=True)
    assert {"params.yaml", ".dvc/config", "own/README.md", "data/raw/tables/README.md"} <= set(shown.split())


@pytest.mark.parametrize(
    ("there", "named"),
    [
        ("params.yaml", "params.yaml"),
        ("own", "own"),
        ("own/README.md", "own/README.md"),
        (".dvc/config", ".dvc/config"),
        ("dvc.lock", "dvc.lock"),
        ("reports/index.html", "reports"),
        ("data/runs/v/l/runs.json", "data/runs"),
    ],
)
def test_nothing_is_overwritten(there: str, named: str) -> None:
    place = Path("study", there)
    place.parent.mkdir(parents=True)
    place.write_text("mine")
    before = files(Path())
    assert complaint(ganstudy("new", "digits", "study")) == (
        f"study: would overwrite {named}; choose an empty or a new folder"
    )
    assert files(Path()) == before
    assert not Path("study/.git").exists()


def test_what_is_not_in_the_way_stays(tmp_path: Path) -> None:
    Path("study/notes").mkdir(parents=True)
    Path("study/notes/mine.txt").write_text("mine")
    assert ganstudy("new", "digits", "study").exit_code == 0
    assert Path("study/notes/mine.txt").read_text() == "mine"


@pytest.mark.parametrize("folder", ["file", "file/study"])
def test_a_file_is_no_folder(folder: str) -> None:
    Path("file").write_text("mine")
    assert "would overwrite the file file;" in complaint(ganstudy("new", "digits", folder))
    assert Path("file").read_text() == "mine"


def test_where_nothing_can_be_written_it_says_so() -> None:
    assert complaint(ganstudy("new", "digits", "/proc/study")).startswith("/proc/study: cannot be written")


def test_without_git_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert complaint(ganstudy("new", "digits", "study")).startswith("git is not installed")
    assert not Path("study").exists()


# ---- One text: what this repository has in common with a new folder


def test_the_stages_here_are_those_of_a_new_folder_but_for_where_the_code_is() -> None:
    """What changes in dvc.yaml changes in both."""
    new, here = "      - requirements.txt\n", "      - requirements/numerics.txt\n      - src/ganstudy\n"
    template = (TEMPLATE_FILES / "dvc.yaml.in").read_text("utf-8")
    assert template.count(new) == 1
    assert (ROOT / "dvc.yaml").read_text("utf-8") == template.replace(new, here)


OWN = ("README.md", "requirements.txt", "params.yaml", "dvc.yaml", ".gitignore")


def test_every_other_file_is_the_same_here() -> None:
    for place, text in contents("").items():
        if str(place) not in OWN:
            assert (ROOT / place).read_text("utf-8") == text, (
                f"{place} differs from its copy in {TEMPLATE_FILES}"
            )


def test_what_dvc_draws_with_here_it_draws_with_there() -> None:
    for template in (ROOT / ".dvc").glob("plots/*"):
        assert template.relative_to(ROOT) in contents("")


def test_what_git_ignores_there_it_ignores_here() -> None:
    _, _, of_studies = (TEMPLATE_FILES / "dot_gitignore").read_text("utf-8").partition("\n\n")
    assert (ROOT / ".gitignore").read_text("utf-8").endswith(of_studies)


# ---- choose


TUNING = """# What the first study asks.
study:
  name: first
  seeds: [1000, 1001, 1002]      # for tuning alone

variants:
  # A comment that stays.
  v:
    source: {name: gaussian}
    noise: {name: normal}
    generator: {hidden: [4]}
    discriminator: {hidden: [4]}
    optimizer: {name: adam, lr: 1.0e-3}
    batch: 8
    steps: 3

losses:                          # NAME__SETTING
  mse__slow: {loss: mse, optimizer: &slow {name: adam, lr: 1.0e-4}}
  mse__fast: {loss: mse, optimizer: &fast {name: adam, lr: 1.0e-2}}
  soft__slow: {loss: smoothed, smoothing: 0.1, optimizer: *slow}
  soft__fast: {loss: smoothed, smoothing: 0.1, optimizer: *fast}

# A third.
evaluation:
  tolerances:                    # another that stays
    gaussian: {wasserstein: 0.1}
"""
FLOOR = 0.01
Found = dict[str, list[float | None]]


@pytest.fixture
def tuned(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`tuned(found, text)`: be in the folder of a tuning study that is done. Of each cell the distances of
    its runs in floors; None has diverged, up to 10 has matched."""

    def finish(found: Found, text: str = TUNING) -> None:
        Path("tuning").mkdir()
        monkeypatch.chdir("tuning")
        Path("params.yaml").write_text(text, encoding="utf-8")
        params = load()
        for cell, distances in zip(params.cells, found.values(), strict=True):
            assert cell.loss in found
            rows = [
                {
                    "seed": seed,
                    "outcome": "diverged" if far is None else "matched" if far <= 10 else "off_target",
                    "wasserstein_error": None if far is None else far * FLOOR,
                }
                for seed, far in zip(params.seeds, distances, strict=True)
            ]
            figures = {"wasserstein": {"floor": FLOOR, "reason": None}}
            judged = {"metrics": figures, "overrides": cell.overrides, "runs": rows}
            write_json(paths.judged(cell.variant, cell.loss), judged)
            write_json(paths.metrics(cell.variant, cell.loss), {})

    return finish


FOUND: Found = {
    "mse__slow": [1, 1, 20],  # less often, though nearer
    "mse__fast": [9, 9, 9],
    "soft__slow": [3, 5, 50],
    "soft__fast": [4, 4, None],  # as often, and nearer by the median
}


def test_each_losss_best_setting_goes_into_the_study_that_reports(tuned: Callable[..., None]) -> None:
    tuned(FOUND)
    result = ganstudy("choose", "../chosen", "--seeds", "4")
    assert result.exit_code == 0, result.stderr
    assert "mse: fast matched 3 of 3, 9 floors; slow matched 2 of 3, 1 floors\n" in result.stdout
    assert Path("../chosen/params.yaml").read_text("utf-8") == (
        MODELINE
        + """# Each loss with its best setting: which is best on seeds that the settings were not chosen on?
# Above each stand its settings as first found them on 3 other seeds,
# 1000 to 1002. The first was chosen: it matched most often, then was nearest.
study:
  name: first-chosen
  seeds: 4

variants:
  # A comment that stays.
  v:
    source: {name: gaussian}
    noise: {name: normal}
    generator: {hidden: [4]}
    discriminator: {hidden: [4]}
    optimizer: {name: adam, lr: 1.0e-3}
    batch: 8
    steps: 3

losses:
  # fast matched 3 of 3, 9 floors; slow matched 2 of 3, 1 floors
  mse: {optimizer: {name: adam, lr: 0.01}}
  # fast matched 2 of 3, 4 floors; slow matched 2 of 3, 5 floors
  soft: {loss: smoothed, smoothing: 0.1, optimizer: {name: adam, lr: 0.01}}

# A third.
evaluation:
  tolerances:                    # another that stays
    gaussian: {wasserstein: 0.1}
"""
    )
    params = load(Path("../chosen/params.yaml"))
    assert params.seeds == [0, 1, 2, 3]
    assert {
        name: entry.overrides.optimizer.lr
        for name, entry in params.losses.items()
        if entry.overrides.optimizer
    } == {
        "mse": 0.01,
        "soft": 0.01,
    }


def test_of_equals_the_first_is_chosen(tuned: Callable[..., None]) -> None:
    tuned({entry: [1, 1, 1] for entry in FOUND})
    assert "mse: slow matched 3" in ganstudy("choose", "../chosen").stdout


def test_a_setting_that_diverged_is_chosen_last(tuned: Callable[..., None]) -> None:
    tuned({**FOUND, "mse__slow": [None, None, None], "mse__fast": [99, 99, 99]})
    said = "mse: fast matched 0 of 3, 99 floors; slow matched 0 of 3, diverged"
    assert said in ganstudy("choose", "../chosen").stdout


def test_its_own_code_and_data_go_with_it(tuned: Callable[..., None]) -> None:
    tuned(FOUND)
    for place in ("own/losses/mine.py", "data/raw/tables/mine.csv"):
        Path(place).parent.mkdir(parents=True)
        Path(place).write_text("mine")
    assert ganstudy("choose", "../chosen").exit_code == 0
    assert Path("../chosen/own/losses/mine.py").read_text() == "mine"
    assert Path("../chosen/data/raw/tables/mine.csv").read_text() == "mine"


def refused(*arguments: str) -> str:
    before = files(Path(".."))
    told = complaint(ganstudy("choose", "../chosen", *arguments))
    assert files(Path("..")) == before
    return told


def test_seeds_that_were_tuned_on_are_refused(tuned: Callable[..., None]) -> None:
    tuned(FOUND, TUNING.replace("1001, 1002", "15, 3"))
    assert refused().startswith("seed 3 was used for tuning, so it cannot judge what was chosen")


def test_an_unequal_number_of_settings_is_refused(tuned: Callable[..., None]) -> None:
    tuned(
        {**FOUND, "mse__third": [1, 1, 1]},
        TUNING.replace("  soft__slow", "  mse__third: {loss: mse}\n  soft__slow"),
    )
    assert refused() == "losses: each is to be tried with the same number of settings; found mse 3, soft 2"


def test_another_kind_of_study_is_refused(tuned: Callable[..., None]) -> None:
    tuned({"mse": [1, 1, 1], **FOUND}, TUNING.replace("losses:   ", "losses:\n  mse: {}\n#"))
    assert "losses.mse: this is no tuning study, whose losses are named NAME__SETTING" in refused()


def test_an_unfinished_study_is_to_be_run_first(tuned: Callable[..., None]) -> None:
    tuned(FOUND)
    paths.judged("v", "soft__fast").unlink()
    assert refused() == "reports/runs/v/soft__fast.json: not there; run `dvc repro` first"


@pytest.mark.parametrize(("was", "now"), [("1001, 1002", "1001, 1003"), ("1.0e-4", "2.0e-4")])
def test_results_of_other_settings_are_refused(was: str, now: str, tuned: Callable[..., None]) -> None:
    tuned(FOUND)
    Path("params.yaml").write_text(TUNING.replace(was, now), encoding="utf-8")
    assert "the result is not of this params.yaml; run `dvc repro`" in refused()
