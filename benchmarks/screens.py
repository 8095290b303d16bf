"""`python benchmarks/screens.py [VARIANT]`: MLflow's page with a variant's losses side by side, as a picture.

Of the study and the store in the current folder, into docs/images. Takes Debian's `chromium`.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from time import sleep
from urllib.error import URLError
from urllib.request import urlopen

from mlflow import MlflowClient
from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

from ganstudy.study.loading import load
from ganstudy.tracking.links import saved_view
from ganstudy.tracking.views import KEY

TARGET = Path("docs/images/mlflow.png")
SIZE: ViewportSize = {"width": 1500, "height": 1080}
COLOURS = 128
LOOPBACK = "127.0.0.1"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@contextmanager
def server() -> Iterator[str]:
    """MLflow's page of the store in the current folder; its address."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    mlflow = Path(sys.executable).with_name("mlflow")
    command = [str(mlflow), "ui", "--host", LOOPBACK, "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        command,
        env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://{LOOPBACK}:{port}/"
    try:
        while not answers(f"{address}health"):
            if process.poll() is not None:
                sys.exit("`mlflow ui` does not start")
            sleep(0.2)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGKILL)


def answers(url: str) -> bool:
    try:
        with urlopen(url):
            return True
    except URLError:
        return False


def screenshot(url: str) -> bytes:
    """Of the charts there, when they are drawn."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        page = browser.new_page(viewport=SIZE)
        page.add_init_script("localStorage.setItem('mlflow.assistant.fab.autoOpenedOnFirstLoad_v1', 'true')")
        page.goto(url)
        page.get_by_role("button", name="Exit shared view").locator("xpath=following::button[1]").click()
        page.mouse.move(0, 0)
        page.locator(".scatterlayer .js-line").first.wait_for()
        # Beside the first one there are others, and each unfolds.
        page.wait_for_timeout(5000)
        picture = page.screenshot()
        browser.close()
    return picture


def main(variant: str) -> None:
    with server() as address:
        experiment = MlflowClient(tracking_uri=address).get_experiment_by_name(load().study.name)
        if experiment is None:
            sys.exit("run `ganstudy track` first")
        link = saved_view(experiment.experiment_id, f"{KEY}variant-{variant}", charts=True)
        picture = screenshot(address + link)
    with Image.open(BytesIO(picture)) as image:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(TARGET, optimize=True)
    print(f"{TARGET}: {TARGET.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["ring"]))
