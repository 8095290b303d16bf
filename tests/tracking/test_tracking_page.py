"""docs/tracking.md: its commands work as they are written."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import mlflow
import pytest
from mlflow.exceptions import MlflowException
from servers import BIN, PATIENCE, Postgres, create_user, free_port, track
from tiny_study import View, mirrored

import pages
from ganstudy.results.study_results import Results

PAGE = "docs/tracking.md"
Study = Callable[..., Results]


def test_a_model_is_loaded_as_the_page_says(
    study: Study, view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrored(study(["soft"]))
    (code,) = pages.blocks(PAGE, "python")
    found: dict[str, object] = {}
    exec(code.text.replace("'ring'", "'flat'").replace("'r3gan'", "'soft'"), found)
    model = found["model"]
    assert isinstance(model, mlflow.pyfunc.PyFuncModel)
    assert model.predict(5).shape == (5, 1)


@pytest.fixture
def team(
    study: Study, postgres: Postgres, tmp_path: Path, require: Callable[[bool, str], None]
) -> Iterator[dict[str, str]]:
    """What the page's commands leave in the environment, and their server; an environment for the server is
    this one, which has all that the page installs."""
    there = [shutil.which(program) is not None for program in ("curl", "openssl")]
    require(all(there), "what the page calls: apt install curl openssl")
    study(["mse", "soft"])
    postgres.new_user("who_sets_it_up")
    server = tmp_path / "server"
    server.mkdir()
    (server / ".venv").symlink_to(sys.prefix)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")},
        **postgres.environment,
        "PGUSER": "who_sets_it_up",
        "PATH": f"{BIN}{os.pathsep}{postgres.programs}{os.pathsep}{os.environ['PATH']}",
        "SERVER": str(server),
        "PORT": str(free_port()),
        "STUDY": str(Path.cwd()),
    }
    script = "\n".join(
        ["set -euo pipefail", *(block.text for block in pages.to_run(PAGE)), 'env -0 > "$SERVER/environment"']
    )
    shell = subprocess.Popen(
        ["bash", "-c", script],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = shell.communicate(timeout=2 * PATIENCE)
        assert shell.returncode == 0, said + (server / "server.log").read_text()
        left = (server / "environment").read_text().split("\0")
        yield dict(line.split("=", 1) for line in left if line)
    finally:
        os.killpg(shell.pid, signal.SIGKILL)


@pytest.mark.slow
def test_a_team_shares_a_server_as_the_page_says(
    team: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = View(team["MLFLOW_TRACKING_URI"])
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    with pytest.raises(MlflowException, match="not authenticated"):
        view.client.search_experiments()
    for name in ("MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"):
        monkeypatch.setenv(name, team[name])
    assert team["MLFLOW_TRACKING_USERNAME"] == "ada"
    assert len(view.runs) == 7
    # Nobody's password is in what was mirrored, nor can others read the server's.
    secrets = [team[name] for name in ("ADA_PASSWORD", "DB_PASSWORD", "ADMIN_PASSWORD")]
    written = [path for path in Path(team["STUDY"]).rglob("*") if path.is_file()]
    assert not [path for path in written for secret in secrets if secret.encode() in path.read_bytes()]
    assert (Path(team["SERVER"]) / "auth.ini").stat().st_mode & 0o077 == 0
    check_everybody_may_remove_what_was_made_twice(team, view)


def check_everybody_may_remove_what_was_made_twice(team: dict[str, str], view: View) -> None:
    """The study is ada's, who mirrored it first."""
    create_user(team["MLFLOW_TRACKING_URI"], ("admin", team["ADMIN_PASSWORD"]), ("ben", "of twelve or more"))
    before = view.ids
    for run in view.all:
        twin = view.client.create_run(view.experiment, tags=run.data.tags, run_name=run.info.run_name)
        view.client.set_terminated(twin.info.run_id)
    assert len(view.all) == 14
    ben = {"MLFLOW_TRACKING_USERNAME": "ben", "MLFLOW_TRACKING_PASSWORD": "of twelve or more"}
    with track(Path(team["STUDY"]), team["MLFLOW_TRACKING_URI"], **ben) as tracking:
        _, said = tracking.communicate(timeout=PATIENCE)
    assert tracking.returncode == 0, said
    assert view.ids.keys() == before.keys()
