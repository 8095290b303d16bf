"""Small studies to test with, made the way a user makes them: through params.yaml's schema."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import settings

from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.loading import parse
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs
from ganstudy.training.trainer import train

# Where a shell starts the tests in the background it lets them ignore Ctrl-C, and so would the commands that
# they start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is no failure, and a failure should be met again the next time.
settings.register_profile("ganstudy", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("ganstudy")

RECIPE: dict[str, Any] = {
    "source": {"name": "gaussian", "mean": 4.0, "std": 1.25, "samples": 200},
    "noise": {"name": "normal", "size": 3},
    "generator": {"hidden": [6, 5], "activations": "tanh"},
    "discriminator": {"hidden": [7, 4], "activations": ["tanh", "softplus"]},
    "optimizer": {"name": "adam", "lr": 0.01, "betas": [0.5, 0.99]},
    "batch": 8,
    "steps": 12,
    "points": 4,
    "snapshots": 3,
    "samples": 20,
}

Study = dict[str, Any]


def study_of(loss: str | dict[str, Any], **recipe: Any) -> Study:
    """What params.yaml would hold for one variant, `v`, and one loss, `l`."""
    entry = {"loss": loss} if isinstance(loss, str) else loss
    variant = deepcopy({**RECIPE, **recipe})
    study: Study = {
        "study": {"name": "test", "seeds": 1},
        "variants": {"v": variant},
        "losses": {"l": dict(entry)},
    }
    source, noise = (
        block["name"] if isinstance(block, dict) else block for block in (variant["source"], variant["noise"])
    )
    if noise == "constant":
        # A point has to be judged by something that can be said of one.
        study["evaluation"] = {"tolerances": {source: {"mean": 1.0}}}
    return study


@pytest.fixture(scope="session")
def require() -> Callable[[bool, str], None]:
    """`require(there, remedy)`: skip the test where the system lacks something. On CI that is a failure."""

    def required(there: bool, remedy: str) -> None:
        if not there:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(remedy)

    return required


@pytest.fixture(scope="module")
def launch(require: Callable[[bool, str], None]) -> Iterator[Callable[..., Any]]:
    """`launch(*arguments)`: Chromium, started with these."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    require(chromium is not None, "install Chromium to see the page")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        yield lambda *arguments: driver.chromium.launch(executable_path=chromium, args=list(arguments))


@pytest.fixture(scope="session")
def make_study() -> Callable[..., Study]:
    """`make_study(loss, **recipe)`: settings as read from a file, to spoil before parsing."""
    return study_of


@pytest.fixture(scope="session")
def make_cell() -> Callable[..., Cell]:
    """`make_cell(loss, **recipe)`: a small task with this loss, by name or by its whole entry, and whatever
    of the recipe should be otherwise."""
    return lambda loss="non_saturating", **recipe: parse(study_of(loss, **recipe)).cell("v", "l")


@pytest.fixture(scope="session")
def train_cell() -> Callable[[Cell, Sequence[int]], Runs]:
    """`train_cell(cell, seeds)`: prepare the cell's data and train."""

    def trained(cell: Cell, seeds: Sequence[int]) -> Runs:
        source = make_source(cell.recipe.source)
        data = Prepared.of(source)
        return train(cell, seeds, data, data.stream(source))

    return trained
