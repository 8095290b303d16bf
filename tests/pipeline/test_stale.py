"""Nothing is left of cells that params.yaml no longer names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ganstudy.pipeline.stale import remove_stale
from ganstudy.results import paths
from ganstudy.study.params import Params

Files = Callable[[], dict[str, bytes]]
LOSSES = ["mse", "hinge"]

LOCK = """\
schema: '2.0'
stages:
  prepare@v:
    cmd: ganstudy prepare v
    outs:
    - path: data/prepared/v
      hash: md5
  prepare@gone:
    cmd: ganstudy prepare gone
  train@v-mse:
    cmd: ganstudy train v mse
    params:
      params.yaml:
        study.seeds: 2
  train@v-gone:
    cmd: ganstudy train v gone
    deps:
    - path: data/prepared/v
      md5: 8a5f.dir
  evaluate@gone-mse:
    cmd: ganstudy evaluate gone mse
  compare:
    cmd: ganstudy compare
  evaluate@v-mse:
    cmd: ganstudy evaluate v mse
"""
PRUNED = """\
schema: '2.0'
stages:
  prepare@v:
    cmd: ganstudy prepare v
    outs:
    - path: data/prepared/v
      hash: md5
  train@v-mse:
    cmd: ganstudy train v mse
    params:
      params.yaml:
        study.seeds: 2
  compare:
    cmd: ganstudy compare
  evaluate@v-mse:
    cmd: ganstudy evaluate v mse
"""


HOMES = (
    paths.PREPARED,
    paths.CLASSIFIERS,
    paths.FLOORS,
    paths.RUNS,
    paths.JUDGED,
    paths.METRICS_FOLDER,
)


@pytest.fixture
def finished(study: Callable[..., Params]) -> Params:
    """A study with something in every place that belongs to a cell."""
    params = study({"w": {}, "v": {}}, LOSSES)
    for variant in params.variants:
        write(paths.prepared(variant) / "train.npy")
        write(paths.classifier(variant) / "about.json")
        write(paths.floors(variant))
    for cell in params.cells:
        write(paths.runs(cell.variant, cell.loss) / "samples.npy")
        write(paths.judged(cell.variant, cell.loss))
        write(paths.metrics(cell.variant, cell.loss))
    return params


def write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{path}, whatever it is")


def test_what_is_left_of_another_study_goes_and_the_rest_stays(
    finished: Params, study: Callable[..., Params], files: Files
) -> None:
    """The folders' hashes, and with them dvc.lock, are then those of a fresh clone."""
    fewer = study({"v": {}}, ["mse"])
    kept = {
        name: content
        for name, content in files().items()
        if not any(name.startswith(f"{home}/w") for home in HOMES) and "hinge" not in name
    }
    remove_stale(fewer)
    assert files() == kept
    for home in HOMES:
        assert [path.stem for path in home.iterdir()] == ["v"]


def test_files_that_are_no_cell_go_too(finished: Params, files: Files) -> None:
    """As a file manager leaves them behind."""
    kept = files()
    for home in HOMES:
        write(home / ".DS_Store")
    write(paths.RUNS / "v" / "notes.txt")
    write(paths.JUDGED / "gone" / "mse.json")
    remove_stale(finished)
    assert files() == kept
    assert not (paths.JUDGED / "gone").exists()


def test_other_folders_are_left_alone(finished: Params, files: Files) -> None:
    for path in ("data/raw/tables/mine.csv", "reports/figures/old.png", "notes/gone/mse.json"):
        write(Path(path))
    before = files()
    remove_stale(finished)
    assert files() == before


def test_before_anything_has_run_there_is_nothing_to_remove(
    study: Callable[..., Params], files: Files
) -> None:
    params = study({"v": {}}, LOSSES)
    before = files()
    remove_stale(params)
    assert files() == before


def test_the_lock_forgets_other_cells_and_keeps_its_bytes(study: Callable[..., Params]) -> None:
    params = study({"v": {}}, LOSSES)
    paths.LOCK.write_text(LOCK)
    remove_stale(params)
    assert paths.LOCK.read_text() == PRUNED
    remove_stale(params)
    assert paths.LOCK.read_text() == PRUNED
