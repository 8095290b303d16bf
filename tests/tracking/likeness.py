"""What two stores of the same study have in common: all but ids, times and places."""

import json
import re
from pathlib import Path
from typing import Any

from mlflow.artifacts import download_artifacts
from mlflow.entities import LoggedModel, Run
from tiny_study import View

PARENT, NOTE = "mlflow.parentRunId", "mlflow.note.content"


def likeness(view: View) -> dict[str, Any]:
    """Of the experiment and of each run in it, by name; no two may have the same."""
    runs = view.all
    names = {run.info.run_id: run.info.run_name for run in runs}
    assert len(set(names.values())) == len(runs), sorted(names.values())
    models = view.client.search_logged_models([view.experiment], max_results=1000)
    held = {run.info.run_name: _of_run(view, run, names) for run in runs}
    for model in models:
        held[names[model.source_run_id]]["models"].append(_of_model(view, model))
    return held | {"experiment": _of_experiment(view)}


def _of_experiment(view: View) -> dict[str, Any]:
    tags = dict(view.client.get_experiment(view.experiment).tags)
    note = _without_ids(view, tags.pop(NOTE))
    views = {key: json.loads(value) for key, value in tags.items() if value.startswith("{")}
    return {**tags, **{key: (about["name"], about["state"]) for key, about in views.items()}, NOTE: note}


def _without_ids(view: View, note: str) -> str:
    """Links lead to this store's own runs."""
    text = note.replace(f"experiments/{view.experiment}/", "experiments/…/")
    return re.sub(r"runs/[0-9a-f]{32}/", "runs/…/", text)


def _of_run(view: View, run: Run, names: dict[str, str]) -> dict[str, Any]:
    tags = dict(run.data.tags)
    if PARENT in tags:
        tags[PARENT] = names[tags[PARENT]]
    if NOTE in tags:
        tags[NOTE] = _without_ids(view, tags[NOTE])
    return {
        "status": run.info.status,
        "tags": tags,
        "params": run.data.params,
        # As text, in which NaN is like itself.
        "metrics": {key: repr(value) for key, value in run.data.metrics.items()},
        "curves": {
            key: [(m.step, repr(m.value)) for m in view.client.get_metric_history(run.info.run_id, key)]
            for key in run.data.metrics
        },
        "data": [
            (used.dataset.to_dictionary(), [(tag.key, tag.value) for tag in used.tags])
            for used in run.inputs.dataset_inputs
        ],
        "files": _of_files(Path(view.client.download_artifacts(run.info.run_id, ""))),
        "models": [],
        "outputs": len(run.outputs.model_outputs) if run.outputs else 0,
    }


def _of_model(view: View, model: LoggedModel) -> dict[str, Any]:
    place = download_artifacts(model.artifact_location, tracking_uri=view.client.tracking_uri)
    files = _of_files(Path(place))
    return {"name": model.name, "status": str(model.status), "tags": model.tags, "files": files}


def _of_files(folder: Path) -> dict[str, bytes | None]:
    """MLflow writes ids and times into a model's own description."""
    return {
        path.relative_to(folder).as_posix(): None if path.name == "MLmodel" else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
