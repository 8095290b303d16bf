"""What pages tell people to run, and what they say is printed then."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGES = ["README.md", *sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/*.md"))]
RUNNABLE = ("sh", "python")
PATTERN = re.compile(
    r"^(?:<!-- not run: (?P<reason>[^>]+) -->\n)?"
    r"```(?P<language>\w+)\n(?P<text>.*?)^```$"
    r"(?:\n\n```text\n(?P<output>.*?)^```$)?",
    re.DOTALL | re.MULTILINE,
)
SOMEWHERE = "/home/ada/study"
"""In the place of the folder that commands ran in."""


class Block(NamedTuple):
    """Code on a page."""

    page: str
    language: str
    text: str
    reason: str | None
    """Why no test runs it: a comment above it says so. None if one does."""
    output: str | None
    """What the page says it prints: a block `text` that follows."""


def blocks(page: str, *languages: str) -> list[Block]:
    """The page's blocks in these languages."""
    found = PATTERN.finditer((ROOT / page).read_text(encoding="utf-8"))
    return [
        Block(page, block["language"], block["text"], block["reason"], block["output"])
        for block in found
        if block["language"] in languages
    ]


def fences(page: str, *languages: str) -> int:
    """How many blocks in these languages begin on the page, whatever is around them."""
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    return sum(line.strip() == f"```{language}" for line in lines for language in languages)


def to_run(page: str) -> list[Block]:
    """The commands of a page, in order, but for those that say why not."""
    return [block for block in blocks(page, "sh") if block.reason is None]


def run(commands: Sequence[str], folder: Path, environment: Mapping[str, str], patience: float) -> list[str]:
    """Run the commands one after the other in one shell; what each printed, without its errors."""
    with TemporaryDirectory() as place:
        printed = Path(place)
        script = ["set -euo pipefail", f'exec 2> "{printed}/errors"']
        for i, command in enumerate(commands):
            script += [f'exec > "{printed}/{i}"', command]
        # Not into pipes: what goes on in the background would keep them open.
        done = subprocess.run(
            ["bash", "-c", "\n".join(script)],
            cwd=folder,
            env={**os.environ, **environment, "COLUMNS": "160"},
            timeout=patience,
            check=False,
        )
        files = [file for i in range(len(commands)) if (file := printed / str(i)).is_file()]
        texts = [file.read_text(encoding="utf-8").replace(str(folder), SOMEWHERE) for file in files]
        errors = (printed / "errors").read_text(encoding="utf-8")
    assert done.returncode == 0, f"{commands[len(texts) - 1]}\n{texts[-1]}\n{errors}"
    return texts


def rewrite(page: str, printed: Sequence[str]) -> None:
    """Show on the page what its commands printed, below each that has a place for it."""
    texts = iter(printed)

    def updated(block: re.Match[str]) -> str:
        if block["language"] != "sh" or block["reason"]:
            return block[0]
        text = next(texts)
        if block["output"] is None:
            return block[0]
        lines = "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())
        return block[0].removesuffix(f"{block['output']}```") + f"{lines}```"

    path = ROOT / page
    path.write_text(PATTERN.sub(updated, path.read_text(encoding="utf-8")), encoding="utf-8")


def shape(text: str) -> list[str]:
    """The lines with `#` in the place of what is another study's or day's: numbers, digests, folders. The
    lengths of lines and gaps follow from them."""
    text = re.sub(r"\b(?=\w*\d)[0-9a-f]{7,}\b", "#", text)
    text = re.sub(r"[-−]?\b\d[\d.,]*(e[-+]?\d+)?( [AP]M)?", "#", text)
    text = re.sub(r"([-─])\1+", r"\1", text)
    return [" ".join(line.split()) for line in text.strip().splitlines()]
