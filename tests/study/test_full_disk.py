"""A disk that is full ends a stage with one line, and takes nothing along."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

MOUNTING = ("unshare", "--mount", "--map-root-user")
MOUNTED = """
set -e
mount -t tmpfs -o size=8m none "$PWD"
cd "$PWD"
# Never fill anything else.
[ "$(df --output=size -k . | tail -1)" -eq 8192 ]
cp "$2" params.yaml
ganstudy prepare v
ganstudy train v mse
find data -type f | sort | xargs sha256sum > "$1/before"
head -c "$(( $(df --output=avail -B 1 . | tail -1) - 1024 * $3 ))" /dev/zero > filler
status=0
ganstudy train v hinge 2> "$1/said" || status=$?
echo $status > "$1/status"
sha256sum --check --quiet "$1/before"
rm filler
ganstudy train v hinge
"""


@pytest.mark.parametrize(
    ("kilobytes", "what"), [(0, "data/checkpoints/"), (20, "data/checkpoints/"), (200, "outputs of 'train'")]
)
def test_a_full_disk_ends_with_one_line(
    kilobytes: int,
    what: str,
    make_study: Callable[..., dict[str, Any]],
    tmp_path: Path,
    require: Callable[[bool, str], None],
) -> None:
    """Nothing fits; or the lock, but no checkpoint; or a checkpoint, but not all results."""
    may_mount = subprocess.run([*MOUNTING, "true"], check=False).returncode == 0
    require(may_mount, "this system does not let its users mount anything, not even for themselves")
    study = make_study("mse", samples=20_000)
    study["losses"] = {"mse": {}, "hinge": {}}
    (tmp_path / "study.json").write_text(json.dumps(study))
    (tmp_path / "disk").mkdir()
    path = f"{Path(sys.executable).parent}:/usr/sbin:/usr/bin:/sbin:/bin"
    arguments = [str(tmp_path), str(tmp_path / "study.json"), str(kilobytes)]
    done = subprocess.run(
        [*MOUNTING, "bash", "-c", MOUNTED, "bash", *arguments],
        cwd=tmp_path / "disk",
        env={"PATH": path, "GANSTUDY_WORKERS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    *_, said = (tmp_path / "said").read_text().splitlines()
    assert (tmp_path / "status").read_text() == "2\n"
    assert "Traceback" not in (tmp_path / "said").read_text()
    assert said.startswith(f"ganstudy: {what}")
    assert said.endswith(": cannot be written: No space left on device")
