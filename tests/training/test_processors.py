"""The same bits on any processor with AVX2, whoever made it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

EMULATOR = "qemu-x86_64"
# Intel's first with AVX2, and AMD's first Zen.
PROCESSORS = ["Haswell", "EPYC"]
DIGESTS = """
import json, sys
sys.path.insert(0, sys.argv[1])
from ganstudy.training import history
from test_batch_composition import LOSSES, PARAMS, SHORT, alone
SHORT["steps"] = 2
history.CURVE_SAMPLES = history.POOLED_SAMPLES = 50
cells = [(v, LOSSES[(i + int(sys.argv[2])) % len(LOSSES)]) for i, v in enumerate(PARAMS.variants)]
print(json.dumps({f"{v} {l}": alone(v, l, 3) for v, l in cells}))
"""


def digests(turn: int, *emulator: str) -> dict[str, str]:
    """Of a seed's run in every variant of the study, each with one of four losses.

    Which one takes turns: an emulator needs 10 s for a cell that takes 0.1 s here, most of them in the
    network's kernels, which all losses share. The first step calls each of them, and the second begins from
    another optimiser's state: more of them, or a curve from more samples, would call them again.
    """
    command = [*emulator, sys.executable, "-c", DIGESTS, str(Path(__file__).parent), str(turn)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("processor", PROCESSORS)
def test_an_emulated_processor_gives_the_bits_of_this_one(
    processor: str, require: Callable[[bool, str], None]
) -> None:
    require(bool(shutil.which(EMULATOR)), f"{EMULATOR} is missing; on Debian: apt-get install qemu-user")
    turn = PROCESSORS.index(processor)
    assert digests(turn, EMULATOR, "-cpu", processor) == digests(turn)
