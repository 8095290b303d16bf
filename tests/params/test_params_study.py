"""What a well-formed params.yaml means."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ganstudy.losses.smoothed import SmoothedSettings
from ganstudy.losses.wgan_gp import WganGpSettings
from ganstudy.networks.features import RawFeatures
from ganstudy.networks.mlp import PytorchInit
from ganstudy.networks.noise import Noise
from ganstudy.sources.gaussian import GaussianSettings
from ganstudy.study.cross_checks import unused
from ganstudy.study.evaluation import Claim, Evaluation, Floors, Tolerance, TwoSampleTest
from ganstudy.study.loading import load, parse
from ganstudy.training.optimizers import Adam, Sgd

Study = dict[str, Any]

TEXT = """
study: {name: a-study, seeds: 3}
variants:
  first: &base
    source: {name: gaussian, mean: 4, std: 1.25}
    noise: uniform
    generator: {hidden: [50, 50], activations: [elu, sigmoid]}
    discriminator: {hidden: [], pack: 100, features: squared_deviations}
    optimizer: {name: adam, lr: 1e-3, betas: [0.5, 0.999]}
    batch: 1
    steps: 20_000
  second:
    <<: *base
    steps: 5
losses:
  mse: {}
  hinge:
  smoothed_001: {loss: smoothed, smoothing: 0.01}
  smoothed: {}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "params.yaml"
    path.write_text(TEXT)
    return path


def test_a_file_is_read_as_yaml_1_2(file: Path) -> None:
    """YAML 1.1 would read 1e-3 as text; DVC reads 1.2."""
    recipe = load(file).variants["first"]
    assert recipe.optimizer == Adam(name="adam", lr=0.001, betas=(0.5, 0.999))
    assert recipe.steps == 20_000
    assert recipe.source == GaussianSettings(name="gaussian", mean=4.0, std=1.25)


