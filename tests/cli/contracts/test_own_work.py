"""Own work, as docs/extending.md shows it, from `use` to runs; and what is said of work that is wrong."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from command import ganstudy
from extending import settings, write_files
from ganstudy.cli.contracts.own import examine
from ganstudy.core import own
from ganstudy.core.errors import UserError
from ganstudy.losses.registry import make_loss
from ganstudy.pipeline.code import digests
from ganstudy.results.paths import code
from ganstudy.results.sampler import Sampler
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.loading import parse
from ganstudy.study.params import Params
from ganstudy.training.trainer import train

Study = dict[str, Any]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """The page's study, in a folder of its own."""
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    return settings()


def broken(params: Params) -> dict[str, str]:
    """What is said of each promise that is not kept."""
    return {found.clause: found.broken for found in examine(params) if found.broken is not None}


def test_the_pages_examples_keep_every_promise(study: Study) -> None:
    found = list(examine(parse(study)))
    assert [f"{one.place}: {one.clause}: {one.broken}" for one in found if one.broken] == []
    assert {one.use for one in found} == {
        "losses/mine.py:Margin",
        "sources/two_moons.py:TwoMoons",
        "networks/mine.py:Residual",
        "networks/mine.py:forgetful",
        "metrics/mine.py:median_gap",
    }


def test_own_networks_learn(study: Study) -> None:
    study["variants"]["moons"] |= {
        "steps": 600,
        "batch": 64,
        "optimizer": {"name": "adam", "lr": 2e-3, "betas": [0.0, 0.99]},
    }
    cell = parse(study).cell("moons", "margin")
    source = make_source(cell.recipe.source)
    data = Prepared.of(source)
    runs = train(cell, [0, 1], data, data.stream(source))

    def off(samples: Any) -> float:
        return float(abs(samples.std(axis=0) - data.held_out.std(axis=0)).mean())

    for replica in range(2):
        assert off(runs.samples[replica]) < 0.6 * off(runs.evolution[replica, 0])


