"""What becomes of stages, by a made-up dvc.yaml and dvc.lock."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ganstudy.forecast.fate import Fate, Foresight
from ganstudy.forecast.pipeline import Cache, Stage, read_lock, read_yaml, stages
from ganstudy.params import UserError

PIPELINE = """
stages:
  code:
    cmd: list
    params: [variants]
    outs: [data/code]
  judge:
    matrix: {variant: "${variants}", loss: "${losses}"}
    cmd: judge ${item.variant} ${item.loss}
    deps: ["data/runs/${item.variant}/${item.loss}"]
    metrics:
      - reports/${item.variant}/${item.loss}.json: {cache: false}
  train:
    matrix: {variant: "${variants}", loss: "${losses}"}
    cmd: train ${item.variant} ${item.loss}
    params: [seeds, "variants.${item.variant}", "losses.${item.loss}"]
    deps: [data/code/train.txt, data/raw.csv]
    outs: ["data/runs/${item.variant}/${item.loss}"]
  compare:
    cmd: compare
    params: [losses]
    deps: [reports]
    outs: [comparison.json: {cache: false}]
"""
SETTINGS: dict[str, Any] = {
    "seeds": 2,
    "variants": {"v": {"size": 1, "lr": 0.1}, "w": {"lr": 0.2}},
    "losses": {"a": {}, "b": None},
}


def digest(content: str) -> str:
    return hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()


class Folder:
    """A study in the current folder, all of whose stages have run."""

    def __init__(self) -> None:
        self.settings = json.loads(json.dumps(SETTINGS))
        self.lists = {"data/code/train.txt": "code"}
        Path("data").mkdir()
        Path("data/raw.csv").write_text("1")
        Path("dvc.yaml").write_text(PIPELINE)
        self.stages = stages(read_yaml(Path("dvc.yaml")), self.settings)
        self.run()

    def run(self) -> None:
        """All stages, as DVC would note it."""
        entries = {}
        for stage in sorted(
            self.stages, key=lambda stage: ("train", "judge", "compare", "code").index(stage.step)
        ):
            for out in stage.outs:
                path = Path(out)
                if out.startswith("data/runs"):
                    path.mkdir(parents=True, exist_ok=True)
                    (path / "weights").write_text(stage.name)
                    self.keep(out)
                elif stage.step != "code":
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(stage.name)
            entries[stage.name] = self.entry(stage)
        with Path("dvc.lock").open("w") as file:
            YAML().dump({"schema": "2.0", "stages": entries}, file)

    def entry(self, stage: Stage) -> dict[str, Any]:
        params = {}
        for place in stage.params:
            value = self.settings
            for key in place.split("."):
                value = value[key]
            params[place] = value
        return {
            "cmd": stage.command,
            "deps": [{"path": path, "hash": "md5", "md5": self.hash(path)} for path in sorted(stage.deps)],
            "params": {"params.yaml": params},
            "outs": [
                {"path": path, "hash": "md5", "md5": self.hash(path), **self.size(path)}
                for path in stage.outs
            ],
        }

    def hash(self, path: str) -> str:
        if path in self.lists:
            return digest(self.lists[path])
        return digest(Path(path).read_text()) if Path(path).is_file() else digest(path) + ".dir"

    def size(self, path: str) -> dict[str, int]:
        if Path(path).is_dir():
            return {"size": sum(file.stat().st_size for file in Path(path).iterdir()), "nfiles": 1}
        return {"size": Path(path).stat().st_size} if Path(path).is_file() else {}

    def keep(self, out: str) -> None:
        """Put a folder of outputs in DVC's cache."""
        weights = Path(out, "weights").read_text()
        listing = json.dumps([{"md5": digest(weights), "relpath": "weights"}])
        for name, content in ((digest(weights), weights), (digest(out) + ".dir", listing)):
            path = Path(".dvc/cache/files/md5", name[:2], name[2:])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def fates(self) -> dict[str, str]:
        """Of the stages that are not as they should be."""
        known = stages(read_yaml(Path("dvc.yaml")), self.settings)
        found = Foresight(self.settings, self.lists, read_lock(), Cache()).fates(known)
        return {name: fate.value for name, fate in found.items() if fate is not Fate.THERE}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    Path(".dvc").mkdir()
    return Folder()


def test_a_finished_study_has_nothing_to_do(folder: Folder) -> None:
    assert folder.fates() == {}


def test_stages_are_those_that_dvc_names(folder: Folder) -> None:
    train = next(stage for stage in folder.stages if stage.name == "train@w-b")
    assert train.command == "train w b"
    assert train.params == ("seeds", "variants.w", "losses.b")
    assert (train.step, train.of) == ("train", ("w", "b"))
    assert len(folder.stages) == 1 + 4 + 4 + 1


