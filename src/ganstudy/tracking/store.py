"""The MLflow store, through its public client and explicit run ids alone."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

from filelock import FileLock
from mlflow import MlflowClient
from mlflow.entities import DatasetInput, InputTag, LoggedModelOutput, Metric, Param, RunStatus
from mlflow.exceptions import MlflowException
from mlflow.utils.validation import MAX_ENTITIES_PER_BATCH, MAX_PARAMS_TAGS_PER_BATCH, MAX_TAG_VAL_LENGTH

from ganstudy.tracking.address import SIGNS, home, spoken, tracking_uri
from ganstudy.tracking.links import Place
from ganstudy.tracking.model import save_model
from ganstudy.tracking.record import (
    DRAWN,
    EXPERIMENT,
    FINGERPRINT,
    NOTE,
    SUPERSEDED,
    Model,
    Record,
    file_fingerprint,
)

ARTIFACTS = Path("mlruns")
PAGE_SIZE = 500
"""Runs that are asked for at once. A busy server takes 10 ms for each."""
REFUSED = ("BAD_REQUEST", "INVALID_PARAMETER_VALUE")
"""What a store answers where somebody else was faster: a row is there by now, or a run is removed."""
GONE = "RESOURCE_DOES_NOT_EXIST"
DONE = (RunStatus.to_string(RunStatus.FINISHED), RunStatus.to_string(RunStatus.FAILED))

# Its retries are no news: what comes of them is.
logging.getLogger("urllib3").setLevel(logging.ERROR)


@contextmanager
def alone() -> Iterator[None]:
    """Be the only one of ours to use a store that is a file: who comes second waits. SQLite has room for one
    writer, and none for two that make the same tables. A server knows how to serve several."""
    uri = tracking_uri()
    path = uri.removeprefix("sqlite:///")
    with ExitStack() as held:
        if path != uri:
            with spoken():
                held.enter_context(FileLock(f"{path}.lock"))
        yield


@dataclass(frozen=True)
class Stored:
    """A run that the store holds."""

    id: str
    finished: bool
    """Whether all of it is there."""
    started: int
    """In ms."""
    tags: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """Of what went in and what came out."""
        return self.tags[FINGERPRINT]


class Store:
    """One experiment: the study's."""

    def __init__(self, experiment: str) -> None:
        self._client = MlflowClient(tracking_uri=tracking_uri())
        self.experiment = experiment
        """Its id."""

    @classmethod
    @spoken()
    def open(cls, name: str) -> "Store":
        """The experiment of that name, made if need be. UserError if the store cannot be used."""
        client = MlflowClient(tracking_uri=tracking_uri())
        found = client.get_experiment_by_name(name)
        if found is not None and _is_elsewhere(found.artifact_location):
            # The folder was copied or moved, and the store with it. Its artifacts must not go where it was.
            before = f"{name} ({found.experiment_id}, of {found.artifact_location})"
            client.rename_experiment(found.experiment_id, before)
            found = None
        if found is None:
            try:
                return cls(client.create_experiment(name, _artifacts(name)))
            except MlflowException:
                # Somebody else may have made it since.
                found = client.get_experiment_by_name(name)
                if found is None:
                    raise
        if found.lifecycle_stage == "deleted":
            with _already():
                client.restore_experiment(found.experiment_id)
        return cls(found.experiment_id)

    @spoken()
    def tag_experiment(self, tags: Mapping[str, str], ours: str) -> None:
        """Give the experiment these tags, and take away others whose names begin with `ours`."""
        has = self._client.get_experiment(self.experiment).tags
        for key in has:
            if key.startswith(ours) and key not in tags:
                with _already():
                    self._client.delete_experiment_tag(self.experiment, key)
        for key, value in tags.items():
            if has.get(key) != value:
                _insisting(self._client.set_experiment_tag, self.experiment, key, value)

    @property
    @spoken()
    def created(self) -> int:
        """When the experiment was made, in ms."""
        return int(self._client.get_experiment(self.experiment).creation_time or 0)

    @spoken()
    def runs(self, **tags: str) -> list[Stored]:
        """The mirror's runs, or those with these tags. Runs that somebody else put there are left out."""
        wanted = [f"tags.{FINGERPRINT} LIKE '%'", *(f"tags.{key} = '{value}'" for key, value in tags.items())]
        condition = " AND ".join(wanted)
        # Where somebody adds runs meanwhile, one may be on two pages.
        found: dict[str, Stored] = {}
        token: str | None = ""
        while token is not None:
            page = self._client.search_runs(
                [self.experiment], condition, max_results=PAGE_SIZE, page_token=token or None
            )
            for run in page:
                id_, done = run.info.run_id, run.info.status in DONE
                found[id_] = Stored(id_, done, run.info.start_time, dict(run.data.tags))
            token = page.token
        return list(found.values())

    @spoken()
    def add(self, record: Record, more: Mapping[str, str], started: int) -> Stored | None:
        """Make a run, with more tags than its own. It counts as finished only when all of it is there. None
        if it is removed meanwhile, since somebody else finished it first."""
        name = f"{record.name} ({more[EXPERIMENT]})" if EXPERIMENT in more else record.name
        tags = {**record.tags, FINGERPRINT: record.fingerprint, SUPERSEDED: "false", **more}
        if record.drawn is not None:
            tags[DRAWN] = file_fingerprint(record.drawn)
        id_ = self._client.create_run(self.experiment, started, tags, name).info.run_id
        try:
            if record.note is not None:
                self._client.set_tag(id_, NOTE, _cut(record.note(Place(self.experiment, id_))))
            self._fill(id_, record, started)
            # How long mirroring took would pass for how long training took.
            self._client.set_terminated(id_, DONE[record.failed], end_time=started)
        except MlflowException as error:
            if not self._is_removed(id_, error):
                raise
            # The model may be younger than the run's end.
            self._remove_models(id_)
            return None
        return Stored(id_, True, started, tags)

    def _fill(self, id_: str, record: Record, started: int) -> None:
        params = [Param(key, value) for key, value in record.params.items()]
        metrics = [Metric(key, value, started, step) for key, value, step in record.metrics]
        while params or metrics:
            some, params = params[:MAX_PARAMS_TAGS_PER_BATCH], params[MAX_PARAMS_TAGS_PER_BATCH:]
            room = MAX_ENTITIES_PER_BATCH - len(some)
            self._client.log_batch(id_, metrics=metrics[:room], params=some)
            metrics = metrics[room:]
        if record.data is not None:
            used = DatasetInput(record.data, [InputTag("mlflow.data.context", "training")])
            _insisting(self._client.log_inputs, id_, [used])
        if record.model is not None:
            self._add_model(id_, record.model)
        self._add_files(id_, {**record.files, **(record.drawn or {})})

    def _add_files(self, id_: str, files: Mapping[str, Path | bytes]) -> None:
        with TemporaryDirectory() as folder:
            for name, content in files.items():
                place = Path(folder, name)
                place.parent.mkdir(parents=True, exist_ok=True)
                if isinstance(content, Path):
                    place.symlink_to(content.resolve())
                else:
                    place.write_bytes(content)
            self._client.log_artifacts(id_, folder)

    def _add_model(self, id_: str, model: Model) -> None:
        made = self._client.create_logged_model(
            self.experiment, model.name, id_, dict(model.tags), model_type="generator"
        )
        with TemporaryDirectory() as folder:
            save_model(model.sampler, made.model_id, Path(folder))
            self._client.log_model_artifacts(made.model_id, str(Path(folder, "model")))
        self._client.finalize_logged_model(made.model_id, "READY")
        self._client.log_outputs(id_, [LoggedModelOutput(made.model_id, 0)])

    @spoken()
    def remove(self, run: Stored) -> None:
        """Delete the run and its model. Whoever is still filling it is overtaken."""
        with _already():
            self._client.delete_run(run.id)
        self._remove_models(run.id)

    def _remove_models(self, id_: str) -> None:
        for model in self._client.search_logged_models([self.experiment], f"source_run_id = '{id_}'"):
            with _already():
                self._client.delete_logged_model(model.model_id)

    @spoken()
    def set_tag(self, run: Stored, key: str, value: str, files: Mapping[str, Path] | None = None) -> None:
        """Give the run this tag, unless it has it or was removed meanwhile. The files that the tag is about
        are put among the run's artifacts first, over those of the same name."""
        if run.tags.get(key) == value:
            return
        try:
            if files:
                self._add_files(run.id, files)
            self._client.set_tag(run.id, key, value)
        except MlflowException as error:
            if not self._is_removed(run.id, error):
                raise
        run.tags[key] = value

    def _is_removed(self, id_: str, error: MlflowException) -> bool:
        """Whether what went wrong is that somebody removed the run."""
        if error.error_code not in (*REFUSED, GONE):
            return False
        try:
            return bool(self._client.get_run(id_).info.lifecycle_stage == "deleted")
        except MlflowException as other:
            if other.error_code == GONE:
                return True
            raise


