"""One of DVC's plots as a picture: `dvc plots show --json | python docs/hooks/drawn.py ring ring.png`."""

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import vl_convert
from PIL import Image

WIDTH = 1600
"""Pixels at most: twice what a page has room for, for sharp screens."""


def draw(shown: dict[str, Any], name: str, picture: str | Path) -> None:
    """The table so called as Vega draws it, its revisions together; from what `dvc plots` says in JSON."""
    (plot,) = (plot for path, (plot, *_) in shown["data"].items() if Path(path).stem == name)
    width = float(vl_convert.vegalite_to_scenegraph(plot["content"])["width"])
    drawn = vl_convert.vegalite_to_png(plot["content"], scale=min(2.0, WIDTH / width))
    # A quarter of the bytes, and no colour that an eye would miss.
    Image.open(BytesIO(drawn)).convert("RGB").quantize(128).save(picture, optimize=True)


if __name__ == "__main__":
    draw(json.load(sys.stdin), *sys.argv[1:])
