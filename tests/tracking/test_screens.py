"""What a person sees of a study in MLflow's own page, in a browser."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import pytest
from mlflow import MlflowClient
from mlflow.entities import Run
from PIL import Image

from ganstudy.core.colours import colours
from ganstudy.pipeline.report import report
from ganstudy.pipeline.track import track
from ganstudy.tracking.views import entrance
from ganstudy.training.cell import Cell
from made_up import GAUSSIAN, RING, finish_study

pytestmark = pytest.mark.slow

VARIANTS = {"gaussian": GAUSSIAN, "ring": RING}
LOSSES: dict[str, Any] = {"wgan_gp": {}, "mse": {}, "r3gan": {}}
CELLS = [f"{variant} · {loss}" for variant in VARIANTS for loss in LOSSES]
SEEDS = 3
LOST = "ring · mse · seed 2"
PATIENCE = 120
"""Seconds, on a busy machine, for what takes a few."""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LOOPBACK = "127.0.0.1"

Page = Any
Row = dict[str, str]


def diverges(cell: Cell, seed: int) -> bool:
    return f"{cell.variant} · {cell.loss} · seed {seed}" == LOST


def off(cell: Cell, seed: int) -> float:
    """Other losses' samples are elsewhere, and of the last loss those of two seeds miss the criterion."""
    return {"wgan_gp": 0.01, "mse": 0.02, "r3gan": 0.6 * seed}[cell.loss]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a study, its reports and its store."""
    folder = tmp_path_factory.mktemp("screens")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        here.delenv("MLFLOW_TRACKING_URI", raising=False)
        here.setenv("GANSTUDY_WORKERS", "1")
        tolerances = {"gaussian": {"mean": 0.5, "std": 0.5}, "ring": {"mean": 0.5}}
        results = finish_study(VARIANTS, LOSSES, SEEDS, diverges, off, tolerances=tolerances)
        report(results.params)
        track(results.params)
    return folder


@pytest.fixture(scope="module")
def address(folder: Path, require: Callable[[bool, str], None]) -> Iterator[str]:
    """Of a server, as `make ui` starts it."""
    require(CHROMIUM is not None, "no Chromium to look with: apt install chromium")
    require(find_spec("playwright") is not None, "nothing to drive Chromium with: pip install playwright")
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("mlflow"), "ui", "--host", LOOPBACK, "--port", str(port)]
    environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
    environment.pop("MLFLOW_TRACKING_URI", None)
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--workers", "1"], cwd=folder, env=environment, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    address = f"http://{LOOPBACK}:{port}/"
    try:
        end = monotonic() + PATIENCE
        while not answers(f"{address}health"):
            assert server.poll() is None, (folder / "server.log").read_text()
            assert monotonic() < end, "the server does not come up"
            sleep(0.2)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except (URLError, OSError):
        return False


@pytest.fixture(scope="module")
def store(address: str) -> dict[str, Run]:
    """The study's runs by name, as the server has them."""
    client = MlflowClient(tracking_uri=address)
    experiment = client.get_experiment_by_name("made-up")
    return {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        quiet += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def page(address: str, browser: Any) -> Iterator[Page]:
    """The first page, as someone sees it who was never here. It reaches the server and nothing else."""
    # High enough for everything: MLflow draws what is in sight.
    context = browser.new_context(viewport={"width": 1900, "height": 2600}, base_url=address)
    context.set_default_timeout(1000 * PATIENCE)
    asked = []

    def reach(route: Any) -> None:
        if route.request.url.startswith(address):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    context.route("**/*", reach)
    # The assistant's panel would open by itself and cover what is to be seen.
    key = "mlflow.assistant.fab.autoOpenedOnFirstLoad_v1"
    context.add_init_script(f"localStorage.setItem('{key}', 'true')")
    page = context.new_page()
    # So would a word on what language models' traces are for.
    page.add_locator_handler(page.get_by_role("button", name="Got it"), lambda button: button.click())
    page.goto("/")
    yield page
    context.close()
    assert not asked, "the page asks others"


def followed(page: Page, name: str) -> Page:
    """The page that a link of this name opens, in a tab of its own."""
    # While MLflow still draws its page, a click may meet a link that is replaced at that moment: click again.
    from playwright.sync_api import TimeoutError

    with suppress(TimeoutError):
        return _clicked(page, name, timeout=1000 * PATIENCE / 4)
    return _clicked(page, name)


def _clicked(page: Page, name: str, timeout: float | None = None) -> Page:
    with page.context.expect_page(timeout=timeout) as opened:
        page.get_by_role("link", name=name, exact=True).first.click()
    return opened.value


def study(page: Page) -> Page:
    """The study's page, from the first one."""
    page.get_by_role("link", name="made-up", exact=True).click()
    page.get_by_text("Open the cells").wait_for()
    return page


def until(page: Page, read: Callable[[], Any], accept: Callable[[Any], bool]) -> Any:
    """What is read when it is as expected, or what it is after long enough."""
    end = monotonic() + PATIENCE
    while not accept(value := read()) and monotonic() < end:
        page.wait_for_timeout(100)
    return value


def listed(page: Page, matching: int, rows: int | None = None) -> list[Row]:
    """What the list of runs shows, by column, when so many match and so many rows are there."""
    page.get_by_text(re.compile(f"^{matching} matching runs?$")).wait_for()
    rows = matching if rows is None else rows
    return until(page, lambda: grid(page), lambda found: len(found) == rows and all(names(found)))


def grid(page: Page) -> list[Row]:
    """A row's parts are elements of their own, and rows stand in any order."""
    cells = page.eval_on_selector_all(
        ".ag-row [role=gridcell]",
        """cells => cells.map(cell => [
            Number(cell.closest('.ag-row').getAttribute('row-index')),
            cell.getAttribute('col-id'),
            cell.innerText.trim(),
            cell.querySelector('a[href*="/runs/"]')?.innerText,
        ])""",
    )
    rows: dict[int, Row] = {}
    for i, column, text, name in cells:
        row = rows.setdefault(i, {})
        row[column] = text
        if name:
            row["name"] = name
    return [rows[i] for i in sorted(rows)]


def names(rows: list[Row]) -> list[str]:
    return [row.get("name", "") for row in rows]


def headings(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".ag-header-cell").all_inner_texts() if text.strip()]


