"""The report of a whole study."""

import re
from collections.abc import Callable, Iterator
from contextlib import chdir
from hashlib import sha256
from html.parser import HTMLParser
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from ganstudy.core.files import read_json
from ganstudy.reporting.notes import evidence
from ganstudy.reporting.render import render
from ganstudy.results import paths
from ganstudy.results.study_results import Results
from ganstudy.training.cell import Cell
from made_up import DIGITS, GAUSSIAN, PATTERN, RING, finish_study

Finish = Callable[..., Results]
LOSSES = {"mse": {}, "wgan_gp": {"discriminator_steps": 5}, "r3gan": None}


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == name]


class Report(NamedTuple):
    page: str
    summary: str
    files: dict[str, bytes]
    """The figures', by their names."""


def report() -> Report:
    """What `render` wrote in the current folder."""
    return Report(
        paths.PAGE.read_text(encoding="utf-8"),
        paths.SUMMARY.read_text(encoding="utf-8"),
        {
            path.relative_to(paths.FIGURES).with_suffix("").as_posix(): path.read_bytes()
            for path in paths.FIGURES.rglob("*.*g")
        },
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """Of a study with every kind of source that needs no file."""
    with chdir(tmp_path_factory.mktemp("study")):
        render(finish_study({"pattern": PATTERN, "ring": RING, "digits": DIGITS}, LOSSES))
        yield report()


def test_the_same_results_give_the_same_bytes(finish: Finish) -> None:
    results = finish({"pattern": PATTERN, "gaussian": GAUSSIAN}, {"mse": {}, "r3gan": {}})
    render(results)
    first = report()
    render(results)
    assert report() == first


def test_pictures_of_an_earlier_study_go(finish: Finish) -> None:
    old = paths.FIGURES / "gone" / "moments.png"
    results = finish({"gaussian": GAUSSIAN}, {"mse": {}})
    old.parent.mkdir(parents=True)
    old.touch()
    render(results)
    assert set(report().files) == {
        "overview",
        *(f"gaussian/{name}" for name in ("distribution", "losses", "moments", "profiles", "quantiles")),
    }


def test_a_variant_shows_what_its_source_can(whole: Report) -> None:
    assert set(whole.files) == {
        "overview",
        *(f"pattern/{name}" for name in ("evolution", "losses", "moments", "profiles")),
        *(f"ring/{name}" for name in ("losses", "moments", "profiles", "scatter")),
        *(f"digits/{name}" for name in ("digits", "losses", "moments", "profiles")),
    }


def test_figures_say_nothing_of_when_or_with_what_they_were_made(whole: Report) -> None:
    kinds = set()
    for figure in whole.files.values():
        if figure.startswith(b"<?xml"):
            kinds.add("svg")
            assert not re.search(rb"<dc:(date|creator)|20\d\d-|matplotlib \d|Matplotlib v", figure)
        else:
            kinds.add("png")
            assert Image.open(BytesIO(figure)).info.keys() <= {"transparency"}
    assert kinds == {"png", "svg"}


def test_the_page_is_whole_in_itself(whole: Report) -> None:
    tags = Tags(whole.page)
    assert not tags.named("script")
    for tag, attributes in tags.found:
        for name in ("src", "href", "srcset", "data", "action"):
            address = attributes.get(name)
            assert address is None or address.startswith(("#", "data:")), (tag, address)
    assert "url(" not in whole.page
    assert "@import" not in whole.page


def test_links_within_the_page_lead_somewhere(whole: Report) -> None:
    tags = Tags(whole.page)
    places = {attributes.get("id") for _, attributes in tags.found}
    assert {str(link["href"])[1:] for link in tags.named("a")} <= places


def test_every_picture_says_in_words_what_is_seen(whole: Report) -> None:
    images = Tags(whole.page).named("img")
    assert len(images) == len(whole.files)
    for image in images:
        assert len(image["alt"] or "") > 40
        assert not re.search(r"\b(nan|inf|None)\b", image["alt"] or "")


def test_the_findings_come_first(whole: Report) -> None:
    assert whole.page.index("matched in") < whole.page.index("<table")


def test_what_a_reader_must_know_is_noted(whole: Report) -> None:
    text = " ".join(whole.page.split())
    assert "wgan_gp replaces in every recipe discriminator_steps: 5." in text
    assert "wgan_gp and r3gan took one joint update instead" in text
    assert "answers 0.80 to 0.80 to real samples and 0.20 to 0.20 to noise" in text
    assert "it makes a single point, which has no spread or shape" in text
    assert "under this recipe" in text
    assert "dvc repro" in text


def test_what_sources_say_of_their_results_is_held_against_the_seeds(finish: Finish) -> None:
    """The made-up runs are real samples, hardly moved: within 1 of the mean, but never within 1e-9."""
    a = GAUSSIAN | {"claim": {"by": "its book", "mean": 1.0, "std": 1.0}}
    b = GAUSSIAN | {"claim": {"by": "its book", "mean": 1e-9}}
    render(finish({"a": a, "b": b}, {"mse": {}}))
    text = " ".join(report().page.split())
    assert "a: its book has mean within 1 and std within 1 of the data&#39;s." in text
    assert "this held with mse in 3 of 3." in text
    assert "this held with mse in 0 of 3." in text


def test_what_a_match_leaves_open_is_said(whole: Report) -> None:
    copies = "copies are not looked for: a generator that repeats training samples would match"
    # Of the three sources the digits alone are finite.
    assert [text.count(copies) for text in (whole.page, whole.summary)] == [1, 1]


def test_a_judgement_that_cannot_tell_says_so(finish: Finish) -> None:
    few = GAUSSIAN | {"samples": 10, "source": GAUSSIAN["source"] | {"samples": 20}}
    results = finish({"few": few}, {"mse": {}})
    render(results)
    assert {run["outcome"] for run in results.cells[0].judged["runs"]} <= {"undecided", "off_target"}
    assert "These samples do not tell a match from" in report().page
    assert "of 3 runs are undecided" in report().summary


@pytest.mark.parametrize(("p_value", "told"), [(0.5, False), (0.001, True)])
def test_matched_runs_that_the_two_sample_test_tells_from_the_data_are_counted(
    p_value: float, told: bool, finish: Finish
) -> None:
    (result,) = finish({"ring": RING}, {"mse": {}}).cells
    for run in result.judged["runs"]:
        run |= {"outcome": "matched", "c2st_p_value": p_value, "c2st_accuracy": 0.76}
    sentence = "tells 3 of the 3 matched runs from the data (p < 0.01), with a median accuracy of 76 %"
    assert (sentence in " ".join(evidence([result]))) == told


def test_of_images_it_is_said_how_good_the_classifier_is(whole: Report) -> None:
    assert re.findall(r"right on 9\d\.\d % of the held-out images", " ".join(whole.page.split())) != []
    assert whole.page.count("% of the held-out images") == 1


def test_losses_are_compared_pair_by_pair_and_ranked(whole: Report) -> None:
    assert whole.page.count("<summary>Pairs of losses</summary>") == 3
    ranking = whole.page[whole.page.index('id="ranking"') : whole.page.index('id="reproduce"')]
    assert ranking.count('<th scope="row"') == len(LOSSES)


def test_parts_follow_each_other_as_a_reader_asks(whole: Report) -> None:
    parts = [
        "findings",
        "variant-pattern",
        "variant-ring",
        "variant-digits",
        "ranking",
        "reproduce",
        "meaning",
    ]
    found = [section["id"] for section in Tags(whole.page).named("section")]
    assert found == parts


def test_a_reader_can_check_what_was_trained(finish: Finish) -> None:
    render(finish({"gaussian": GAUSSIAN}, {"mse": {}, "r3gan": {}}, seeds=1))
    page = report().page
    digests = re.findall(r"([0-9a-f]{64})  (\S+)", page)
    assert [path.split("/")[-2] for _, path in digests] == ["mse", "r3gan"]
    assert all(sha256(Path(path).read_bytes()).hexdigest() == digest for digest, path in digests)
    assert read_json(paths.prepared("gaussian") / "description.json")["sha256"] in page
    assert all(f"{name} {version(name).split('+')[0]}" in page for name in ("torch", "numpy", "scipy"))


def test_tolerances_stand_beside_what_they_are_about(whole: Report) -> None:
    ring = whole.page[whole.page.index('id="variant-ring"') : whole.page.index('id="variant-digits"')]
    rows = re.findall(r'<tr><th scope="row"[^>]*>([^<]+)</th><td class="thresholds">(.*?)</td>', ring)
    assert [name for name, beside in rows if "to match: within" in beside] == [
        "Wasserstein",
        "density",
        "coverage",
    ]
    assert all("floor" in beside or "±" in beside for name, beside in rows if "to match" in beside)


def test_the_summary_has_two_tables_of_losses_and_variants(whole: Report) -> None:
    rows = [line.strip("| ").split(" | ") for line in whole.summary.splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows] == ["loss", *LOSSES] * 2
    assert rows[0] == rows[4] == ["loss", "pattern", "ring", "digits"]
    assert {len(row) for row in rows} == {4}
    assert all(re.fullmatch(r"\d/3 \(\d+ to \d+ %\)", entry) for row in rows[1:4] for entry in row[1:])


def test_diverged_runs_spoil_no_report(finish: Finish) -> None:
    def diverges(cell: Cell, seed: int) -> bool:
        return cell.variant == "gaussian" or cell.loss == "mse" or seed == 0

    variants = {"pattern": PATTERN, "gaussian": GAUSSIAN, "ring": RING, "digits": DIGITS}
    render(finish(variants, {"mse": {}, "hinge": {}}, seeds=2, diverges=diverges))
    found = report()
    assert "no run ended with numbers" in found.page
    assert not re.search(r">(nan|None)<", found.page)
    assert len(found.files) == 1 + 4 * len(variants) + 1, "quantiles of the Gaussian"


@pytest.mark.parametrize("columns", [1, 2, 6])
def test_a_table_is_shown_in_its_own_units(finish: Finish, tmp_path: Path, columns: int) -> None:
    home = tmp_path / "data/raw/tables"
    home.mkdir(parents=True)
    rng = np.random.default_rng(0)
    names = ["price ($x$)", "<em>", "c", "d", "e", "f"][:columns]
    pd.DataFrame({name: rng.normal(100, 5, 60) for name in names}).to_csv(home / "mine.csv", index=False)
    variant = GAUSSIAN | {"source": {"name": "table", "path": "mine.csv"}}
    render(finish({"mine": variant}, {"mse": {}}, seeds=2))
    found = report()
    scatter = {"mine/scatter"} if columns == 2 else set()
    assert (
        set(found.files)
        == {
            "overview",
            *(f"mine/{name}" for name in ("distribution", "losses", "moments", "profiles", "quantiles")),
        }
        | scatter
    )
    assert "price ($x$)" in found.page
    assert "<em>" not in found.page


def test_one_of_everything(finish: Finish) -> None:
    render(finish({"gaussian": GAUSSIAN}, {"mse": {}}, seeds=1))
    assert "1 variant × 1 loss × 1 seed = 1 trained GAN" in report().page