def test_yaml_1_2_has_no_yes_and_no(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(TEXT.replace("first", "no").replace("second", "on"))
    assert list(load(path).variants) == ["no", "on"]


def test_variants_may_share_settings_by_anchors(file: Path) -> None:
    first, second = load(file).variants.values()
    assert second == first.model_copy(update={"steps": 5})


def test_a_losss_name_is_its_key_unless_it_says_otherwise(file: Path) -> None:
    losses = load(file).losses
    assert {key: entry.name for key, entry in losses.items()} == {
        "mse": "mse",
        "hinge": "hinge",
        "smoothed_001": "smoothed",
        "smoothed": "smoothed",
    }
    assert losses["smoothed_001"].settings == SmoothedSettings(loss="smoothed", smoothing=0.01)
    assert losses["smoothed"].settings == SmoothedSettings(loss="smoothed", smoothing=0.2)


def test_a_name_alone_is_short_for_a_block(make_study: Callable[..., Study]) -> None:
    short = parse(make_study("mse", noise="uniform", source="gaussian")).variants["v"]
    assert short.noise == Noise(name="uniform", size=1)
    assert short.source == GaussianSettings(name="gaussian", mean=0.0, std=1.0)
    assert short.generator.init == PytorchInit()
    assert short.discriminator.features == RawFeatures()


def test_cells_are_all_variants_with_all_losses_in_the_files_order(file: Path) -> None:
    params = load(file)
    assert [(cell.variant, cell.loss) for cell in params.cells] == [
        (variant, loss)
        for variant in ("first", "second")
        for loss in ("mse", "hinge", "smoothed_001", "smoothed")
    ]
    assert params.cell("second", "smoothed_001").recipe == params.variants["second"].recipe
    with pytest.raises(KeyError):
        params.cell("second", "minimax")


@pytest.mark.parametrize(("given", "meant"), [(3, [0, 1, 2]), ([5, 3], [5, 3]), ([0], [0])])
def test_seeds_are_counted_from_zero_or_listed(
    given: Any, meant: list[int], make_study: Callable[..., Study]
) -> None:
    study = make_study("mse")
    study["study"]["seeds"] = given
    assert parse(study).seeds == meant


def test_a_losss_overrides_replace_the_recipes_values_and_are_listed(
    make_study: Callable[..., Study],
) -> None:
    entry = {
        "loss": "wgan_gp",
        "penalty": 0.1,
        "discriminator_steps": 5,
        "generator_optimizer": {"name": "sgd", "lr": 0.5},
    }
    params = parse(make_study(entry))
    cell, recipe = params.cell("v", "l"), params.variants["v"].recipe
    assert cell.recipe == recipe.model_copy(
        update={"discriminator_steps": 5, "generator_optimizer": Sgd(name="sgd", lr=0.5)}
    )
    assert isinstance(cell.settings, WganGpSettings)
    assert cell.settings.penalty == 0.1
    assert cell.overrides == {
        "discriminator_steps": 5,
        "generator_optimizer": {"name": "sgd", "lr": 0.5, "momentum": 0.0},
    }


def test_every_override_reaches_the_recipe(make_study: Callable[..., Study]) -> None:
    entry = {
        "loss": "mse",
        "optimizer": {"name": "sgd", "lr": 0.5},
        "generator_optimizer": {"name": "sgd", "lr": 0.25},
        "steps": 77,
        "discriminator_steps": 4,
        "generator_steps": 6,
    }
    cell = parse(make_study(entry)).cell("v", "l")
    assert set(cell.overrides) == set(entry) - {"loss"}
    assert cell.recipe.optimizer == Sgd(name="sgd", lr=0.5)
    assert cell.recipe.generator_optimizer == Sgd(name="sgd", lr=0.25)
    assert (cell.recipe.steps, cell.recipe.discriminator_steps, cell.recipe.generator_steps) == (77, 4, 6)


def test_a_loss_without_overrides_leaves_the_recipe(make_study: Callable[..., Study]) -> None:
    params = parse(make_study("mse"))
    assert params.cell("v", "l").recipe == params.variants["v"].recipe
    assert params.cell("v", "l").overrides == {}


def test_settings_are_frozen(make_study: Callable[..., Study]) -> None:
    recipe = parse(make_study("mse")).variants["v"]
    with pytest.raises(ValidationError, match="frozen"):
        recipe.steps = 7


def test_a_tolerance_is_a_number_or_so_many_floors(make_study: Callable[..., Study]) -> None:
    study = make_study("mse")
    study["evaluation"] = {
        "tolerances": {
            "gaussian": {
                "mean": 0.1,
                "coverage": {"floors": 2},
                "jensen_shannon": 0.02,
                "c2st_accuracy": {"floors": 1.5},
            }
        }
    }
    params = parse(study)
    tolerance = params.evaluation.tolerance(params.variants["v"])
    assert tolerance == Tolerance(
        mean=0.1, coverage=Floors(floors=2.0), jensen_shannon=0.02, c2st_accuracy=Floors(floors=1.5)
    )
    assert tolerance.judged == [
        "mean",
        "coverage",
        "c2st_accuracy",
        "jensen_shannon",
    ]


@pytest.mark.parametrize(
    ("source", "judged"),
    [
        ("gaussian", ["wasserstein", "density", "coverage"]),
        ("ring", ["wasserstein", "density", "coverage"]),
        ("table", ["wasserstein", "density", "coverage"]),
        ("digits", ["wasserstein", "density", "coverage", "frechet"]),
        ("mnist", ["wasserstein", "density", "coverage", "frechet"]),
    ],
)
def test_a_source_without_tolerances_is_judged_by_distance_density_and_coverage(
    source: str, judged: list[str], make_study: Callable[..., Study]
) -> None:
    settings = {"name": "table", "path": "mine.csv"} if source == "table" else source
    study = make_study("mse", source=settings)
    study["evaluation"] = {"floors": 3}
    params = parse(study)
    given = params.evaluation.tolerance(params.variants["v"])
    assert sorted(given.judged) == sorted(judged)
    assert all(getattr(given, name) == Floors(floors=3.0) for name in judged)


def test_the_probe_is_a_discriminator_of_two_layers_unless_told_otherwise(
    make_study: Callable[..., Study],
) -> None:
    study = make_study("mse")
    assert parse(study).evaluation.two_sample_test == TwoSampleTest(
        hidden=(64, 64), lr=1e-3, batch=256, patience=4, passes=40
    )
    study["evaluation"] = {"two_sample_test": {"hidden": [8], "passes": 3}}
    assert parse(study).evaluation.two_sample_test == TwoSampleTest(hidden=(8,), passes=3)
    study["evaluation"] = {"two_sample_test": {"hidden": []}}
    assert parse(study).evaluation.two_sample_test.hidden == ()


def test_a_claim_says_whose_it_is_and_which_errors_it_leaves_room_for(
    make_study: Callable[..., Study],
) -> None:
    study = make_study("mse")
    study["variants"]["v"]["claim"] = {"by": "the article", "mean": 0.1, "kurtosis": 1}
    claim = parse(study).variants["v"].claim
    assert claim == Claim(by="the article", mean=0.1, kurtosis=1.0)
    assert claim.errors == {"mean": 0.1, "kurtosis": 1.0}


def test_a_variants_own_tolerances_come_before_its_sources(make_study: Callable[..., Study]) -> None:
    study = make_study("mse")
    study["variants"]["w"] = study["variants"]["v"] | {"tolerances": {"std": 0.2}}
    study["evaluation"] = {"tolerances": {"gaussian": {"mean": 0.1}, "ring": {"mean": 0.1}}}
    params = parse(study)
    judged = {name: params.evaluation.tolerance(of).judged for name, of in params.variants.items()}
    assert judged == {"v": ["mean"], "w": ["std"]}
    assert [line.partition(":")[0] for line in unused(params)] == ["evaluation.tolerances.ring"]
    # To delete a variant is to delete one block.
    del study["variants"]["v"]
    assert len(unused(parse(study))) == 2


@pytest.mark.parametrize("nothing", [{}, None])
def test_keys_may_have_nothing_below_them(nothing: Any, make_study: Callable[..., Study]) -> None:
    study = make_study("mse")
    study["losses"], study["evaluation"] = {"mse": nothing, "hinge": nothing}, nothing
    params = parse(study)
    assert params.evaluation == Evaluation()
    assert list(params.losses) == ["mse", "hinge"]


@pytest.mark.parametrize("seed", [2**31, 2**32, 2**53 + 1, 2**63 - 1])
def test_a_seed_may_have_63_bits(seed: int, make_study: Callable[..., Study]) -> None:
    study = make_study("mse")
    study["study"]["seeds"] = [seed]
    assert parse(study).seeds == [seed]


def test_a_point_needs_one_sample_and_a_distribution_ten(make_study: Callable[..., Study]) -> None:
    assert parse(make_study("mse", noise="constant", samples=1)).variants["v"].samples == 1
    assert parse(make_study("mse", samples=10)).variants["v"].samples == 10