def row_of(page: Page, name: str) -> Any:
    """The left part of the run's row."""
    return page.locator(".ag-row", has=page.get_by_text(name, exact=True))


def card(page: Page, title: str) -> Any:
    """The first chart with this title."""
    cards = page.get_by_test_id("experiment-view-compare-runs-card")
    return cards.filter(has=page.get_by_text(title, exact=True)).first


def test_cells_are_two_clicks_away(page: Page, store: dict[str, Run]) -> None:
    page = study(page)
    assert page.get_by_text("18 GANs: 2 variants × 3 losses × 3 seeds.").is_visible()
    page = followed(page, "Open the cells")
    rows = listed(page, len(CELLS))
    assert names(rows) == CELLS
    assert {"outcome", "final/success_rate", "final/score"} <= set(headings(page))
    for name, row in zip(CELLS, rows, strict=True):
        run = store[name].data
        assert row["tags.`outcome`"] == run.tags["outcome"]
        for figure in ("final/success_rate", "final/score", "final/c2st_accuracy"):
            assert float(row[f"metrics.`{figure}`"]) == pytest.approx(run.metrics[figure], rel=1e-5), name
    assert len({row["metrics.`final/score`"] for row in rows}) == len(CELLS)


def test_the_link_that_ganstudy_ui_prints_opens_the_cells(page: Page, store: dict[str, Run]) -> None:
    page.goto(f"/{entrance(store[CELLS[0]].info.experiment_id)}")
    page.reload()
    assert names(listed(page, len(CELLS))) == CELLS
    assert {"outcome", "final/success_rate", "final/score"} <= set(headings(page))


def test_seeds_are_folded_below_their_cells(page: Page, store: dict[str, Run]) -> None:
    study(page)
    experiment = page.url.partition("/experiments/")[2].partition("/")[0]
    page.goto(f"/#/experiments/{experiment}/runs?workflowType=machine_learning")
    page.reload()
    rows = listed(page, len(store), len(CELLS) + 1)
    assert names(rows) == [*CELLS, "made-up"]
    unfolded = CELLS[1]
    row_of(page, unfolded).get_by_role("button").click()
    rows = listed(page, len(store), len(CELLS) + 1 + SEEDS)
    seeds = [f"{unfolded} · seed {seed}" for seed in range(SEEDS)]
    assert names(rows) == [*CELLS[:2], *seeds, *CELLS[2:], "made-up"]


