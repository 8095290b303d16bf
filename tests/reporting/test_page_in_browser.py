"""The page as Chromium shows it: on a desk, on a phone, in the dark and on paper."""

from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ganstudy.reporting.render import render
from ganstudy.results import paths
from made_up import DIGITS, GAUSSIAN, PATTERN, RING, finish_large_study, finish_study

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZE = {"samples": 10_000, "steps": 4000, "points": 100, "snapshots": 10}
LARGE = {
    "pattern": PATTERN | SIZE | {"samples": 1},
    "gaussian": GAUSSIAN | SIZE,
    "gaussian_of_a_long_name": GAUSSIAN | SIZE | {"noise": "uniform"},
    "ring": RING | SIZE,
    "grid": RING | SIZE | {"source": "grid"},
    "digits": DIGITS | SIZE | {"samples": 2000},
}
LOSSES = ("mse", "non_saturating", "minimax", "smoothed", "wgan_gp", "r3gan", "hinge", "lsgan")
LARGEST = 5_000_000
"""Bytes of a page, whatever the study."""


class Screen(NamedTuple):
    width: int
    scheme: str = "light"
    media: str = "screen"


DESK, PHONE, DARK, PAPER = Screen(1280), Screen(390), Screen(1280, "dark"), Screen(688, media="print")
SCREENS = pytest.mark.parametrize(
    "screen", [DESK, PHONE, DARK, PAPER], ids=["desk", "phone", "dark", "paper"]
)
Show = Callable[[Path, Screen], Any]


@pytest.fixture(scope="module")
def show(launch: Callable[..., Any]) -> Iterator[Show]:
    """`show(page, screen)`: the page in a browser, and `.noise`, what it asked for or complained of."""
    browser = launch(*ARGUMENTS)

    @contextmanager
    def shown(page: Path, screen: Screen) -> Iterator[Any]:
        context = browser.new_context(
            viewport={"width": screen.width, "height": 900}, color_scheme=screen.scheme, offline=True
        )
        tab = context.new_page()
        tab.emulate_media(media=screen.media, color_scheme=screen.scheme)
        noise: list[str] = []
        tab.on("console", lambda message: noise.append(message.text))
        tab.on("pageerror", lambda error: noise.append(str(error)))
        tab.on("request", lambda request: noise.append(request.url))
        tab.goto(page.as_uri())
        yield tab, [line for line in noise if not line.startswith(("data:", page.as_uri()))]
        context.close()

    yield shown
    browser.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a study of 2 × 2 × 2."""
    with chdir(tmp_path_factory.mktemp("small")):
        results = finish_study({"pattern": PATTERN, "gaussian": GAUSSIAN}, {"mse": {}, "r3gan": {}}, seeds=2)
        return drawn(results)


def drawn(results: Any) -> Path:
    render(results)
    assert paths.PAGE.stat().st_size < LARGEST
    return paths.PAGE.resolve()


def check(page: Path, show: Show, screen: Screen) -> None:
    """What holds of every page on every screen."""
    with show(page, screen) as (tab, noise):
        assert tab.evaluate(WIDER_THAN_THE_SCREEN) == []
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if screen != PHONE:
            assert tab.evaluate(SCROLLING) == [], "only phones may have to scroll sideways"
        assert tab.evaluate(UNREACHABLE) == []
        assert tab.evaluate(NOT_SEEN) == []
        assert tab.evaluate("document.images.length") >= 5
        assert noise == []
        levels = tab.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map(h => +h.tagName[1])")
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert tab.evaluate(HEADLESS_TABLES) == 0
        poor = {
            text: ratio for text, ink, paper in tab.evaluate(INKS) if (ratio := contrast(ink, paper)) < 4.5
        }
        assert poor == {}


WIDER_THAN_THE_SCREEN = """() => [...document.querySelectorAll('main *, header *')]
    .filter(e => !e.closest('.scroll, .frame, pre') && e.getBoundingClientRect().right > innerWidth + 0.5)
    .map(e => e.outerHTML.slice(0, 80))"""
SCROLLING = """() => [...document.querySelectorAll('.scroll, .frame')]
    .filter(e => e.scrollWidth > e.clientWidth).map(e => e.getAttribute('aria-label'))"""
UNREACHABLE = """() => [...document.querySelectorAll('*')]
    .filter(e => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))
    .filter(e => e.tabIndex < 0 || (e.tagName === 'DIV' && !e.getAttribute('aria-label')))
    .map(e => e.outerHTML.slice(0, 80))"""
NOT_SEEN = """() => [...document.images]
    .filter(i => !i.complete || !i.naturalWidth || i.alt.length < 40 || !i.getBoundingClientRect().width)
    .map(i => i.alt)"""
HEADLESS_TABLES = """[...document.querySelectorAll('table')]
    .filter(t => !t.querySelector('thead th[scope=col]') || !t.querySelector('tbody th[scope=row]')).length"""
PLACE_OF_FOCUS = """() => document.activeElement === document.body
    ? null : [...document.querySelectorAll('*')].indexOf(document.activeElement)"""
INKS = """() => {
    const paper = e => {
        for (; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if (!colour.startsWith('rgba(')) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    return [...document.querySelectorAll('body *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
        .map(e => [e.textContent.trim().slice(0, 40), getComputedStyle(e).color, paper(e)]);
}"""


def contrast(ink: str, paper: str) -> float:
    """Of two colours as CSS computes them (WCAG 2, section 1.4.3)."""
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_measured_as_defined() -> None:
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(118, 118, 118)", "rgb(255, 255, 255)") == pytest.approx(4.54, abs=0.01)


@SCREENS
def test_a_small_study_reads_well(small: Path, show: Show, screen: Screen) -> None:
    check(small, show, screen)


def test_the_dark_page_is_dark(small: Path, show: Show) -> None:
    papers = []
    for screen in (DESK, DARK, PAPER._replace(scheme="dark")):
        with show(small, screen) as (tab, _):
            papers.append(luminance(tab.evaluate("getComputedStyle(document.body).backgroundColor")))
    assert papers[0] == papers[2] == 1, "paper is white"
    assert papers[1] < 0.05


def test_the_keyboard_reaches_every_part(small: Path, show: Show) -> None:
    """Tab leads through all links, tables and pictures and, in the end, out of the page."""
    with show(small, DESK) as (tab, _):
        wanted = tab.evaluate(
            "[...document.querySelectorAll('a, summary, [tabindex]')].filter(e => e.checkVisibility()).length"
        )
        reached = set()
        for _ in range(3 * wanted):
            tab.keyboard.press("Tab")
            reached.add(tab.evaluate(PLACE_OF_FOCUS))
        assert len(reached - {None}) == wanted


@pytest.mark.slow
def test_a_large_study_reads_well(show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """6 × 8 × 64."""
    monkeypatch.chdir(tmp_path)
    page = drawn(finish_large_study(LARGE, {loss: {} for loss in LOSSES}, seeds=64))
    for screen in (DESK, PHONE, DARK, PAPER):
        check(page, show, screen)
