"""Own work that does not fit: told by `ganstudy check`, in a line that says where, what came and what was
expected."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extending import settings, write_files
from ganstudy.cli.contracts.own import examine
from ganstudy.cli.contracts.trial import misfits
from ganstudy.evaluation.floors import score, targets_and_floors
from ganstudy.metrics.own import own_value
from ganstudy.metrics.reference import Truth
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.evaluation import TwoSampleTest
from ganstudy.study.loading import parse
from ganstudy.study.params import Params

Study = dict[str, Any]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """The settings of docs/extending.md's study, in a folder of its own."""
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    return settings()


def put(name: str, text: str) -> None:
    path = Path("own") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def lines(params: Params) -> list[str]:
    """What is said of each misfit, after its place."""
    return [": ".join(problem) for problem in misfits(params)]


def broken(params: Params) -> dict[str, str]:
    """What is said of each promise that is not kept."""
    return {found.clause: found.broken for found in examine(params) if found.broken is not None}


LOSS = """
import torch
from ganstudy.losses.loss import AtMatch, Loss, TwoTermLoss
from ganstudy.losses.non_saturating import NonSaturating

class Mine(NonSaturating):
"""

NETWORK = """
from torch import nn
class Net(nn.Module):
    def __init__(self, noise_size, shape):
        super().__init__()
        self.layer = nn.Linear(noise_size, shape[0])
    def forward(self, noise):
"""


LOSS_BODY = "    def real(self, C, u): return "
NETWORK_BODY = "        return self.layer(noise)"
FROZEN = """
class Net(Net):
    def __init__(self, *ends):
        super().__init__(*ends)
        self.layer.bias.requires_grad_(False)
"""
METRIC = "import numpy as np\ndef mine(samples, real):\n    return "
DATASET = """
import numpy as np
from ganstudy.sources.source import Contents, Dataset
x = np.random.default_rng(0).standard_normal((40, 2))
class Mine(Dataset):
    def load(self): return """

MISFITS: dict[str, tuple[str, str, str]] = {
    "a loss of one number": ("loss", LOSS_BODY + "C.mean()", "mine.py:Mine.real returned shape [], expected"),
    "a loss a replica": (
        "loss",
        LOSS_BODY + "C.mean(dim=-1)",
        "returned shape [2], expected [replicas, batch]",
    ),
    "a loss of another kind": (
        "loss",
        LOSS_BODY + "0.5",
        "Mine.real returned a float, expected [replicas, batch]",
    ),
    "a loss that fails": ("loss", LOSS_BODY + "C.nothing", "own/losses/mine.py, line 7: AttributeError"),
    "a loss that decides": ("loss", LOSS_BODY + "C if C.sum() > 0 else -C", "cannot be replayed"),
    "a network of another shape": (
        "network",
        NETWORK_BODY + "[:, :1]",
        "given [4, 2] it returned shape [4, 1], expected [4, 2]",
    ),
    "a network of frozen parameters": (
        "network",
        NETWORK_BODY + FROZEN,
        "layer.bias requires no gradient, but every parameter is trained; make it a buffer",
    ),
    "a network that fails": ("network", NETWORK_BODY + ".nothing", "own/networks/mine.py, line 8"),
    "a network that gives a tuple": (
        "network",
        "        return (noise,)",
        "returned a tuple, expected a tensor",
    ),
    "a metric of words": (
        "metric",
        METRIC + "'good'",
        "mine.py:mine: returned a str ('good'), expected a number",
    ),
    "a metric of nothing": ("metric", METRIC + "None", "returned a NoneType, expected a number"),
    "a metric of truth": ("metric", METRIC + "True", "returned a bool (True), expected a number"),
    "a metric a column": (
        "metric",
        METRIC + "samples.mean(axis=0)",
        "a ndarray of shape [2], expected a number",
    ),
    "a metric that sorts": ("metric", METRIC + "samples.sort(axis=0) or 0.0", "line 3: ValueError"),
    "a metric that clips": ("metric", METRIC + "np.clip(real, 0, 1, out=real).mean()", "line 3: ValueError"),
    "a metric that ends": ("metric", METRIC + "exit()", "own/metrics/mine.py, line 3: SystemExit"),
    "a metric that fails": (
        "metric",
        METRIC + "samples.nothing",
        "own/metrics/mine.py, line 3: AttributeError",
    ),
    "a source of a list": (
        "source",
        DATASET + "[1]",
        "Mine.load returned a list, expected ganstudy.sources.source.Con",
    ),
    "a source of an array": ("source", DATASET + "x", "Mine.load returned a ndarray, expected ganstudy"),
    "a flat source": (
        "source",
        DATASET + "Contents(x[:, 0])",
        "samples have shape [40], expected [n, columns]",
    ),
    "a source of pictures": (
        "source",
        DATASET + "Contents(x[:, :, None])",
        "samples have shape [40, 2, 1], expected [n, columns], or [n, channels, height, width] of images",
    ),
    "a source of words": (
        "source",
        DATASET + "Contents([['a', 'b']] * 40)",
        "are <U1, expected numbers [n, columns]",
    ),
    "a source with a gap": ("source", DATASET + "Contents(x * [1, np.nan])", "sample 0 has no finite value"),
    "a source of three": ("source", DATASET + "Contents(x[:3])", "Mine.load: 3 samples; needs at least 10"),
    "a source with few labels": (
        "source",
        DATASET + "Contents(x, labels=[0])",
        "labels have shape [1], expected [40]",
    ),
    "a source that changes": (
        "source",
        DATASET + "Contents(np.random.default_rng().random((40, 2)))",
        "Mine.load gives other samples each time; fix its seed",
    ),
    "a source that fails": ("source", DATASET + "x.nothing", "own/sources/mine.py, line 6: AttributeError"),
}