def test_two_cells_are_compared(page: Page, store: dict[str, Run]) -> None:
    page = followed(study(page), "Open the cells")
    listed(page, len(CELLS))
    two = [CELLS[1], CELLS[4]]
    for name in two:
        row_of(page, name).locator("input.ag-checkbox-input").check()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_text("Comparing 2 Runs from 1 Experiment").wait_for()
    for name in two:
        assert page.get_by_text(name, exact=True).first.is_visible()
    # The axis of a metric goes from one's value to the other's.
    axis = page.locator(".parcoords .y-axis").filter(has=page.get_by_text(re.compile("^final/")))
    axis.first.wait_for()
    figure = axis.locator(".axis-title").text_content()
    ends = [float(axis.locator(f".axis-extent-{end}-text").text_content()) for end in ("bottom", "top")]
    values = sorted(store[name].data.metrics[figure] for name in two)
    assert values[0] < values[1]
    assert ends == pytest.approx(values, abs=1e-5)
    page.get_by_role("tab", name="Scatter Plot").click()
    drawn = page.get_by_role("tabpanel", name="Scatter Plot").locator(".js-plotly-plot")
    drawn.locator(".xtitle").wait_for()
    assert until(page, lambda: coloured(drawn.screenshot()), bool)


def test_a_variants_losses_are_side_by_side(page: Page, store: dict[str, Run]) -> None:
    page = followed(study(page), "ring")
    cells = [f"ring · {loss}" for loss in LOSSES]
    assert names(listed(page, len(cells))) == cells

    bars = card(page, "final/success_rate")
    bars.locator(".barlayer .point").first.wait_for()
    shown = sorted(float(text) for text in bars.locator(".barlayer .point").all_text_contents())
    assert shown == sorted(round(store[name].data.metrics["final/success_rate"], 2) for name in cells)
    painted = bars.locator(".barlayer .point path").evaluate_all(
        "bars => bars.map(bar => getComputedStyle(bar).fill)"
    )
    assert sorted(map(as_hex, painted)) == sorted(colours(list(LOSSES)).values())

    lines = card(page, "mean_1")
    lines.locator(".js-line").first.wait_for()
    # A loss's curve and the ends of its interval have one colour and three styles.
    assert sorted(Counter(colour for colour, _ in strokes(lines)).items()) == [
        (colour, 3) for colour in sorted(colours(list(LOSSES)).values())
    ]
    keys = ["curve/mean_1", "interval/mean_1_low", "interval/mean_1_high"]
    legend = lines.get_by_text(re.compile(r" · \w+ \(")).all_inner_texts()
    assert sorted(legend) == sorted(f"{name} ({key})" for name in cells for key in keys)

    scatter = card(page, "final/score vs. final/success_rate")
    scatter.locator(".scatterlayer .point").first.wait_for()
    assert scatter.locator(".scatterlayer .point").count() == len(cells)

    together = card(page, "Parallel Coordinates")
    together.locator("svg text.label").first.wait_for()
    axes = together.locator("svg text.label").all_text_contents()
    assert axes == ["final/mean_error", "final/c2st_accuracy", "final/score", "final/success_rate"]
    lines_drawn = """canvas => {
        const drawn = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
        return drawn.some(value => value > 0)
    }"""
    assert until(page, lambda: together.locator("canvas.foreground").evaluate(lines_drawn), bool)


def strokes(chart: Any) -> set[tuple[str, str]]:
    """Colour and dashes of its lines, each of which is drawn twice."""
    found = chart.locator(".js-line").evaluate_all(
        "lines => lines.map(line => [getComputedStyle(line).stroke, getComputedStyle(line).strokeDasharray])"
    )
    return {(as_hex(colour), dashes) for colour, dashes in found}


