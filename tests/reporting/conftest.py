"""Finished studies without training."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ganstudy.results.study_results import Results
from made_up import finish_study


@pytest.fixture
def finish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Results]:
    """`finish(variants, losses, seeds, diverges)`: a study in the current folder, ready for its report."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANSTUDY_WORKERS", "1")
    return finish_study
