"""The store lies in the study's folder, whatever that is called."""

from pathlib import Path

import pytest
from mlflow import MlflowClient
from tiny_study import write_study

from ganstudy.stages.track import track
from ganstudy.tracking.address import tracking_uri


@pytest.mark.parametrize("name", ["what?", "100%20sure", "a#b", "größe und so"])
def test_a_folder_of_any_name_holds_its_store(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setenv("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    folder = tmp_path / name
    folder.mkdir()
    monkeypatch.chdir(folder)
    track(write_study(["mse"]).params)
    assert (folder / "mlflow.db").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    client = MlflowClient(tracking_uri=tracking_uri())
    experiment = client.get_experiment_by_name("tiny")
    assert experiment is not None
    (cell,) = [
        run for run in client.search_runs([experiment.experiment_id]) if run.data.tags["level"] == "cell"
    ]
    names = {file.path for file in client.list_artifacts(cell.info.run_id)}
    assert "params.yaml" in names
    assert list((folder / "mlruns").rglob("params.yaml"))
    # Again: everything is found where it is.
    track(write_study(["mse"]).params)
    assert len(client.search_experiments()) == 2