def with_own(kind: str, body: str, study: Study) -> Study:
    """The study with an own component of that kind."""
    heads = {"loss": LOSS, "network": NETWORK, "metric": "", "source": ""}
    folder = {"loss": "losses", "network": "networks", "metric": "metrics", "source": "sources"}[kind]
    put(f"{folder}/mine.py", heads[kind] + body + "\n")
    moons = study["variants"]["moons"]
    moons |= {"generator": {"hidden": [3]}, "discriminator": {"hidden": [3]}, "batch": 4}
    moons["source"] = {"name": "ring", "samples": 1000}
    study["losses"], study["evaluation"] = {"mse": {}}, {}
    match kind:
        case "loss":
            study["losses"] = {"mine": {"use": "losses/mine.py:Mine"}}
        case "network":
            moons |= {"generator": {"use": "networks/mine.py:Net"}}
        case "metric":
            study["evaluation"] = {"metrics": {"mine": {"use": "metrics/mine.py:mine"}}}
        case "source":
            moons["source"] = {"use": "sources/mine.py:Mine"}
    return study


@pytest.mark.parametrize(("kind", "body", "said"), MISFITS.values(), ids=MISFITS)
def test_check_says_what_was_expected_and_what_came(kind: str, body: str, said: str, study: Study) -> None:
    said_lines = lines(parse(with_own(kind, body, study)))
    assert len(said_lines) == 1, said_lines
    assert said in said_lines[0]
    assert "own/" in said_lines[0]
    assert "\n" not in said_lines[0]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("source", DATASET + "Contents(x)"),  # double precision
        ("source", DATASET + "Contents((9 * x).astype(int))"),
        ("source", DATASET + "Contents(x.tolist(), labels=['cat', 'dog'] * 20)"),
        ("network", NETWORK_BODY),
        ("metric", METRIC + "np.float32(samples.mean())"),
        ("loss", LOSS_BODY + "super().real(C, u)"),
    ],
)
def test_what_fits_passes(kind: str, body: str, study: Study) -> None:
    assert lines(parse(with_own(kind, body, study))) == []


def test_samples_become_single_precision_and_labels_numbers(study: Study) -> None:
    body = DATASET + "Contents(x.tolist(), labels=['dog', 'cat'] * 20)"
    params = parse(with_own("source", body, study))
    contents = make_source(params.variants["moons"].source).load()  # type: ignore[attr-defined]
    assert contents.samples.dtype == np.float32
    assert contents.labels.tolist() == [1, 0] * 20


def test_a_metric_that_writes_past_the_lock_changes_nothing_for_others(study: Study) -> None:
    body = "import torch\ndef mine(samples, real):\n    torch.from_numpy(real).zero_()\n    return real.max()"
    metric = parse(with_own("metric", body, study)).evaluation.metrics["mine"]
    real = np.ones((5, 2), np.float32)
    with pytest.warns(UserWarning, match="not writable"):
        assert own_value(metric, real, real) == 0
    assert (real == 1).all()


@pytest.mark.parametrize("value", ["np.nan", "np.inf"])
def test_a_metric_without_a_finite_value_is_left_out_with_its_reason(value: str, study: Study) -> None:
    params = parse(with_own("metric", METRIC + value, study))
    variant = params.variants["moons"].model_copy(update={"samples": 20})
    source = make_source(variant.source)
    truth = Truth.of(source, Prepared.of(source))
    evaluation = params.evaluation.model_copy(
        update={"two_sample_test": TwoSampleTest(hidden=(2,), passes=1)}
    )
    found = targets_and_floors(truth, variant, evaluation, [score(truth, variant, evaluation, range(100))])
    assert found["metrics"]["mine"]["reason"] == "it is not finite for samples of the data themselves"
    assert found["metrics"]["wasserstein"]["floor"] > 0
    said = broken(params)
    assert list(said) == ["it is a finite number"]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("nn.Identity()", "has no parameters, so that nothing can be trained"),
        ("nn.Linear(2, 2).double()", "weight is float64, expected float32"),
        ("3", "made a int, should be a torch.nn.Module"),
    ],
)
def test_a_network_has_parameters_of_single_precision(made: str, said: str, study: Study) -> None:
    params = with_own("network", NETWORK_BODY, study)
    put("networks/mine.py", f"from torch import nn\ndef Net(noise_size, shape): return {made}\n")
    (line,) = lines(parse(params))
    assert line.endswith(f"own/networks/mine.py:Net: {said}")


def test_batch_norm_at_batch_1_is_told_before_training(study: Study) -> None:
    params = with_own("network", NETWORK_BODY, study)
    params["variants"]["moons"]["batch"] = 1
    put(
        "networks/mine.py",
        "from torch import nn\n"
        "def Net(size, shape): return nn.Sequential(nn.BatchNorm1d(size), nn.Linear(size, 2))\n",
    )
    (line,) = lines(parse(params))
    assert (
        "own/networks/mine.py:Net: given [1, 2]: ValueError: Expected more than 1 value per channel" in line
    )
