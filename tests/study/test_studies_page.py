"""docs/studies.md: its commands work in the small study, and print what the page shows.

With GANSTUDY_REWRITE set, the page shows what they print from then on.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from project import Project

import pages
from drawn import draw

pytestmark = pytest.mark.slow

PAGE = "docs/studies.md"
PICTURE = pages.ROOT / "docs/images/plots_diff.png"
PATIENCE = 1800
REWRITE = "GANSTUDY_REWRITE" in os.environ


@pytest.fixture
def queued(project: Project) -> Iterator[Project]:
    """A project that leaves no worker of DVC's queue behind."""
    yield project
    project.run("dvc", "queue", "stop", "--kill")


def test_the_page_shows_what_its_commands_print(queued: Project, tmp_path: Path) -> None:
    # The copy is a place of its own, to which the store has only now moved.
    queued.run("ganstudy", "track")
    for name, value in (("user.name", "t"), ("user.email", "t@t")):
        queued.run("git", "config", name, value)
    commands = pages.to_run(PAGE)
    printed = pages.run([block.text for block in commands], queued.folder, queued.environment, PATIENCE)
    picture = PICTURE if REWRITE else tmp_path / "plots.png"
    draw(json.loads(queued.run("dvc", "plots", "diff", "--json", "HEAD", "wide").stdout), "gaussian", picture)
    if REWRITE:
        pages.rewrite(PAGE, printed)
        commands = pages.to_run(PAGE)
    shown = [block.output or "" for block in commands]
    assert [pages.shape(text) for text in shown] == [pages.shape(text) for text in printed]
    assert Image.open(picture).size == pytest.approx(Image.open(PICTURE).size, rel=0.1)
