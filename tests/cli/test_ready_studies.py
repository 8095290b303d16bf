"""The ready studies run as they are written, only shorter."""

import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dvc.utils.serialize import load_yaml
from ruamel.yaml import YAML

from ganstudy.cli.new_study.ready import Ready, catalogue
from ganstudy.pipeline.classify import classify
from ganstudy.pipeline.compare import compare
from ganstudy.pipeline.evaluate import evaluate
from ganstudy.pipeline.floors import floors
from ganstudy.pipeline.prepare import prepare
from ganstudy.results import paths
from ganstudy.results.run_files import save_runs
from ganstudy.results.study_results import load_cells
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.sources.stream import Shuffled
from ganstudy.study.loading import parse
from ganstudy.study.params import Params
from ganstudy.training.trainer import train

STUDIES = catalogue()
every_study = pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)


def settings(study: Ready) -> Any:
    return YAML(typ="safe", pure=True).load(study.text)


@every_study
def test_its_head_says_what_it_asks_what_to_expect_and_how_long_it_takes(study: Ready) -> None:
    head = re.match(r"(# .*\n)+", study.text)
    assert head
    assert "?" in study.question
    assert "\n# Expected: " in head[0]
    assert re.search(r"About \d+ minutes on two\s+(# )?cores", head[0])
    assert all(len(line) <= 110 for line in study.text.splitlines())


@every_study
def test_its_name_leads_to_its_own_experiment(study: Ready) -> None:
    assert parse(settings(study)).study.name in (study.name, f"{study.name}-tuning")


@every_study
def test_dvc_reads_the_same_settings(study: Ready, tmp_path: Path) -> None:
    """Anchors and merged blocks too."""
    (tmp_path / "params.yaml").write_text(study.text, encoding="utf-8")
    assert load_yaml(str(tmp_path / "params.yaml")) == settings(study)


def test_packed_variants_see_as_many_samples_a_step() -> None:
    variants = parse(settings(STUDIES["mode-collapse"])).variants
    for name in ("ring", "grid"):
        alone, packed = variants[name], variants[f"{name}_packed"]
        assert packed.batch * packed.discriminator.pack == alone.batch
        assert packed.discriminator.pack == 2


def test_the_fair_ranking_tries_every_loss_alike_and_leaves_the_usual_seeds_alone() -> None:
    study = settings(STUDIES["fair-ranking"])
    params = parse(study)
    tried: dict[str, list[Any]] = {}
    for entry in params.losses.values():
        assert entry.overrides.optimizer
        tried.setdefault(entry.name, []).append(entry.overrides.optimizer)
    every = {"minimax", "non_saturating", "smoothed", "one_sided", "mse", "lsgan", "wgan_clip", "wgan_gp"}
    assert set(tried) == every | {"hinge", "relativistic", "r3gan", "dragan"}
    (settings_of_all,) = {tuple(optimizers) for optimizers in tried.values()}
    assert len(set(settings_of_all)) == 3
    assert min(params.seeds) >= 1000


def shortened(study: Ready) -> Params:
    """Two seeds, three steps, few samples, one pass of those that judge."""
    content = settings(study)
    content["study"]["seeds"] = 2
    content.setdefault("evaluation", {})["two_sample_test"] = {"passes": 1}
    for variant in content["variants"].values():
        variant |= {
            "steps": 3,
            "samples": min(500, variant.get("samples", 500)),
            "points": 3,
            "snapshots": 1,
        }
        variant["discriminator_pretest"] = min(3, variant.get("discriminator_pretest", 0))
        if variant["source"] == {"name": "mnist", "split": "train", "held_out": 0.1}:
            variant["source"]["split"] = "test"
    return parse(content)


def enlarged_digits() -> Prepared:
    """The bundled 8 × 8 scans at 28 × 28 pixels, where MNIST itself is not at hand."""
    digits = Prepared.of(make_source(parse(settings(STUDIES["digits"])).variants["digits_mlp"].source))

    def enlarge(samples: np.ndarray) -> np.ndarray:
        images = np.kron(samples.reshape(-1, 8, 8), np.ones((3, 3), np.float32))
        return np.pad(images, ((0, 0), (2, 2), (2, 2)), constant_values=-1).reshape(len(samples), -1)

    return Prepared(digits.description, enlarge(digits.train), enlarge(digits.held_out))


@pytest.mark.slow
@every_study
def test_a_ready_study_trains_and_is_judged(
    study: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANSTUDY_WORKERS", "1")
    params = shortened(study)
    has_mnist = (Path(os.environ.get("GANSTUDY_MNIST", "")) / "t10k-images-idx3-ubyte.gz").is_file()
    for variant, recipe in params.variants.items():
        if recipe.source.name == "mnist" and not has_mnist:
            enlarged_digits().save(paths.prepared(variant))
        else:
            prepare(params, variant)
        classify(params, variant)
        floors(params, variant)
    for cell in params.cells:
        source, data = make_source(cell.recipe.source), Prepared.load(paths.prepared(cell.variant))
        stream = Shuffled(data.train) if cell.recipe.source.name == "mnist" else data.stream(source)
        runs = train(cell, params.seeds, data, stream)
        assert np.isfinite(runs.samples).all()
        # Two seeds are two generators, and training has moved them.
        assert not np.array_equal(runs.samples[0], runs.samples[1])
        assert not np.array_equal(runs.evolution[:, 0], runs.evolution[:, -1])
        save_runs(runs, paths.runs(cell.variant, cell.loss))
        evaluate(params, cell.variant, cell.loss)
    compare(params)
    assert [result.summary["runs"] for result in load_cells(params)] == [2] * len(params.cells)
