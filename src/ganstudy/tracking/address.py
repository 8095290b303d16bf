"""Where the store is, and what is said when it cannot be used."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from mlflow.exceptions import ERROR_CODE_TO_HTTP_STATUS, MlflowException
from requests import RequestException
from sqlalchemy.exc import SQLAlchemyError

from ganstudy.core.errors import UserError

COPIES = Path(".dvc/tmp/exps")
"""Where DVC puts the copies in which `dvc exp run --temp` and the queue work, in the main checkout. They are
thrown away, and the store must outlive them."""
ADVICE = {
    401: "give MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD as the server knows them",
    403: "whoever keeps the server has to let this user write and delete there",
    404: "is this a tracking server's address?",
}
"""To answers that waiting does not change."""
SIGNS = re.compile(r"[?#]|%[0-9a-fA-F]{2}")
USER = re.compile(r"(?<=//)\S*@")
"""With the password, whatever is in it."""


def home() -> Path:
    """The main checkout if the current folder is one of DVC's copies of it, else the current folder."""
    here = Path.cwd()
    if root := os.environ.get("DVC_ROOT"):
        main = Path(root).resolve()
        if here.is_relative_to(main / COPIES):
            return main
    return here


def tracking_uri() -> str:
    """MLFLOW_TRACKING_URI, and otherwise what a bare `mlflow ui` in the main checkout opens."""
    if given := os.environ.get("MLFLOW_TRACKING_URI"):
        return given
    path = str(home() / "mlflow.db")
    # In a URI these signs would end the path, or stand for others; MLflow decodes none of them.
    return f"sqlite:///{os.path.relpath(path) if SIGNS.search(path) else path}"


@contextmanager
def spoken() -> Iterator[None]:
    """Say in one line what the store could not do; it may be away, full, or not there to be written."""
    try:
        yield
    except (MlflowException, SQLAlchemyError, OSError, ImportError) as error:
        uri, reason = tracking_uri(), _reason(error)
        # Ours is a path, and what is in it is no secret.
        if not uri.startswith("sqlite:"):
            shown = USER.sub("", uri).partition("?")[0]
            uri, reason = shown, USER.sub("", reason.replace(uri, shown))
        raise UserError(
            f"{uri}: MLflow's store cannot be used ({reason}); "
            "nothing of the study is lost: `ganstudy track` goes on from here"
        ) from error


def _reason(error: Exception) -> str:
    """What was wrong, without all that is said around it."""
    text, status = str(error), None
    # What a server does not find is another matter than that it is none.
    if isinstance(error, MlflowException) and error.error_code != "RESOURCE_DOES_NOT_EXIST":
        status = ERROR_CODE_TO_HTTP_STATUS.get(error.error_code)
    # From where it keeps artifacts.
    elif isinstance(error, RequestException) and error.response is not None:
        status = error.response.status_code
    if status in ADVICE:
        return f"{_named(status)}: {ADVICE[status]}"
    if system := re.search(r"\[Errno -?\d+\] [\w ]+", text):
        return system[0]
    if refused := re.search(r"too many (\d+) error responses", text):
        return f"{_named(int(refused[1]))}, time and again"
    if late := re.search(r"timed? ?out.*timeout=(\d+)", text):
        return f"no answer within {late[1]} s, time and again"
    if cause := re.search(r"Caused by .*['\"]([^'\"]+)['\"]", text):
        return cause[1]
    return text.strip().partition("\n")[0][:300]


def _named(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"
