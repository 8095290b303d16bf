"""The documentation as a site: whole, and with nothing from elsewhere."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import pages

NAMES = [Path(page).stem for page in pages.PAGES if page.startswith("docs/")]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    mkdocs = Path(sys.executable).with_name("mkdocs")
    done = subprocess.run(
        [mkdocs, "build", "--quiet", "--site-dir", folder],
        cwd=pages.ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    # Links to nowhere are among its errors.
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Any]) -> Any:
    return launch("--no-sandbox")


def test_every_page_is_there_and_no_code(site: Path) -> None:
    assert {path.stem for path in site.glob("*.html")} == {*NAMES, "404"}
    assert not list(site.rglob("*.py"))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_pages_fit_and_ask_nothing_of_others(address: str, browser: Any, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    for name in NAMES:
        tab.goto(f"{address}/{name}.html", wait_until="networkidle")
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert tab.evaluate("[...document.images].every(image => image.naturalWidth > 0)"), name
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert said == []


def test_the_search_finds_a_loss(address: str, browser: Any) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}/index.html", wait_until="networkidle")
    tab.click(".md-search__input")
    tab.keyboard.type("relativistic", delay=20)
    tab.wait_for_selector(".md-search-result__link[href*='losses']")
    tab.close()
