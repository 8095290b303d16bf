"""The store lies in the study's folder, whatever that is called."""

import subprocess
import sys
from pathlib import Path

import pytest
from mlflow import MlflowClient
from tiny_study import write_study


def track() -> None:
    """In a process of its own: MLflow keeps what it has opened by names that here are relative."""
    subprocess.run([Path(sys.executable).with_name("ganstudy"), "track"], check=True, capture_output=True)


@pytest.mark.parametrize("name", ["what?", "100%20sure", "a#b", "größe und so"])
def test_a_folder_of_any_name_holds_its_store(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setenv("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    folder = tmp_path / name
    folder.mkdir()
    monkeypatch.chdir(folder)
    write_study(["mse"])
    track()
    assert (folder / "mlflow.db").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    # As it is called from elsewhere, whatever its folder is called.
    (tmp_path.parent / f"{tmp_path.name}.db").symlink_to(folder / "mlflow.db")
    client = MlflowClient(tracking_uri=f"sqlite:///{tmp_path}.db")
    experiment = client.get_experiment_by_name("tiny")
    assert experiment is not None
    (cell,) = [
        run for run in client.search_runs([experiment.experiment_id]) if run.data.tags["level"] == "cell"
    ]
    names = {file.path for file in client.list_artifacts(cell.info.run_id)}
    assert "params.yaml" in names
    assert list((folder / "mlruns").rglob("params.yaml"))
    # Again: everything is found where it is.
    track()
    assert len(client.search_experiments()) == 2
