"""Tracking servers and databases as processes of their own, on this machine's loopback alone."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep
from typing import IO
from urllib.error import URLError
from urllib.request import Request, urlopen

BIN = Path(sys.executable).parent
PATIENCE = 300
"""Seconds, on a busy machine, for what takes a few."""


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until(true: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Until it is true; it is an error if that takes too long."""
    end = monotonic() + patience
    while not true():
        assert monotonic() < end, f"not within {patience} s: {what}"
        sleep(0.02)


class Server:
    """`mlflow server` over a backend, with artifacts in a folder of its own."""

    def __init__(self, folder: Path, backend: str, workers: int = 1, *options: str, **environment: str):
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.uri = f"http://{self.address}"
        self.folder = folder
        self._command = [
            *(BIN / "mlflow", "server", "--backend-store-uri", backend, "--serve-artifacts"),
            *("--artifacts-destination", str(folder / "artifacts"), "--workers", str(workers)),
            *("--host", "127.0.0.1", "--port", str(self.port), *options),
        ]
        # Its jobs are of no use to a study, and eight processes.
        about = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        # Not what our own client was told.
        plain = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
        self._environment = {**plain, **about, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """What it said."""
        return (self.folder / "server.log").read_text(encoding="utf-8")

    def start(self) -> "Server":
        """Begin to listen, and wait for it."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self._answers, "mlflow server answers")
        return self

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log
        try:
            return urlopen(f"{self.uri}/health").status == 200
        except URLError:
            return False

    def kill(self) -> None:
        """With all processes that it has, without warning."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """The server while it listens."""
    try:
        yield server.start()
    finally:
        server.kill()


def postgres_programs() -> Path | None:
    """The folder with `initdb` and `postgres`, if there is one."""
    if there := shutil.which("initdb"):
        return Path(there).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Postgres:
    """A PostgreSQL cluster of its own, in a folder that goes with it. Its superuser is `postgres`, and who
    connects from this machine has to give a password, or the socket's folder."""

    def __init__(self, programs: Path) -> None:
        # Pytest's folders have names too long for a socket in them, and are for their owner alone.
        self.folder = Path(mkdtemp(prefix="pg-"))
        self.port = free_port()
        self.programs = programs
        self._environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        # PostgreSQL refuses to be root.
        self._user = pwd.getpwnam("nobody") if os.getuid() == 0 else None
        if self._user is not None:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self.run("initdb", "--username=postgres", "--auth-local=trust", "--auth-host=scram-sha-256", "data")
        self._databases = 0
        self.start()

    def start(self) -> None:
        """Begin to listen, and wait for it."""
        with (self.folder / "log").open("ab") as log:
            self._server = self._popen(
                *("postgres", "-D", "data", "-k", str(self.folder), "-p", str(self.port)),
                *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"),
                output=log,
            )
        wait_until(self._answers, "PostgreSQL answers")

    def new_user(self, name: str) -> None:
        """One who may make databases and users."""
        self.run("createuser", "--createdb", "--createrole", name)

    @property
    def environment(self) -> dict[str, str]:
        """For programs of PostgreSQL's that are to be its superuser."""
        return {"PGHOST": str(self.folder), "PGPORT": str(self.port), "PGUSER": "postgres"}

    def new_database(self) -> str:
        """Make an empty one; its address."""
        self._databases += 1
        name = f"store{self._databases}"
        self.run("createdb", name)
        return f"postgresql+psycopg2://postgres@/{name}?host={self.folder}&port={self.port}"

    def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's."""
        process = self._popen(program, *arguments)
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said.decode()

    def kill(self) -> None:
        """With all connections, at once."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(PATIENCE)

    def end(self) -> None:
        """And leave nothing."""
        self.kill()
        shutil.rmtree(self.folder)

    def _answers(self) -> bool:
        assert self._server.poll() is None, (self.folder / "log").read_text()
        return self._popen("pg_isready", "--quiet").wait() == 0

    def _popen(
        self, program: str, *arguments: str, output: int | IO[bytes] = subprocess.PIPE
    ) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [self.programs / program, *arguments],
            cwd=self.folder,
            env={**self._environment, **self.environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            user=self._user and self._user.pw_uid,
            group=self._user and self._user.pw_gid,
            extra_groups=self._user and [],
        )


def create_user(uri: str, admin: tuple[str, str], user: tuple[str, str]) -> None:
    """A name and a password that the server is to know."""
    content = json.dumps({"username": user[0], "password": user[1]}).encode()
    who = b64encode(":".join(admin).encode()).decode()
    about = {"Authorization": f"Basic {who}", "Content-Type": "application/json"}
    urlopen(Request(f"{uri}/api/2.0/mlflow/users/create", content, about))


OWN = ""
"""No address: the store in the folder."""


def track(folder: Path, uri: str, **environment: str) -> "subprocess.Popen[str]":
    """`ganstudy track` in the folder, against that store."""
    return subprocess.Popen(
        [BIN / "ganstudy", "track"],
        cwd=folder,
        env={**os.environ, "MLFLOW_TRACKING_URI": uri, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def contents(folder: Path) -> Mapping[str, bytes]:
    """Every file's bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
