"""A tracking server in place of the file: the same mirror, and one line when it is not to be had."""

import shutil
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

import pytest
from likeness import likeness
from servers import OWN, PATIENCE, Server, contents, create_user, free_port, serving, track, wait_until
from stubs import Front, standing
from tiny_study import View, mirrored

from ganstudy.core.errors import UserError
from ganstudy.results.study_results import Results
from ganstudy.tracking.address import ADVICE

Study = Callable[..., Results]
MANY = (["mse", "soft", "r3gan"], range(13))
"""Losses and seeds of more runs than one process is to make."""
RUNS = len(MANY[0]) * (len(MANY[1]) + 1) + 1
PASSWORD = "n0t-to-be-seen"


def complaint(address: str, reason: str) -> str:
    return (
        f"http://{address}: MLflow's store cannot be used ({reason}); "
        "nothing of the study is lost: `ganstudy track` goes on from here"
    )


@pytest.fixture(scope="module")
def running(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(over_sqlite(empty_store, tmp_path_factory.mktemp("server"))) as server:
        yield server


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """One that holds nothing of the study."""
    yield running
    client = View(running.uri).client
    if found := client.get_experiment_by_name("tiny"):
        client.rename_experiment(found.experiment_id, f"tiny, {found.experiment_id}")


def over_sqlite(empty_store: Path, folder: Path, *options: str, **environment: str) -> Server:
    folder.mkdir(exist_ok=True)
    shutil.copy(empty_store, folder)
    return Server(folder, f"sqlite:///{folder}/mlflow.db", 1, *options, **environment)


def failure(results: Results) -> str:
    """What mirroring the study says when it fails."""
    with pytest.raises(UserError) as error:
        mirrored(results)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_server_holds_what_the_file_would(
    study: Study, server: Server, view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = study(["soft", "r3gan"], diverges=lambda loss, seed: (loss, seed) == ("soft", 1))
    told = mirrored(results)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.uri)
    assert mirrored(results) == told
    served = View(server.uri)
    assert likeness(served) == likeness(view)
    ids = served.ids
    mirrored(results)
    assert served.ids == ids
    # Nothing went where the file would have it.
    assert all(run.info.artifact_uri.startswith("mlflow-artifacts:") for run in served.all)


def test_a_busy_server_is_asked_again_later_and_later(
    study: Study, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "1")
    with standing(Front(503, "busy", times=2, behind=server.port)) as front:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://{front.address}")
        mirrored(study())
    assert len(View(server.uri).runs) == 4
    first, second, third, *_ = front.asked
    assert third - second > max(1, second - first)


def test_a_server_that_stays_busy_is_given_up(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    with standing(Front(503, "<html>\nbusy\n</html>")) as front:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://{front.address}")
        said = failure(study())
    assert said == complaint(front.address, "503 Service Unavailable, time and again")


@pytest.mark.parametrize(("status", "name"), [(401, "Unauthorized"), (403, "Forbidden"), (404, "Not Found")])
@pytest.mark.parametrize("where", ["address", "environment"])
def test_a_refusal_is_told_in_one_line_without_the_password(
    study: Study,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    status: int,
    name: str,
    where: str,
) -> None:
    results = study()
    if where == "environment":
        monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ada")
        monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", PASSWORD)
    with standing(Front(status, f"<html>\n{status}\n</html>")) as front:
        user = f"ada:{PASSWORD}@" if where == "address" else ""
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://{user}{front.address}")
        said = failure(results)
    assert said == complaint(front.address, f"{status} {name}: {ADVICE[status]}")
    assert len(front.asked) == 1
    assert capfd.readouterr() == ("", "")
    assert not any(PASSWORD.encode() in content for content in contents(folder).values())


@pytest.mark.parametrize("password", ["s3cret", "s3c/ret", "s3c@ret", "s3c?ret", "s3c#ret"])
def test_no_password_is_shown_whatever_is_in_it(
    study: Study, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://ada:{password}@127.0.0.1:{free_port()}")
    said = failure(study())
    assert said.startswith("http://127.0.0.1:")
    assert not any(part in said for part in ("ada", "s3c", "@"))


def test_a_server_that_is_silent_is_given_up(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://{address}")
        assert failure(study()) == complaint(address, "no answer within 1 s, time and again")


def test_what_is_no_server_is_given_up(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with standing(Front(200, "a page")) as front:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://{front.address}")
        assert "not in a valid JSON format" in failure(study())
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"https://{front.address}")
        assert "SSL" in failure(study())


@pytest.mark.slow
def test_the_command_waits_for_a_server_that_is_about_to_start(
    study: Study, folder: Path, empty_store: Path, tmp_path: Path
) -> None:
    study()
    late = over_sqlite(empty_store, tmp_path / "server")
    with track(folder, late.uri) as tracking, serving(late):
        _, said = tracking.communicate(timeout=PATIENCE)
        assert tracking.returncode == 0, said
        assert len(View(late.uri).runs) == 4


@pytest.mark.slow
def test_users_are_let_in_by_password_and_no_password_is_kept(
    study: Study,
    empty_store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    require: Callable[[bool, str], None],
) -> None:
    require(find_spec("flask_wtf") is not None, "basic auth: pip install 'mlflow[auth]'")
    place = tmp_path / "server"
    place.mkdir()
    (place / "auth.ini").write_text(
        f"[mlflow]\ndefault_permission = READ\ndatabase_uri = sqlite:///{place}/users.db\n"
        "admin_username = admin\nauth_cache_ttl_seconds = 60\n"
        "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n"
    )
    guarded = over_sqlite(
        empty_store,
        place,
        *("--app-name", "basic-auth"),
        MLFLOW_AUTH_CONFIG_PATH=str(place / "auth.ini"),
        MLFLOW_AUTH_ADMIN_PASSWORD=PASSWORD,
        MLFLOW_FLASK_SERVER_SECRET_KEY="some key",
    )
    results = study()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", guarded.uri)
    with serving(guarded):
        assert "(401 Unauthorized: " in failure(results)
        monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "admin")
        monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", PASSWORD)
        mirrored(results)
        assert len(View(guarded.uri).runs) == 4
        create_user(guarded.uri, ("admin", PASSWORD), ("ada", PASSWORD[::-1]))

        # Who may only read is told so once there is something to write.
        monkeypatch.delenv("MLFLOW_TRACKING_USERNAME")
        monkeypatch.delenv("MLFLOW_TRACKING_PASSWORD")
        monkeypatch.setenv("MLFLOW_TRACKING_URI", guarded.uri.replace("://", f"://ada:{PASSWORD[::-1]}@"))
        mirrored(results)
        assert "(403 Forbidden: " in failure(study(["soft"]))
    secrets = [PASSWORD.encode(), PASSWORD[::-1].encode()]
    assert [name for name, content in contents(tmp_path).items() if any(s in content for s in secrets)] == []
    assert not any(password in said for password in (PASSWORD, PASSWORD[::-1]) for said in capfd.readouterr())


@pytest.mark.slow
def test_a_server_that_dies_midway_leaves_nothing_that_the_next_call_does_not_mend(
    study: Study, folder: Path, empty_store: Path, tmp_path: Path, view: View
) -> None:
    study(*MANY)
    server = over_sqlite(empty_store, tmp_path / "server")
    served = View(server.uri)
    before = contents(folder)
    with serving(server):
        with track(folder, server.uri, GANSTUDY_WORKERS="2") as tracking:
            wait_until(lambda: served.made > 10, "some runs are there")
            server.kill()
            killed = monotonic()
            out, said = tracking.communicate(timeout=PATIENCE)
        assert tracking.returncode == 2, said
        # It makes sure for half a minute.
        assert monotonic() - killed > 20
        bar, line = said.strip().splitlines()
        assert f"of {RUNS} runs" in bar
        assert line == "ganstudy: " + complaint(server.address, "[Errno 111] Connection refused")
        assert out == ""
        assert contents(folder) == before

        server.start()
        assert served.made < RUNS
        assert finished(folder, server.uri)
        assert Counter(run.info.status for run in served.all) == {"FINISHED": RUNS}
        assert finished(folder, OWN)
        assert likeness(served) == likeness(view)
        ids = served.ids
        assert finished(folder, server.uri)
        assert served.ids == ids


def finished(folder: Path, uri: str) -> bool:
    """Whether the command ends well."""
    with track(folder, uri, GANSTUDY_WORKERS="2") as tracking:
        _, said = tracking.communicate(timeout=PATIENCE)
    return tracking.returncode == 0 and len(said.strip().splitlines()) == 1