def test_a_generator_of_ones_own_samples_without_its_study(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = parse(study).cell("moons", "margin")
    source = make_source(cell.recipe.source)
    data = Prepared.of(source)
    runs = train(cell, [0, 1], data, data.stream(source))
    sampler = Sampler.of(cell.recipe.noise, cell.recipe.generator, data.description, runs.weights, 1)
    sampler.save(tmp_path / "model")
    noise = sampler.draw_noise(5)
    expected = sampler(noise)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    np.testing.assert_array_equal(Sampler.load(tmp_path / "model")(noise), expected)
    own._sent.clear()


def test_only_the_cells_that_use_a_file_depend_on_it(study: Study) -> None:
    study["variants"]["gaussian"] = {
        **study["variants"]["moons"],
        "source": "gaussian",
        "generator": {"hidden": [3]},
        "discriminator": {"hidden": [3]},
    }

    def changed(path: str) -> set[str]:
        before = digests(parse(study))
        with (own.HOME / path).open("a") as file:
            file.write("# touched\n")
        after = digests(parse(study))
        return {str(place.relative_to("data/code")) for place in after if after[place] != before[place]}

    assert changed("losses/mine.py") == {"train/moons/margin.txt", "train/gaussian/margin.txt"}
    assert changed("networks/mine.py") == {"train/moons/margin.txt", "train/moons/mse.txt"}
    cells = [f"{variant}/{loss}.txt" for variant in ("moons", "gaussian") for loss in ("margin", "mse")]
    judged = {"floors/moons.txt", "floors/gaussian.txt", *(f"evaluate/{cell}" for cell in cells)}
    assert changed("metrics/mine.py") == judged
    assert changed("sources/two_moons.py") == {
        "prepare/moons.txt",
        "floors/moons.txt",
        "evaluate/moons/margin.txt",
        "evaluate/moons/mse.txt",
        "train/moons/margin.txt",
        "train/moons/mse.txt",
    }


def write(path: Path, content: Study) -> None:
    with path.open("w") as file:
        YAML(typ="safe").dump(content, file)


def put(path: str, text: str) -> None:
    (own.HOME / path).parent.mkdir(parents=True, exist_ok=True)
    (own.HOME / path).write_text(text)


LOSS = """
import torch
from ganstudy.losses.loss import AtMatch, Loss, TwoTermLoss
from ganstudy.losses.non_saturating import NonSaturating

class Mine(NonSaturating):
"""

# What is wrong with a loss, and what is said of it.
WRONG_LOSSES: dict[str, tuple[str, str, str]] = {
    "mixes examples": (
        "    def real(self, C, u): return super().real(C - C.mean(), u)",
        "it answers for each example of each replica",
        "depends on the others of its batch",
    ),
    "one number": (
        "    def real(self, C, u): return super().real(C, u).mean()",
        "it answers for each example of each replica",
        "returned shape [], expected [replicas, batch]",
    ),
    "another value at match": (
        "    at_match = AtMatch(logit=0.0, generator=1.0, brier=0.25)",
        "its values at match are what it computes",
        "at match generator is 0.693147, but at_match says 1.0",
    ),
    "no probability": (
        "    brier_of = None",
        "its brier score at match is that of the optimal answer",
        "brier_of names no probability",
    ),
    "infinite": (
        "    def fake(self, C, u): return -torch.log(1 - C.sigmoid())",
        "it and its gradients stay finite for extreme logits",
        "not finite",
    ),
    "secret labels": (
        "    def real(self, C, u): return super().real(C, u) * (1 + u)",
        "it draws labels only if it says so",
        "label_noise is None",
    ),
    "decides in Python": (
        "    def generator(self, fake, real, u):\n"
        "        return super().generator(fake, real, u) * (2 if fake.sum() > 0 else 1)",
        "it can be replayed",
        "decide by torch.where",
    ),
    "draws by itself": (
        "    def generator(self, fake, real, u):\n"
        "        return super().generator(fake, real, u) + 0 * torch.rand_like(fake)",
        "it can be replayed",
        "take random numbers from those that are given",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_LOSSES.values(), ids=WRONG_LOSSES)
def test_a_loss_that_breaks_a_promise_is_named(wrong: tuple[str, str, str], study: Study) -> None:
    method, clause, said = wrong
    put("losses/mine.py", LOSS + method + "\n")
    study["losses"] = {"mine": {"use": "losses/mine.py:Mine"}}
    study["variants"]["moons"] |= {"generator": {"hidden": [3]}, "discriminator": {"hidden": [3]}}
    assert said in broken(parse(study))[clause]


SOURCE = """
import numpy as np
from ganstudy.sources.source import Contents, Dataset, Distribution, Moments

class Mine(Distribution):
    def draw(self, rng, n): return rng.standard_normal((n, 2), np.float32)
    def moments(self): return Moments(np.zeros(2), np.ones(2), np.zeros(2), np.zeros(2))
"""

WRONG_SOURCES: dict[str, tuple[str, str, str]] = {
    "flat": (
        "    def draw(self, rng, n): return rng.standard_normal(n, np.float32)",
        "its samples are finite numbers in their natural shape",
        "Mine.draw: samples have shape [7], expected [n, columns]",
    ),
    "random by itself": (
        "    def draw(self, rng, n): return np.random.default_rng().standard_normal((n, 2), np.float32)",
        "its samples follow from what it is given",
        "draw from it alone",
    ),
    "always the same": (
        "    def draw(self, rng, n): return np.random.default_rng(0).standard_normal((n, 2), np.float32)",
        "its samples follow from what it is given",
        "another generator gives the same samples",
    ),
    "another spread": (
        "    def moments(self): return Moments(np.zeros(2), 2 * np.ones(2), np.zeros(2), np.zeros(2))",
        "its moments are those of its samples",
        "moments().std is off by",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_SOURCES.values(), ids=WRONG_SOURCES)
def test_a_source_that_breaks_a_promise_is_named(wrong: tuple[str, str, str], study: Study) -> None:
    method, clause, said = wrong
    study["variants"]["moons"] |= {
        "source": {"name": "mine", "use": "sources/mine.py:Mine"},
        "generator": {"hidden": [3]},
        "discriminator": {"hidden": [3]},
    }
    study["losses"], study["evaluation"] = {"mse": {}}, {}
    put("sources/mine.py", SOURCE)
    assert broken(parse(study)) == {}
    put("sources/mine.py", SOURCE + method + "\n")
    assert said in broken(parse(study))[clause]


WRONG_NETWORKS: dict[str, tuple[str, str, str]] = {
    "keeps something to itself": (
        "        self.n = getattr(self, 'n', 0) + 1\n        return self.layer(noise) * self.n",
        "training again gives the same bits",
        "",
    ),
    "another shape": (
        "        return self.layer(noise)[:, :1]",
        "training again gives the same bits",
        "it returned shape [500, 1], expected [500, 2]",
    ),
    "fails": (
        "        return self.layer(noise) / None",
        "training again gives the same bits",
        "own/networks/mine.py, line 8: TypeError",
    ),
}
NETWORK = """
from torch import nn
class Net(nn.Module):
    def __init__(self, noise_size, shape):
        super().__init__()
        self.layer = nn.Linear(noise_size, shape[0])
    def forward(self, noise):
"""


@pytest.mark.parametrize("wrong", WRONG_NETWORKS.values(), ids=WRONG_NETWORKS)
def test_a_network_that_breaks_a_promise_is_named(wrong: tuple[str, str, str], study: Study) -> None:
    body, clause, said = wrong
    put("networks/mine.py", NETWORK + body + "\n")
    study["variants"]["moons"] |= {
        "generator": {"use": "networks/mine.py:Net"},
        "discriminator": {"hidden": [3]},
    }
    study["losses"], study["evaluation"] = {"mse": {}}, {}
    found = broken(parse(study))
    if said:
        assert said in found[clause]
    else:
        assert found


@pytest.mark.parametrize(
    ("use", "text", "said"),
    [
        ("losses/none.py:Mine", None, "own/losses/none.py: cannot be read (No such file or directory)"),
        (
            "losses/mine.py:Margi",
            "class Margin: pass",
            "own/losses/mine.py: has no 'Margi'; did you mean 'Margin'?",
        ),
        ("losses/mine.py:Mine", "class Mine(:", "own/losses/mine.py, line 1: SyntaxError"),
        ("losses/mine.py:Mine", "\n1 / 0", "own/losses/mine.py, line 2: ZeroDivisionError: division by zero"),
        (
            "losses/mine.py:Mine",
            "def Mine(s): return 3",
            "own/losses/mine.py:Mine: made a int, should be a Loss",
        ),
        ("losses/mine.py:Mine", "Mine = 3", "own/losses/mine.py:Mine: is no class and no function"),
        ("losses/mine.py:Mine", "import losses.other", "own/losses/mine.py, line 1: ModuleNotFoundError"),
    ],
)
def test_work_that_cannot_be_had_gets_a_line(use: str, text: str | None, said: str, study: Study) -> None:
    if text is not None:
        put(use.partition(":")[0], text)
    study["losses"] = {"mine": {"use": use}}
    with pytest.raises(UserError) as error:
        make_loss(parse(study).losses["mine"].settings)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("use", "text", "said"),
    [
        ("losses/none.py:Mine", None, "losses.mine.use: own/losses/none.py: cannot be read"),
        ("losses/mine.py:Mien", "class Mine: ...", "has no 'Mien'; did you mean 'Mine'?"),
        ("losses/mine.py:Mine", "class Mine(:", "own/losses/mine.py, line 1: SyntaxError"),
    ],
)
def test_check_says_so_without_running_the_file(use: str, text: str | None, said: str, study: Study) -> None:
    if text is not None:
        put("losses/mine.py", "raise SystemExit\n" * (":" not in text[-2:]) + text)
    study["losses"] = {"mine": {"use": use}}
    write(Path("params.yaml"), study)
    done = ganstudy("check")
    assert done.exit_code == 2
    assert said in done.stderr.replace("line 2", "line 1")
    assert len(done.stderr.splitlines()) == 1


def test_check_tells_what_each_promise_came_to(study: Study) -> None:
    write(Path("params.yaml"), study)
    done = ganstudy("check", "--contract")
    assert done.exit_code == 0
    assert "losses.margin: losses/mine.py:Margin: kept: its two terms add up" in done.stdout
    put("losses/mine.py", LOSS.replace("Mine", "Margin") + "    at_match = AtMatch(logit=0.0, fake=1.0)\n")
    done = ganstudy("check", "--contract", "--json")
    assert done.exit_code == 2
    (problem, *_) = json.loads(done.stdout)["problems"]
    assert problem["place"] == "losses.margin"
    assert "at match fake is 0.693147, but at_match says 1.0" in problem["problem"]


def test_a_file_beside_the_folder_is_pointed_out(study: Study, tmp_path: Path) -> None:
    (tmp_path / "losses").mkdir()
    (tmp_path / "losses/other.py").write_text("")
    with pytest.raises(UserError, match="move losses/other"):
        own.load_use("losses/other.py:Mine")


def test_what_is_told_to_own_work_names_no_files(study: Study) -> None:
    study["losses"]["margin"]["options"] = {"use": "losses/nothing.py:X", "margin": 0.5}
    assert "losses/nothing.py:X" not in set(own.uses(parse(study).model_dump()))
    assert code("train", "moons", "margin") in digests(parse(study))
