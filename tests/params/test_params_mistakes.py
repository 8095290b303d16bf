"""Every mistake in params.yaml gets one line that says where it is, what it is and what would be right."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ganstudy.core.errors import InvalidParamsError, UserError
from ganstudy.core.registry import Chosen
from ganstudy.core.settings import Setting
from ganstudy.study.loading import load, parse
from ganstudy.study.losses import LossEntry
from ganstudy.study.variant import Variant

Study = dict[str, Any]
NOWHERE = object()

# Where in the study something is put, what, the place that the error must name, and what it must say.
MISTAKES: dict[str, tuple[str, Any, str, str]] = {
    "unknown key": ("variants.v.stepz", 5, "variants.v", "unknown key 'stepz'; did you mean 'steps'?"),
    "unknown key at the top": ("evalution", {}, "", "unknown key 'evalution'; did you mean 'evaluation'?"),
    "unknown key far below": (
        "variants.v.optimizer.betaz",
        [0, 0.9],
        "variants.v.optimizer",
        "unknown key 'betaz'; did you mean 'betas'?",
    ),
    "unknown key like no other": (
        "variants.v.optimizer.qqqq",
        1,
        "variants.v.optimizer",
        "unknown key 'qqqq'; allowed: name, lr, betas, eps",
    ),
    "another optimiser's key": ("variants.v.optimizer.momentum", 0.9, "variants.v.optimizer", "'momentum'"),
    "a loss's option, misspelt": (
        "losses.smoothed",
        {"smoothin": 0.1},
        "losses.smoothed",
        "unknown key 'smoothin'; did you mean 'smoothing'?",
    ),
    "an override, misspelt": (
        "losses.mine",
        {"loss": "mse", "discriminator_step": 2},
        "losses.mine",
        "unknown key 'discriminator_step'; did you mean 'discriminator_steps'?",
    ),
    "another loss's option": ("losses.mse", {"smoothing": 0.1}, "losses.mse", "unknown key 'smoothing'"),
    "unknown loss": ("losses.msee", {}, "losses.msee", "'msee' is not known; did you mean 'mse'?"),
    "unknown loss by name": ("losses.mine", {"loss": "hing"}, "losses.mine", "did you mean 'hinge'?"),
    "unknown source": ("variants.v.source", "rng", "variants.v.source", "did you mean 'ring'?"),
    "source without a name": (
        "variants.v.source",
        {"modes": 8},
        "variants.v.source",
        "say which with 'name'",
    ),
    "unknown features": (
        "variants.v.discriminator.features",
        "momentz",
        "variants.v.discriminator.features",
        "did you mean 'moments'?",
    ),
    "unknown initialisation": ("variants.v.generator.init", "hee", "variants.v.generator.init", "'he'?"),
    "unknown activation": (
        "variants.v.generator.activations",
        "relo",
        "variants.v.generator.activations",
        "found 'relo'; should be 'relu', 'leaky_relu'",
    ),
    "unknown activation in a list": (
        "variants.v.generator.activations",
        ["relu", "relo"],
        "variants.v.generator.activations.1",
        "found 'relo'; should be 'relu', 'leaky_relu'",
    ),
    "unknown noise": ("variants.v.noise", "unform", "variants.v.noise", "should be 'uniform', 'normal' or"),
    "unknown labels": (
        "losses.smoothed",
        {"labels": "fixd"},
        "losses.smoothed.labels",
        "'per_batch' or 'fixed'",
    ),
    "text for a number": ("variants.v.batch", "4", "variants.v.batch", "found '4'; should be integer"),
    "a fraction for a count": ("variants.v.batch", 4.5, "variants.v.batch", "found 4.5; should be integer"),
    "truth for a number": ("variants.v.steps", True, "variants.v.steps", "found True; should be integer"),
    "text for a rate": ("variants.v.optimizer.lr", "fast", "variants.v.optimizer.lr", "should be number"),
    "a negative rate": ("variants.v.optimizer.lr", -1, "variants.v.optimizer.lr", "greater than 0"),
    "no number as a rate": (
        "variants.v.optimizer.lr",
        float("nan"),
        "variants.v.optimizer.lr",
        "should be a finite number",
    ),
    "a count of none": ("variants.v.steps", 0, "variants.v.steps", "0 is too few; give at least 1"),
    "an empty layer": ("variants.v.generator.hidden", [0, 1], "variants.v.generator.hidden.0", "at least 1"),
    "a number for a list": ("variants.v.generator.hidden", 3, "variants.v.generator.hidden", "a list"),
    "one beta": ("variants.v.optimizer.betas", [0.9], "variants.v.optimizer.betas.1", "missing"),
    "a decay that never forgets": (
        "variants.v.generator",
        {"hidden": [], "ema": 1.0},
        "variants.v.generator.ema",
        "less than 1",
    ),
    "no seeds": ("study.seeds", 0, "study.seeds", "0 is too few; give at least 1"),
    "an empty list of seeds": ("study.seeds", [], "study.seeds", "is empty; give at least one"),
    "a repeated seed": (
        "study.seeds",
        [1, 2, 1],
        "study.seeds",
        "seed 1 is there more than once; give each once",
    ),
    "a negative seed": ("study.seeds", [3, -1], "study.seeds.1", "found -1; should be greater than"),
    "a study's bad name": ("study.name", "My Study", "study.name", "use only small letters, digits, - and _"),
    "a loss's bad name": ("losses.Wgan-GP", {"loss": "wgan_gp"}, "losses.Wgan-GP", "use only small letters"),
    "a number as a name": ("losses.7", {"loss": "mse"}, "losses.7", ""),
    "too few activations": (
        "variants.v.generator.activations",
        ["tanh"],
        "variants.v.generator",
        "1 activations for 2 hidden layers; give one for each, or a single name for all",
    ),
    "features without a pack": (
        "variants.v.discriminator.features",
        "moments",
        "variants.v.discriminator",
        "features 'moments' compare samples; give a pack of 2 or more",
    ),
    "a tolerance for an unknown figure": (
        "evaluation",
        {"tolerances": {"gaussian": {"meen": 0.1}}},
        "evaluation.tolerances.gaussian",
        "unknown key 'meen'; did you mean 'mean'?",
    ),
    "a tolerance that says nothing of the source": (
        "evaluation",
        {"tolerances": {"gaussian": {"mean": 0.1, "inside": 1.0}}},
        "evaluation.tolerances.gaussian.inside",
        "says nothing of this source; leave it out",
    ),
    "tolerances that name nothing": (
        "evaluation",
        {"tolerances": {"gaussian": {}}},
        "variants.v",
        "nothing to judge it by; name at least one of mean, std, skew, kurtosis, wasserstein, ks, energy, "
        "precision, recall, density, coverage, c2st_accuracy, jensen_shannon, brier under "
        "variants.v.tolerances",
    ),
    "a point without tolerances": (
        "variants.v.noise",
        "constant",
        "variants.v",
        "nothing to judge it by; name at least one of mean under variants.v.tolerances",
    ),
    "a distance of images for something else": (
        "evaluation",
        {"tolerances": {"gaussian": {"mean": 0.1, "frechet": {"floors": 2.0}}}},
        "evaluation.tolerances.gaussian.frechet",
        "says nothing of this source; leave it out",
    ),
    "no floors": (
        "evaluation",
        {"tolerances": {"gaussian": {"mean": {"floors": 0}}}},
        "evaluation.tolerances.gaussian.mean.floors",
        "found 0; should be greater than 0",
    ),
    "floors by another name": (
        "evaluation",
        {"tolerances": {"gaussian": {"mean": {"floor": 2.0}}}},
        "evaluation.tolerances.gaussian.mean",
        "unknown key 'floor'; did you mean 'floors'?",
    ),
    "floors of what is counted": (
        "evaluation",
        {"tolerances": {"gaussian": {"inside": {"floors": 2.0}}}},
        "evaluation.tolerances.gaussian.inside",
        "should be number",
    ),
    "a tolerance of nothing": (
        "evaluation",
        {"tolerances": {"gaussian": {"coverage": 0}}},
        "evaluation.tolerances.gaussian.coverage",
        "found 0; should be greater than 0",
    ),
    "an unknown key of the two-sample test": (
        "evaluation",
        {"two_sample_test": {"hiden": [64]}},
        "evaluation.two_sample_test",
        "unknown key 'hiden'; did you mean 'hidden'?",
    ),
    "a two-sample test without patience": (
        "evaluation",
        {"two_sample_test": {"patience": 0}},
        "evaluation.two_sample_test.patience",
        "0 is too few; give at least 1",
    ),
    "a two-sample test with an empty layer": (
        "evaluation",
        {"two_sample_test": {"hidden": [64, 0]}},
        "evaluation.two_sample_test.hidden.1",
        "0 is too few; give at least 1",
    ),
    "claims where they were": (
        "evaluation",
        {"claims": {"v": {"by": "the article", "mean": 0.1}}},
        "evaluation",
        "unknown key 'claims'; a claim now stands in its variant's own block, as `variants.NAME.claim`",
    ),
    "nobody's claim": ("variants.v.claim", {"mean": 0.1}, "variants.v.claim.by", "missing"),
    "a claim about a figure that claims do not know": (
        "variants.v.claim",
        {"by": "the article", "meen": 0.1},
        "variants.v.claim",
        "unknown key 'meen'; did you mean 'mean'?",
    ),
    "a variant's tolerance that says nothing of its source": (
        "variants.v.tolerances",
        {"mean": 0.1, "inside": 1.0},
        "variants.v.tolerances.inside",
        "says nothing of this source; leave it out",
    ),
    "a seed of more than 63 bits": (
        "study.seeds",
        [2**63],
        "study.seeds.0",
        "should be less than or equal to 9223372036854775807",
    ),
    "a tolerance that is almost a figure's": (
        "losses.mse",
        {"loss": "mse", "optimiser": {}},
        "losses.mse",
        "did",
    ),
    "a metric that nobody gave": (
        "evaluation",
        {"tolerances": {"gaussian": {"own": {"mine": 0.1}}}},
        "evaluation.tolerances.gaussian.own.mine",
        "no such metric under evaluation.metrics",
    ),
    "a metric by a figure's name": (
        "evaluation",
        {"metrics": {"mean": {"use": "mine.py:mean"}}},
        "evaluation.metrics.mean",
        "is a metric of ganstudy's; give another name",
    ),
    "a source by another's name": (
        "variants.v.source",
        {"name": "ring", "use": "mine.py:Ring"},
        "variants.v.source.name",
        "'ring' is a source of ganstudy's; give another name, or leave out `use`",
    ),
    "an own component that is no file": (
        "losses.mine",
        {"use": "mine"},
        "losses.mine.use",
        "found 'mine'; should be a file in own and a name in it, as mine.py:MyLoss",
    ),
    "an own component from elsewhere": (
        "losses.mine",
        {"use": "../mine.py:Loss"},
        "losses.mine.use",
        "should be a file in own",
    ),
    "own layers": (
        "variants.v.generator",
        {"use": "mine.py:Net", "hidden": [3]},
        "variants.v.generator",
        "unknown key 'hidden'; allowed: ema, use, options",
    ),
    "a pack that leaves samples over": (
        "variants.v.discriminator.pack",
        40,
        "variants.v.discriminator.pack",
        "40 does not divide samples (20); change either",
    ),
    "moments of images": (
        "variants.v",
        {
            "source": "digits",
            "noise": "normal",
            "generator": {"hidden": []},
            "batch": 1,
            "steps": 1,
            "discriminator": {"hidden": [], "pack": 10, "features": "moments"},
            "optimizer": {"name": "sgd", "lr": 1},
        },
        "variants.v.discriminator.features",
        "moments of images say nothing",
    ),
    "too few samples to judge by": (
        "variants.v.samples",
        9,
        "variants.v",
        "9 samples are too few to tell a distribution by; give at least 10",
    ),
    "too few real samples": (
        "variants.v.source",
        {"name": "gaussian", "samples": 9},
        "variants.v.source.samples",
        "found 9; should be greater than or equal to 10",
    ),
    "a column twice": (
        "variants.v.source",
        {"name": "table", "path": "mine.csv", "columns": ["a", "b", "a"]},
        "variants.v.source.columns",
        "column 'a' is there more than once; give each once",
    ),
    "no columns": (
        "variants.v.source",
        {"name": "table", "path": "mine.csv", "columns": []},
        "variants.v.source.columns",
        "give at least one",
    ),
    "no variants": ("variants", {}, "variants", "is empty; give at least one"),
    "no losses": ("losses", {}, "losses", "is empty; give at least one"),
    "losses in a list": ("losses", ["mse"], "losses", "should be keys with their values"),
    "a loss that is a number": ("losses.mse", 3, "losses.mse", "should be keys with their values"),
    "a variant left empty": ("variants.v", None, "variants.v", "should be keys with their values"),
    "no batch": ("variants.v.batch", NOWHERE, "variants.v.batch", "missing; it has no default"),
    "no study": ("study", NOWHERE, "study", "missing; it has no default"),
}


def put(study: Study, place: str, value: Any) -> None:
    """Put `value` into the study at a dotted place, or take away what is there."""
    *way, last = (int(key) if key.isdigit() else key for key in place.split("."))
    block: Any = study
    for key in way:
        block[key] = dict(block[key])
        block = block[key]
    if value is NOWHERE:
        del block[last]
    else:
        block[last] = value


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_gets_one_line_with_place_and_remedy(
    mistake: tuple[str, Any, str, str], make_study: Callable[..., Study]
) -> None:
    place, value, named, remedy = mistake
    study = make_study("mse")
    parse(study)
    put(study, place, value)
    with pytest.raises(UserError) as error:
        parse(study, "my/params.yaml")
    message = str(error.value)
    assert "\n" not in message
    assert message.startswith(f"my/params.yaml: {named}: " if named else "my/params.yaml: unknown")
    assert remedy in message


@pytest.mark.parametrize("figure", ["wasserstein", "coverage", "std", "jensen_shannon", "c2st_accuracy"])
def test_a_point_cannot_be_judged_by_spread_alone(figure: str, make_study: Callable[..., Study]) -> None:
    study = make_study("mse", noise="constant")
    study["evaluation"] = {"tolerances": {"gaussian": {figure: 0.1}}}
    with pytest.raises(UserError) as error:
        parse(study)
    assert str(error.value) == (
        "params.yaml: variants.v: nothing to judge it by; name at least one of mean under "
        "variants.v.tolerances"
    )
    study["evaluation"]["tolerances"]["gaussian"]["mean"] = 0.1
    parse(study)


def test_a_probability_is_not_asked_of_a_critic(make_study: Callable[..., Study]) -> None:
    study = make_study("mse")
    study["evaluation"] = {"tolerances": {"gaussian": {"mean": 0.1, "brier": 0.05}}}
    parse(study)
    study["losses"] |= {"wgan_gp": {}, "hinge": {}}
    with pytest.raises(UserError) as error:
        parse(study)
    assert str(error.value) == (
        "params.yaml: evaluation.tolerances.gaussian.brier: judges a probability, and wgan_gp, hinge "
        "estimate none; leave it out, or them"
    )


def test_a_claim_is_of_what_the_variant_has(make_study: Callable[..., Study]) -> None:
    study = make_study("mse", source="digits")
    study["variants"]["v"]["claim"] = {"by": "me", "mean": 0.1, "kurtosis": 0.1}
    with pytest.raises(UserError, match="kurtosis: says nothing of this variant"):
        parse(study)


def test_settings_that_are_wrong_together_are_all_said(make_study: Callable[..., Study]) -> None:
    study = make_study("mse", samples=501)
    study["variants"]["v"]["discriminator"]["pack"] = 3
    study["evaluation"] = {"tolerances": {"gaussian": {"inside": 0.1}}}
    study["variants"]["v"]["claim"] = {"by": "me", "skew": 0.1}
    study["variants"]["v"]["noise"] = "normal"
    with pytest.raises(InvalidParamsError) as error:
        parse(study)
    assert [problem.place for problem in error.value.problems] == [
        "evaluation.tolerances.gaussian.inside",
        "variants.v.discriminator.pack",
    ]


def test_several_mistakes_get_a_line_each(make_study: Callable[..., Study]) -> None:
    study = make_study("mse", batch=0, optimizer={"name": "adam", "lr": "fast"})
    study["study"] |= {"seeds": 0, "sseds": 3, "nam": "x"}
    with pytest.raises(UserError) as error:
        parse(study)
    assert sorted(line.split(": ")[1] for line in str(error.value).splitlines()) == [
        "study",
        "study",
        "study.seeds",
        "variants.v.batch",
        "variants.v.optimizer.lr",
    ]


def test_a_misspelt_key_of_a_loss_hides_no_other_mistake_of_its_entry(
    make_study: Callable[..., Study],
) -> None:
    study = make_study("mse")
    study["losses"]["mine"] = {"loss": "smoothed", "smoothin": 0.1, "labels": "fixd", "step": 3, "steps": 0}
    with pytest.raises(InvalidParamsError) as error:
        parse(study)
    assert {(place, said.partition(";")[0]) for place, said in error.value.problems} == {
        ("losses.mine", "unknown key 'smoothin'"),
        ("losses.mine", "unknown key 'step'"),
        ("losses.mine.labels", "found 'fixd'"),
        ("losses.mine.steps", "0 is too few"),
    }


def test_what_is_misspelt_in_a_losss_entry_is_not_missing_besides(monkeypatch: pytest.MonkeyPatch) -> None:
    class Needy(Setting):
        """A loss's options, of which one has no default."""

        loss: str
        strength: float

    monkeypatch.setattr(Chosen, "kind", lambda self, block: Needy)
    with pytest.raises(ValidationError) as error:
        LossEntry.read({"loss": "needy", "strenght": 0.5})
    (mistake,) = error.value.errors()
    assert mistake["msg"] == "unknown key 'strenght'; did you mean 'strength'?"
    assert LossEntry.read({"loss": "needy", "strength": 0.5}).settings == Needy(loss="needy", strength=0.5)


