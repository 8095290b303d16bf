"""`ganstudy ui`: MLflow's page, entered where the study is."""

import os
import subprocess
import sys
import webbrowser
from pathlib import Path
from time import sleep

import click

from ganstudy.core.errors import UserError


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Whom to serve: 0.0.0.0 for everyone.")
@click.option("--port", default=5000, show_default=True, help="Where to listen.")
def ui(host: str, port: int) -> None:
    """Compare all runs in MLflow.

    Serves the study's store until Ctrl-C, prints the link to the view of its cells, and opens it where there
    is a browser. If MLFLOW_TRACKING_URI names a server, that one is opened. Writes nothing.

    \b
    Examples: ganstudy ui
              ganstudy ui --port 5001
    """
    from ganstudy.study.loading import load

    # This also turns off MLflow's telemetry, which would be sent from here, in our environment.
    from ganstudy.tracking.address import tracking_uri
    from ganstudy.tracking.views import entrance

    name, uri = load().study.name, tracking_uri()
    place = entrance(_experiment(name, uri))
    if uri.startswith(("http:", "https:")):
        _enter(f"{uri.rstrip('/')}/{place}")
        return
    command = ["ui", "--backend-store-uri", uri, "--host", host, "--port", str(port)]
    server = subprocess.Popen([sys.executable, "-m", "mlflow", *command])
    try:
        address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
        while server.poll() is None and not _answers(address):
            sleep(0.2)
        if server.poll() is None:
            _enter(f"{address}/{place}")
        if server.wait():
            sys.exit(2)  # it has said why
    finally:
        server.terminate()
        server.wait()


def _experiment(name: str, uri: str) -> str:
    """The study's experiment, by id. UserError if nothing was tracked yet, or if the store cannot be used."""
    from mlflow import MlflowClient

    from ganstudy.tracking.address import spoken

    with spoken():
        # MLflow would make an empty store where there is none.
        there = not uri.startswith("sqlite:///") or Path(uri.removeprefix("sqlite:///")).is_file()
        found = MlflowClient(tracking_uri=uri).get_experiment_by_name(name) if there else None
    if found is None:
        raise UserError(f"nothing of '{name}' is in MLflow yet; run `dvc repro`, or `ganstudy track`")
    return str(found.experiment_id)


def _answers(address: str) -> bool:
    from urllib.request import urlopen

    try:
        with urlopen(f"{address}/health", timeout=5):
            return True
    except OSError:
        return False


def _enter(link: str) -> None:
    click.echo(f"the study: {link}")
    has_screen = sys.platform in ("darwin", "win32") or any(
        map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    )
    if has_screen:
        webbrowser.open(link)
