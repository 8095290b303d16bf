"""Judging a cell takes seconds, and less memory than a laptop notices."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks/evaluation.py"


@pytest.mark.slow
@pytest.mark.parametrize("source", ["gaussian", "ring", "digits"])
def test_sixteen_runs_of_ten_thousand_samples_are_judged_in_six_seconds_and_a_gigabyte(source: str) -> None:
    ran = subprocess.run([sys.executable, BENCHMARK, source], capture_output=True, text=True, check=True)
    found = json.loads(ran.stdout)
    assert found["seconds"][source] < 6
    assert found["peak_mb"] < 1000
