"""A source, a loss, a network family and a metric are added to the package by one file each."""

import json
from pathlib import Path

import pytest
from project import Project, copy_checkout
from small import write

pytestmark = pytest.mark.slow

FILES = {
    "sources/diagonal.py": '''
"""Points on a line."""

from typing import Literal

import numpy as np

from ganstudy.core.settings import Positive
from ganstudy.sources.moments import Moments
from ganstudy.sources.source import Distribution, DistributionSettings, Samples


class DiagonalSettings(DistributionSettings):
    """Two equal values, each N(0, width)."""

    name: Literal["diagonal"]
    width: Positive = 1.0
    """Standard deviation."""


class Diagonal(Distribution):
    """Two equal values."""

    Settings = DiagonalSettings

    def draw(self, rng: np.random.Generator, n: int) -> Samples:
        return np.repeat(self.settings.width * rng.standard_normal((n, 1), np.float32), 2, axis=1)

    def moments(self) -> Moments:
        zero = np.zeros(2)
        return Moments(zero, zero + self.settings.width, zero, zero)

    def task(self) -> str:
        return "Draw from a diagonal line."
''',
    "losses/absolute.py": '''
"""Least absolute deviations."""

from typing import Literal

from ganstudy.core.lazy import Tensor
from ganstudy.core.settings import Setting
from ganstudy.losses.loss import AtMatch, TwoTermLoss


class AbsoluteSettings(Setting):
    """|D - label|."""

    loss: Literal["absolute"]


class Absolute(TwoTermLoss):
    """D: |D(x) - 1| + |D(G)|. G: |D(G) - 1|."""

    Settings = AbsoluteSettings
    paper = "made for a test"
    at_match = AtMatch(discriminator=1.0)

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return 1 - C.sigmoid()

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return C.sigmoid()

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return 1 - fake.sigmoid()
''',
    "networks/linear.py": '''
"""One linear map."""

from math import prod
from typing import Literal

from ganstudy.networks.family import GeneratorFamily, GeneratorSettings, Network
from ganstudy.networks.mlp import PytorchInit


class LinearSettings(GeneratorSettings):
    """Noise times a matrix."""

    name: Literal["linear"]


class Linear(GeneratorFamily):
    """No hidden layer."""

    Settings = LinearSettings

    @staticmethod
    def network(settings: LinearSettings, noise: int, shape: tuple[int, ...], classes: int) -> Network:
        from ganstudy.networks.layers import Layers

        return Layers((noise + classes, prod(shape)), ["linear"], PytorchInit(), shape)

    @staticmethod
    def layers(settings: LinearSettings) -> str:
        return "a single linear layer"
''',
    "metrics/spread.py": '''
"""How far the samples reach."""

from typing import TYPE_CHECKING

import numpy as np

from ganstudy.metrics.metric import Measured, SampleMetric, jackknifed

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def spread(generated: "Generated") -> Measured:
    """The mean over columns of the 5 to 95 % range."""

    def of(samples: np.ndarray) -> float:
        low, high = np.quantile(samples, [0.05, 0.95], axis=0)
        return float((high - low).mean())

    return jackknifed(of, generated.samples)


METRIC = SampleMetric(
    label="spread of the middle",
    meaning="The 5 to 95 % range of the samples.",
    unit="the data's",
    place=45,
    measure=spread,
    target=None,
)
''',
}
VARIANT = {
    "source": {"name": "diagonal", "width": 2.0},
    "noise": {"name": "normal", "size": 2},
    "generator": {"name": "linear"},
    "discriminator": {"hidden": [4]},
    "optimizer": {"name": "adam", "lr": 0.001},
    "batch": 8,
    "steps": 20,
    "samples": 300,
    "tolerances": {"spread": {"floors": 3}},
}


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A checkout with the four files, and a study of them that has run."""
    project = Project(tmp_path_factory.mktemp("extended"))
    copy_checkout(project.folder)
    for name, text in FILES.items():
        (project.folder / "src/ganstudy" / name).write_text(text.lstrip(), encoding="utf-8")
    study = {
        "study": {"name": "one-file-each", "seeds": 2},
        "variants": {"line": VARIANT},
        "losses": {"absolute": {}, "mse": {}},
    }
    write(project.params, study)
    project.run("git", "init", "--quiet")
    project.repro()
    return project


def test_they_are_trained_judged_and_reported(extended: Project) -> None:
    judged = json.loads((extended.folder / "reports/runs/line/absolute.json").read_text())
    assert len(judged["runs"]) == 2
    assert all(run["spread"] > 0 and run["spread_error_bound"] > 0 for run in judged["runs"])
    assert judged["metrics"]["spread"]["floor"] > 0
    page = (extended.folder / "reports/index.html").read_text()
    for words in ("Draw from a diagonal line.", "made for a test", "a single linear layer", "spread of the"):
        assert words in page


def test_mlflow_shows_them(extended: Project) -> None:
    code = """
from mlflow import MlflowClient
client = MlflowClient("sqlite:///mlflow.db")
experiment = client.get_experiment_by_name("one-file-each")
runs = client.search_runs([experiment.experiment_id])
found = [run.data for run in runs if "final/spread" in run.data.metrics]
print(any(run.params.get("loss.loss") == "absolute" for run in found))
"""
    assert extended.run("python", "-c", code).stdout.strip().endswith("True")


def test_the_schema_and_the_pages_have_them(extended: Project) -> None:
    schema = extended.run("ganstudy", "schema").stdout
    for name in ("diagonal", "absolute", "linear", "spread"):
        assert f'"{name}"' in schema
    extended.run("python", "docs/hooks/reference.py")
    assert "`absolute`" in Path(extended.folder / "docs/losses.md").read_text()
    assert "`spread`" in Path(extended.folder / "docs/metrics.md").read_text()


def test_contract_tests_take_them_up(extended: Project) -> None:
    tests = "tests/losses/test_loss_formulas.py", "tests/sources/test_distributions.py"
    done = extended.run("python", "-m", "pytest", "--collect-only", *tests)
    assert "absolute" in done.stdout
    assert "diagonal" in done.stdout
