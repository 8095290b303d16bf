"""`ganstudy code`: the digests of the code that each cell rests on."""

import shutil
from typing import TYPE_CHECKING

from ganstudy.pipeline.code_lists import digests
from ganstudy.results import paths

if TYPE_CHECKING:
    from ganstudy.study.params import Params


def code(params: "Params") -> None:
    """Write data/code, a list for each part of the work."""
    shutil.rmtree(paths.CODE, ignore_errors=True)
    for path, text in digests(params).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
