"""DVC is asked, and may be at work."""

import json
import os
from pathlib import Path

import pytest
from dvc.repo import Repo

from ganstudy.core.errors import UserError
from ganstudy.pipeline.dvc_status import planned_stages


def test_while_dvc_is_at_work_that_is_said_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("dvc.yaml").write_text("stages: {make: {cmd: echo > made, outs: [made]}}\n")
    Repo.init(no_scm=True).close()
    Path(".dvc/tmp").mkdir(exist_ok=True)
    busy = {"write": {str(tmp_path / "made"): {"pid": os.getppid(), "cmd": "dvc repro"}}}
    Path(".dvc/tmp/rwlock").write_text(json.dumps(busy))
    with pytest.raises(UserError, match="if it is at work here, try again when it has ended") as told:
        list(planned_stages())
    assert "\n" not in str(told.value)
    Path(".dvc/tmp/rwlock").unlink()
    assert [stage.name for stage in planned_stages()] == ["make"]