def coloured(picture: bytes) -> bool:
    """Whether there is something on a picture that is neither white nor grey nor black."""
    with Image.open(BytesIO(picture)) as image:
        pixels = np.asarray(image.convert("RGB"), np.int64)
    return bool(np.sum(np.ptp(pixels, axis=2) > 64) > 20)


def as_hex(colour: str) -> str:
    """`rgb(1, 115, 178)` as params of colours are written."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


def test_what_failed_is_listed_and_nothing_else(page: Page, store: dict[str, Run]) -> None:
    seeds = {name: run for name, run in store.items() if run.data.tags["level"] == "seed"}
    failed = [name for name, run in seeds.items() if run.data.tags["outcome"] != "matched"]
    assert 0 < len(failed) < len(seeds)
    page = followed(study(page), "Failed")
    rows = listed(page, len(failed))
    assert names(rows) == sorted(failed)
    for name, row in zip(sorted(failed), rows, strict=True):
        assert row["tags.`outcome`"] == store[name].data.tags["outcome"]
        assert row["tags.`failed`"] == store[name].data.tags.get("failed", "-")


def test_every_seed_is_listed_with_the_share_that_matched(page: Page, store: dict[str, Run]) -> None:
    rows = listed(followed(study(page), "Seeds"), len(CELLS) * SEEDS)
    assert names(rows) == sorted(f"{cell} · seed {seed}" for cell in CELLS for seed in range(SEEDS))
    matched = [row["tags.`outcome`"] for row in rows].count("matched")
    assert store["made-up"].data.tags["outcome"] == f"{matched} of {len(rows)} matched"


def test_a_run_that_diverged_is_found_and_marked(page: Page) -> None:
    first = study(page)
    page = followed(first, "Diverged")
    (row,) = listed(page, 1)
    assert names([row]) == [LOST]
    assert row["tags.`outcome`"] == "diverged"
    assert row["tags.`nan`"] == "true"
    assert state_of(page, LOST) == "Failed"
    page = followed(first, "Seeds")
    listed(page, len(CELLS) * SEEDS)
    assert state_of(page, LOST.replace("seed 2", "seed 1")) == "Finished"


def state_of(page: Page, run: str) -> str:
    """What the run's own page says."""
    page.get_by_role("link", name=run, exact=True).click()
    page.get_by_role("heading", name=run).wait_for()
    said = page.get_by_text(re.compile("^(Failed|Finished|Running|Scheduled|Killed)$"))
    said.wait_for()
    return str(said.inner_text())


def test_a_cells_findings_pictures_and_samples_open(page: Page, store: dict[str, Run]) -> None:
    page = followed(study(page), "Open the cells")
    cell = CELLS[-1]
    page.get_by_role("link", name=cell, exact=True).click()
    page.get_by_text(f"{store[cell].data.tags['outcome']}").first.wait_for()

    findings = followed(page, "findings").frame_locator("iframe")
    assert findings.get_by_role("heading", level=1).inner_text() == cell
    seeds = findings.get_by_role("region", name="Seeds").locator("tbody tr")
    assert seeds.count() == SEEDS

    picture = followed(page, "scatter")
    image = picture.get_by_role("img", name="figures/scatter.png")
    image.wait_for()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100

    files = picture
    files.get_by_text("samples.csv", exact=True).click()
    files.get_by_role("columnheader", name="seed").wait_for()
    assert files.get_by_role("columnheader").all_inner_texts() == ["seed", "x_1", "x_2"]
    assert files.locator("tbody tr").count() > SEEDS

    curves = followed(page, "every seed's curves")
    assert names(listed(curves, SEEDS)) == [f"{cell} · seed {seed}" for seed in range(SEEDS)]
    lines = card(curves, "curve/generator").locator(".js-line")
    lines.first.wait_for()
    assert len(set(lines.evaluate_all("lines => lines.map(line => line.getAttribute('d'))"))) == SEEDS


def test_the_studys_report_opens(page: Page) -> None:
    report = followed(study(page), "Report").frame_locator("iframe")
    assert report.get_by_role("heading", level=1).inner_text() == "made-up"
    for variant in VARIANTS:
        assert report.get_by_role("heading", level=2, name=variant, exact=True).count() == 1
    picture = report.locator("figure img").first
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
