"""The MLflow store, through its public client and explicit run ids alone."""

import logging
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param
from mlflow.exceptions import MlflowException
from sqlalchemy.exc import SQLAlchemyError

from ganstudy.params import UserError
from ganstudy.tracking.record import FINGERPRINT, Data, Record

ARTIFACTS = Path("mlruns")
BATCH, BATCH_PARAMS = 1000, 100
"""What one call may hold: entries in all, params among them."""

# Its retries are no news: what comes of them is.
logging.getLogger("urllib3").setLevel(logging.ERROR)


def tracking_uri() -> str:
    """MLFLOW_TRACKING_URI, and otherwise what a bare `mlflow ui` in this folder opens."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{Path('mlflow.db').resolve()}"


@contextmanager
def spoken() -> Iterator[None]:
    """Say in one line what the store could not do; it may be away, full, or not there to be written."""
    try:
        yield
    except (MlflowException, SQLAlchemyError, OSError, ImportError) as error:
        text = str(error)
        system = re.search(r"\[Errno -?\d+\] [\w ]+", text)
        reason = system[0] if system else text.partition("\n")[0][:300]
        said = f"{tracking_uri()}: MLflow's store cannot be used ({reason})"
        secret = re.compile(r"(?<=//)[^/@\s]*@")
        raise UserError(
            f"{secret.sub('', said)}; nothing of the study is lost: `ganstudy track` goes on from here"
        ) from error


@dataclass(frozen=True)
class Stored:
    """A finished run that the store holds."""

    id: str
    tags: dict[str, str]


class Store:
    """One experiment: the study's."""

    def __init__(self, client: MlflowClient, experiment: str) -> None:
        self._client, self._experiment = client, experiment
        self._opened = _now()

    @classmethod
    @spoken()
    def open(cls, name: str, description: str) -> "Store":
        """The experiment of that name, made if need be. UserError if the store cannot be used."""
        client = MlflowClient(tracking_uri=tracking_uri())
        experiment = client.get_experiment_by_name(name)
        if experiment is not None and _is_elsewhere(experiment.artifact_location):
            # The folder was copied or moved, and the store with it. Its artifacts must not go where it was.
            before = f"{name} ({experiment.experiment_id}, of {experiment.artifact_location})"
            client.rename_experiment(experiment.experiment_id, before)
            experiment = None
        note = {"mlflow.note.content": description}
        if experiment is None:
            return cls(client, client.create_experiment(name, tags=note))
        if experiment.lifecycle_stage == "deleted":
            client.restore_experiment(experiment.experiment_id)
        for key, value in note.items():
            if experiment.tags.get(key) != value:
                client.set_experiment_tag(experiment.experiment_id, key, value)
        return cls(client, experiment.experiment_id)

    @spoken()
    def finished(self) -> dict[str, Stored]:
        """The mirror's runs by fingerprint. One that was begun but not finished is deleted."""
        found: dict[str, Stored] = {}
        token: str | None = ""
        while token is not None:
            page = self._client.search_runs(
                [self._experiment], f"tags.{FINGERPRINT} LIKE '%'", page_token=token or None
            )
            for run in page:
                print_ = run.data.tags[FINGERPRINT]
                if run.info.status == "FINISHED" and print_ not in found:
                    found[print_] = Stored(run.info.run_id, dict(run.data.tags))
                else:
                    self._client.delete_run(run.info.run_id)
            token = page.token
        return found

    @spoken()
    def add(self, record: Record) -> Stored:
        """Make a run. It counts as finished only when all of it is there."""
        # The run list shows the newest first, and a hundred at most: the cells, then what lies below them.
        now = _now() if record.below is None else self._opened - record.below
        run = self._client.create_run(self._experiment, now, dict(record.tags), record.name)
        id_ = run.info.run_id
        params = [Param(key, value) for key, value in record.params.items()]
        metrics = [Metric(key, value, now, step) for key, value, step in record.metrics]
        while params or metrics:
            some = params[:BATCH_PARAMS]
            room = BATCH - len(some)
            self._client.log_batch(id_, metrics=metrics[:room], params=some)
            params, metrics = params[BATCH_PARAMS:], metrics[room:]
        if record.data is not None:
            self._client.log_inputs(id_, [_dataset_input(record.data)])
        self.add_files(id_, record.files)
        # How long mirroring took would pass for how long training took.
        self._client.set_terminated(id_, end_time=now)
        return Stored(id_, dict(record.tags))

    @spoken()
    def add_files(self, id_: str, files: Mapping[str, Path | bytes]) -> None:
        """Put files among the run's artifacts, over those of the same name."""
        with TemporaryDirectory() as folder:
            for name, content in files.items():
                place = Path(folder, name)
                place.parent.mkdir(parents=True, exist_ok=True)
                if isinstance(content, Path):
                    place.symlink_to(content.resolve())
                else:
                    place.write_bytes(content)
            self._client.log_artifacts(id_, folder)

    @spoken()
    def set_tag(self, run: Stored, key: str, value: str) -> None:
        """Give the run this tag, unless it has it."""
        if run.tags.get(key) != value:
            self._client.set_tag(run.id, key, value)
            run.tags[key] = value


def _now() -> int:
    return int(time.time() * 1000)


def _is_elsewhere(location: str) -> bool:
    ours = not os.environ.get("MLFLOW_TRACKING_URI")
    return ours and Path(location.removeprefix("file://")).parent != ARTIFACTS.resolve()


def _dataset_input(data: Data) -> DatasetInput:
    dataset = Dataset(data.name, data.digest, "ganstudy", data.source, profile=data.profile)
    return DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])
