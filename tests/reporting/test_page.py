"""The templates, given what no study should contain."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ganstudy.reporting.page import ShownPicture, escape_markdown, fill_template, make_context
from ganstudy.results.study_results import Results
from made_up import GAUSSIAN, PATTERN

EVIL = "<script>alert('|')</script>\""


def spoilt(value: Any) -> Any:
    """The same with every text replaced."""
    match value:
        case str():
            return EVIL
        case dict():
            return {key: spoilt(item) for key, item in value.items()}
        case list() | tuple():
            return [spoilt(item) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value, **{field.name: spoilt(getattr(value, field.name)) for field in fields(value)}
            )
        case _:
            return value


@pytest.fixture
def context(finish: Callable[..., Results], tmp_path: Path) -> dict[str, Any]:
    """Everything that the templates may say, all of it hostile."""
    losses = {"mse": {}, "wgan_gp": {"steps": 20}}
    results = finish({"pattern": PATTERN, "gaussian": GAUSSIAN}, losses, seeds=1)
    path = tmp_path / "picture.png"
    path.write_bytes(b"picture")
    shown = ShownPicture(path, (4, 3), "title", "caption", "alt")
    evil = spoilt(make_context(results, shown, {"pattern": [shown], "gaussian": [shown]}))
    assert all(evil[notes] for notes in ("overrides", "updates", "pretests"))
    return evil | {"reasons": {EVIL: 1}}


def test_html_is_escaped(context: dict[str, Any]) -> None:
    page = fill_template("page.html", context)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert 'alt="&lt;script' in page
    assert "alert('" not in page


def test_markdown_is_escaped(context: dict[str, Any]) -> None:
    summary = fill_template("summary.md", context)
    assert "<script" not in summary.replace("\\<", "")
    assert "'|'" not in summary, "would start a new column"


def test_markdown_keeps_names_readable() -> None:
    assert escape_markdown("gaussian_2017: _a_ *b*\n`c`") == r"gaussian_2017: \_a\_ \*b\* \`c\`"
