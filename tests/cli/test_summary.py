"""The five lines after a study."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ganstudy.cli.study_summary import for_machines, summarise_study
from ganstudy.core.errors import UserError
from ganstudy.core.files import write_json
from ganstudy.evaluation.comparison import compare_losses
from ganstudy.results import paths
from ganstudy.study.loading import parse
from ganstudy.study.params import Params

LOCK = Path("dvc.lock")
TEXT = """\
schema: '2.0'
stages:
  train@first-mse:
    cmd: ganstudy train first mse
    deps:
    - path: data/code/train/first/mse.json
      md5: {settings}
    outs:
    - path: data/runs/first/mse
      hash: md5
      md5: {md5}.dir
    - path: data/runs/first/more
      md5: b
"""


def git(*arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", *arguments],
        check=True,
        capture_output=True,
    )


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_study: Callable[..., Any]) -> Params:
    """Two variants and three losses in the current folder, compared; each with the runs that matched."""
    monkeypatch.chdir(tmp_path)
    matched = {
        "first": {"mse": 4, "hinge": 2, "lsgan": 4},
        "second": dict.fromkeys(("mse", "hinge", "lsgan"), 0),
    }
    settings = make_study("mse")
    recipe = settings["variants"]["v"]
    params = parse(
        {
            "study": {"name": "small", "seeds": 4},
            "variants": {"first": recipe, "second": recipe},
            "losses": {"mse": {}, "hinge": {}, "lsgan": {}},
        }
    )
    names = [(cell.variant, cell.loss) for cell in params.cells]
    summaries = {
        (variant, loss): {
            "runs": 4,
            "matched": matched[variant][loss],
            "undecided": 0,
            "off_target": 4 - matched[variant][loss],
            "collapsed": 0,
            "diverged": 0,
            "success_rate": matched[variant][loss] / 4,
            "success_rate_low": 0.0,
            "success_rate_high": 1.0,
        }
        for variant, loss in names
    }
    judged = {
        (variant, loss): {
            "overrides": {},
            "update": "joint",
            "update_asked": "joint",
            "metrics": {"wasserstein": {"floor": 0.1, "reason": None}},
            "runs": [
                {
                    "outcome": "matched" if run < matched[variant][loss] else "off_target",
                    "wasserstein_error": 0.2,
                }
                for run in range(4)
            ],
        }
        for variant, loss in names
    }
    write_json(paths.COMPARISON, compare_losses(params, summaries, judged))
    return params


@pytest.fixture
def repository(study: Params) -> Params:
    """The same, its dvc.lock committed."""
    LOCK.write_text(TEXT.format(md5="a", settings="s"))
    git("init")
    git("add", "dvc.lock")
    git("commit", "-m", "result")
    return study


def last_line(params: Params) -> str:
    return summarise_study(params).splitlines()[-1]


def test_it_says_what_was_found_in_five_lines(repository: Params) -> None:
    assert summarise_study(repository).splitlines() == [
        "small: 6 cells × 4 seeds = 24 GANs: 10 matched, 0 undecided, 14 off target, 0 collapsed, 0 diverged",
        "matched most often: first: mse, lsgan 4/4; never: second",
        "least often: first: hinge 2/4",
        "look at reports/index.html, reports/summary.md, or every run's curves with `mlflow ui`",
        "dvc.lock: all 2 outputs identical to the committed ones",
    ]


def test_it_names_what_was_not_reproduced(repository: Params) -> None:
    LOCK.write_text(TEXT.format(md5="c", settings="s"))
    assert last_line(repository) == "dvc.lock: differ: train@first-mse"


def test_it_tells_a_changed_study_from_a_failed_reproduction(repository: Params) -> None:
    LOCK.write_text(TEXT.format(md5="c", settings="t"))
    assert last_line(repository) == (
        "dvc.lock: new or changed by params.yaml: 1 stage; all others identical to the committed ones"
    )


def test_a_study_in_a_folder_of_a_repository_has_its_own_lock(
    repository: Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("below").mkdir()
    Path("reports").rename("below/reports")
    monkeypatch.chdir("below")
    assert last_line(repository) == "dvc.lock: no committed one to compare with"
    LOCK.write_text(TEXT.format(md5="a", settings="s"))
    git("add", "dvc.lock")
    git("commit", "-m", "another")
    assert "identical" in last_line(repository)


def test_without_a_repository_it_still_speaks(study: Params, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(Path.cwd().parent))
    assert last_line(study) == "dvc.lock: no committed one to compare with"


def test_without_git_it_still_speaks(study: Params, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert last_line(study).startswith("dvc.lock: git is not installed")


def test_without_a_lock_it_says_so(repository: Params) -> None:
    LOCK.unlink()
    assert last_line(repository) == "dvc.lock: not there; run `dvc repro` first"


def test_an_unfinished_study_is_an_error_that_says_what_to_do(study: Params) -> None:
    paths.COMPARISON.unlink()
    with pytest.raises(UserError, match="run `dvc repro` first"):
        summarise_study(study)


def test_machines_are_told_the_same(repository: Params) -> None:
    told = for_machines(repository)
    assert (told["cells"], told["seeds"]) == (6, 4)
    assert told["outcomes"] == {
        "matched": 10,
        "undecided": 0,
        "off_target": 14,
        "collapsed": 0,
        "diverged": 0,
    }
    assert {cell["loss"]: cell["matched"] for cell in told["variants"]["first"]} == {
        "mse": 4,
        "hinge": 2,
        "lsgan": 4,
    }
    assert told["lock"].keys() == {"problem", "identical", "outputs", "differ", "changed", "missing"}
    assert told["lock"]["identical"]
    Path(paths.LOCK).unlink()
    assert for_machines(repository)["lock"] == {"problem": "not there; run `dvc repro` first"}
