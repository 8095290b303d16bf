"""Links from a page to what is not on the site: pictures of the report come along, all else is named."""

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

PICTURE = re.compile(r"(?<=\]\()\.\./(reports/figures/[^)]+)(?=\))")
OUTSIDE = re.compile(r"(?<!!)\[(?P<words>[^\]]+)\]\(\.\./(?P<path>[^)#]*)[^)]*\)")


def on_files(files: Files, config: MkDocsConfig) -> None:
    """MkDocs calls this with what the site is made of."""
    root = Path(config.docs_dir).parent
    for page in files.documentation_pages():
        for path in PICTURE.findall(page.content_string):
            files.append(File.generated(config, path, abs_src_path=str(root / path)))


def on_page_markdown(markdown: str, **_: Any) -> str:
    """And this with each page's text."""
    return OUTSIDE.sub(_named, PICTURE.sub(r"\1", markdown))


def _named(link: re.Match[str]) -> str:
    """What is a name already needs no other."""
    words, path = link["words"], link["path"]
    return words if words.startswith("`") else f"{words} (`{path}`)"
