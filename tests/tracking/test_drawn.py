"""Which pictures go with a cell."""

from pathlib import Path

import pytest

from ganstudy.results import paths
from ganstudy.tracking.cell_run import cell_drawn


def test_a_cell_has_its_variants_pictures_of_either_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = paths.FIGURES / "ring"
    folder.mkdir(parents=True)
    for name in ("b.svg", "a.png", "notes.txt"):
        (folder / name).touch()
    assert cell_drawn("ring") == {"figures/a.png": folder / "a.png", "figures/b.svg": folder / "b.svg"}
    assert cell_drawn("grid") == {}
