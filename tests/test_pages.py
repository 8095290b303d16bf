"""README.md and docs/: what they tell people to run is run, and what they say of the code is so."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

import pages
from ganstudy.study.loading import parse
from reference import PARTS, updated

TESTS = Path(__file__).parent
RUN_BY = {
    "docs/extending.md": "cli/contracts/test_own_work.py",
    "docs/studies.md": "study/test_studies_page.py",
    "docs/tracking.md": "tracking/test_tracking_page.py",
}
"""Pages with commands, and the tests that run them, in the order of the page."""
NOT_RUN = {
    "README.md": ["make study"],
    "docs/index.md": ["make study"],
    "docs/studies.md": ["pip install ganstudy"],
    "docs/tracking.md": ["python3 -m venv .venv"],
}
"""How the commands begin that no test runs. The page says why, in a comment above them."""


@pytest.mark.parametrize("page", pages.PAGES)
def test_every_command_is_run_or_says_why_not(page: str) -> None:
    runnable = pages.blocks(page, *pages.RUNNABLE)
    assert len(runnable) == pages.fences(page, *pages.RUNNABLE), "a block that the tests do not see"
    left_out = [block for block in runnable if block.reason is not None]
    begin = [block.text.splitlines()[0] for block in left_out]
    expected = NOT_RUN.get(page, [])
    assert len(begin) == len(expected)
    assert all(line.startswith(start) for line, start in zip(begin, expected, strict=True))
    if len(runnable) > len(left_out):
        test = TESTS / RUN_BY[page]
        assert page in test.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["README.md", "docs/studies.md"])
def test_what_pages_show_of_params_yaml_is_a_study(page: str) -> None:
    for block in pages.blocks(page, "yaml"):
        parse(YAML(typ="safe").load(block.text))


@pytest.mark.parametrize("page", PARTS)
def test_what_pages_say_of_losses_and_metrics_is_what_the_code_says(page: str) -> None:
    remedy = "run `python docs/hooks/reference.py`"
    assert (pages.ROOT / "docs" / page).read_text(encoding="utf-8") == updated(page), remedy