@contextmanager
def _already() -> Iterator[None]:
    """Let it be no error that somebody else has done it."""
    try:
        yield
    except MlflowException as error:
        if error.error_code != GONE:
            raise


def _insisting(write: Callable[..., None], *what: Any) -> None:
    """Where two write the same row at once, the database refuses one of them. The other is done by then."""
    try:
        write(*what)
    except MlflowException as error:
        if error.error_code not in REFUSED:
            raise
        write(*what)


def _cut(note: str) -> str:
    """Whole paragraphs, as many as a tag holds."""
    return note if len(note) <= MAX_TAG_VAL_LENGTH else note[: MAX_TAG_VAL_LENGTH + 2].rpartition("\n\n")[0]


def now() -> int:
    """In ms, as the store counts."""
    return int(time.time() * 1000)


def _artifacts(name: str) -> str | None:
    """Where a new experiment's artifacts go. Only of our own store does MLflow not know: it would take the
    current folder, which may be one of DVC's copies."""
    if os.environ.get("MLFLOW_TRACKING_URI"):
        return None
    path = home() / ARTIFACTS / name
    return path.as_uri() if SIGNS.search(str(path)) else str(path)


def _is_elsewhere(location: str) -> bool:
    ours = not os.environ.get("MLFLOW_TRACKING_URI")
    path = unquote(location.removeprefix("file://")) if location.startswith("file://") else location
    return ours and Path(path).parent != home() / ARTIFACTS