def test_a_setting_runs_what_it_is_for_and_perhaps_what_follows(folder: Folder) -> None:
    folder.settings["variants"]["w"]["lr"] = 0.3
    assert folder.fates() == {
        "train@w-a": "runs",
        "train@w-b": "runs",
        "judge@w-a": "maybe",
        "judge@w-b": "maybe",
        "compare": "maybe",
    }


def test_a_new_loss_runs_its_column(folder: Folder) -> None:
    folder.settings["losses"]["c"] = {}
    assert folder.fates() == {
        **dict.fromkeys(("train@v-c", "train@w-c", "judge@v-c", "judge@w-c"), "runs"),
        "compare": "runs",
    }


def test_a_loss_that_goes_is_only_compared_no_more(folder: Folder) -> None:
    del folder.settings["losses"]["a"]
    assert folder.fates() == {"compare": "runs"}


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: folder.lists.update({"data/code/train.txt": "touched"}),
        lambda folder: folder.settings.update(seeds=[0, 1]),
        lambda folder: Path("data/raw.csv").write_text("2"),
        lambda folder: Path("dvc.yaml").write_text(PIPELINE.replace("cmd: train", "cmd: train --well")),
        lambda folder: Path("dvc.yaml").write_text(
            PIPELINE.replace("deps: [data/code", "deps: [own, data/code")
        ),
    ],
    ids=["code", "seeds", "data", "command", "a dependency more"],
)
def test_what_all_cells_rest_on_trains_them_all(change: Callable[[Folder], None], folder: Folder) -> None:
    change(folder)
    fates = folder.fates()
    assert {fate for name, fate in fates.items() if name.startswith("train")} == {"runs"}
    assert {fate for name, fate in fates.items() if not name.startswith("train")} == {"maybe"}
    assert len(fates) == 9


def test_without_a_lock_everything_runs(folder: Folder) -> None:
    Path("dvc.lock").unlink()
    assert set(folder.fates().values()) == {"runs"}


def test_what_is_gone_is_made_again_and_comes_out_the_same(folder: Folder) -> None:
    Path("data/runs/v/a/weights").unlink()
    shutil.rmtree(".dvc/cache")
    # DVC keeps nothing that is not in its cache.
    assert folder.fates() == dict.fromkeys(("train@v-a", "train@v-b", "train@w-a", "train@w-b"), "again")


def test_what_git_keeps_is_made_again_when_it_is_otherwise(folder: Folder) -> None:
    Path("reports/v/a.json").write_text("by hand")
    assert folder.fates() == {"judge@v-a": "again"}


@pytest.mark.parametrize(
    ("where", "config", "local"),
    [
        (".dvc/cache", None, None),
        ("elsewhere", "../elsewhere", None),
        ("elsewhere", "nowhere", "../elsewhere"),
    ],
    ids=["by default", "configured", "configured for this machine"],
)
def test_what_is_gone_but_cached_is_restored(
    where: str, config: str | None, local: str | None, folder: Folder
) -> None:
    Path(".dvc/cache").replace(where)
    for name, home in (("config", config), ("config.local", local)):
        if home:
            Path(".dvc", name).write_text(f"[cache]\n    dir = {home}\n")
    Path("data/runs/v/a/weights").unlink()
    assert folder.fates() == {"train@v-a": "restored"}


def test_half_a_folder_in_the_cache_restores_nothing(folder: Folder) -> None:
    weights = digest("train@v-a")
    Path(".dvc/cache/files/md5", weights[:2], weights[2:]).unlink()
    Path("data/runs/v/a/weights").unlink()
    assert folder.fates() == {"train@v-a": "again"}


def test_what_once_ran_with_these_settings_is_restored(folder: Folder) -> None:
    """The way DVC looks it up: the key is what it would be for this entry."""
    folder.settings["variants"]["w"]["lr"] = 0.3
    stage = next(stage for stage in folder.stages if stage.name == "train@w-a")
    entry = folder.entry(stage)
    key = {**entry, "outs": list(stage.outs)}
    name = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
    kept = Path(".dvc/cache/runs", name[:2], name, "value")
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps(entry))
    fates = folder.fates()
    assert (fates["train@w-a"], fates["train@w-b"]) == ("restored", "runs")
    # The same comes out as before, so nobody has to look at it again.
    assert "judge@w-a" not in fates


def test_a_broken_file_is_the_users_to_put_right(folder: Folder) -> None:
    Path("dvc.lock").write_text("stages: [")
    with pytest.raises(UserError, match=r"^dvc\.lock: not valid YAML"):
        folder.fates()