@given(word=st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=20))
def test_any_unknown_key_is_named(word: str, make_study: Callable[..., Study]) -> None:
    if word in (*Variant.model_fields, "loss"):
        return
    with pytest.raises(UserError, match=f"variants.v: unknown key '{word}'; (did you mean|allowed:)"):
        parse(make_study("mse", **{word: 1}))


@pytest.mark.parametrize("name", ["Ring", "ring-8", "ring 8", "ring/8", "../ring", ""])
def test_names_that_become_folders_are_plain(name: str, make_study: Callable[..., Study]) -> None:
    study = make_study("mse")
    study["variants"] = {name: study["variants"]["v"]}
    with pytest.raises(UserError, match="is not a valid name; use only small letters, digits") as error:
        parse(study)
    assert "\n" not in str(error.value)


words = st.text("abyz .:'é-", max_size=5)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


@given(
    value=anything,
    place=st.sampled_from(["study", "variants", "losses", "evaluation", *Variant.model_fields]),
)
def test_nonsense_is_refused_in_words_or_valid(
    value: Any, place: str, make_study: Callable[..., Study]
) -> None:
    study = make_study("mse")
    put(study, f"variants.v.{place}" if place in Variant.model_fields else place, value)
    try:
        parse(study)
    except UserError as error:
        lines = str(error).splitlines()
        assert lines
        assert all(line.startswith("params.yaml: ") for line in lines)


@given(value=anything)
def test_a_file_of_something_else_is_refused_in_words(value: Any) -> None:
    with pytest.raises(UserError, match=r"^params\.yaml: "):
        parse(value)


def test_an_absent_file_says_where_to_go(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"params\.yaml: cannot be read \(No such file.*study's folder"):
        load(tmp_path / "params.yaml")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"study: [1,", "not valid YAML"),
        (b"study: {}\nstudy: {}\n", "not valid YAML: .*duplicate key"),
        (b"\tstudy: {}", "not valid YAML"),
        (b"study: !!python/object/apply:os.getcwd []", "not valid YAML"),
        (b"\xff\xfe\x00\x00", "not a text file"),
        (b"", "found None; should be keys with their values"),
    ],
    ids=["unfinished", "duplicate key", "tab", "python object", "binary", "empty"],
)
def test_a_damaged_file_gets_one_line(content: bytes, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError, match=complaint) as error:
        load(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)
