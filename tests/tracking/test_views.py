"""Views and descriptions as the store has them. How MLflow's page shows them is for test_screens to see."""

import json
import re
import zlib
from base64 import b64decode
from collections.abc import Callable
from itertools import chain
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from mlflow.utils.validation import MAX_EXPERIMENT_TAG_VAL_LENGTH, MAX_TAG_VAL_LENGTH
from tiny_study import RECIPE, View, mirrored

from ganstudy.core.colours import colours
from ganstudy.results.study_results import Results
from ganstudy.study.loading import parse
from ganstudy.study.params import Params
from ganstudy.tracking.views import OURS, Comparable, description, study_views

Study = Callable[..., Results]
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]*)\)")
FIGURES = ["success_rate", "score", "c2st_accuracy", "mean_error"]
NOTE = "mlflow.note.content"


@pytest.fixture
def results(study: Study) -> Results:
    results = study(["mse", "r3gan"], diverges=lambda loss, seed: (loss, seed) == ("r3gan", 1))
    mirrored(results)
    return results


def tags(view: View) -> dict[str, str]:
    """The experiment's."""
    return dict(view.client.get_experiment(view.experiment).tags)


def state_of(value: str) -> dict[str, Any]:
    """What MLflow's page reads from a view's tag."""
    method, _, packed = json.loads(value)["state"].partition(";")
    assert method == "deflate"
    state: dict[str, Any] = json.loads(zlib.decompress(b64decode(packed)))
    return state


def states(view: View) -> dict[str, dict[str, Any]]:
    """Of all our views, by key."""
    return {
        key.removeprefix(OURS): state_of(value) for key, value in tags(view).items() if key.startswith(OURS)
    }


def found(view: View, state: dict[str, Any]) -> list[str]:
    """The names of the runs that a view lists."""
    order = f"{state['orderByKey']} {'ASC' if state['orderByAsc'] else 'DESC'}"
    runs = view.client.search_runs([view.experiment], state["searchFilter"], order_by=[order])
    return [run.info.run_name for run in runs]


def links(text: str) -> dict[str, str]:
    return dict(LINK.findall(text))


def study_of(variants: int, losses: int, seeds: int = 1, name: str = "v") -> Params:
    return parse(
        {
            "study": {"name": "wide", "seeds": seeds},
            "variants": {f"{name}{i}": RECIPE for i in range(variants)},
            "losses": {f"l{i}": {"loss": "mse"} for i in range(losses)},
        }
    )


def test_views_list_what_they_are_named_for(results: Results, view: View) -> None:
    seeds = [f"flat · {loss} · seed {seed}" for loss in ("mse", "r3gan") for seed in (0, 1)]
    assert {key: found(view, state) for key, state in states(view).items()} == {
        "cells": ["flat · mse", "flat · r3gan"],
        "variant-flat": ["flat · mse", "flat · r3gan"],
        "seeds": seeds,
        "failed": [name for name in seeds if view.runs[name].data.tags["outcome"] != "matched"],
        "diverged": ["flat · r3gan · seed 1"],
    }


def test_what_was_superseded_is_in_no_view(results: Results, study: Study, view: View) -> None:
    mirrored(study(["mse"]))
    for key, state in states(view).items():
        assert not any("r3gan" in name for name in found(view, state)), key


def test_columns_and_charts_show_what_runs_have(results: Results, view: View) -> None:
    runs = view.all
    for key, state in states(view).items():
        for column in state["selectedColumns"]:
            kind, name, _ = column.replace(".`", "`").split("`")
            # The stand-in for evaluation leaves out what it has no need of.
            held = set(chain.from_iterable(getattr(run.data, kind) for run in runs)) | {"final/c2st_accuracy"}
            assert name in held, key
        assert set(state["columnWidths"]) == set(state["columnOrder"]) > set(state["selectedColumns"])
    cell = view.runs["flat · r3gan"].data.metrics
    state = states(view)["variant-flat"]
    cards = state["compareRunCharts"]
    shown = {
        key for card in cards for key in (card.get("metricKey"), *card.get("selectedMetricKeys", [])) if key
    }
    assert shown <= cell.keys()
    assert {"curve/generator", "interval/generator_low", "final/success_rate", "final/score"} <= shown
    assert {card["type"] for card in cards} == {"BAR", "LINE", "PARALLEL", "SCATTER"}
    assert {card["metricSectionId"] for card in cards} <= {
        section["uuid"] for section in state["compareRunSections"]
    }
    assert len({card["uuid"] for card in cards}) == len(cards)


def test_where_losses_have_one_figure_in_common_nothing_is_drawn_against_another() -> None:
    views = {view.key: view for view in study_views({"v": Comparable(["generator"], ["success_rate"])})}
    cards = state_of(views["variant-v"].value(0, 10))["compareRunCharts"]
    assert [card["type"] for card in cards] == ["BAR", "LINE"]


def test_views_stand_in_the_studys_order(results: Results, view: View) -> None:
    views = {key: json.loads(value) for key, value in tags(view).items() if key.startswith(OURS)}
    newest_first = sorted(views, key=lambda key: -views[key]["createdAt"])
    assert [key.removeprefix(OURS) for key in newest_first] == [
        "cells", "variant-flat", "seeds", "failed", "diverged"
    ]  # fmt: skip


def test_views_of_others_stay_and_those_of_a_variant_that_left_go(study: Study, view: View) -> None:
    mirrored(study(variants=["flat", "steep"]))
    own = {"mlflow.sharedViewState.mine": '{"name": "mine", "state": "{}"}', "ganstudy-mine": "a word"}
    for key, value in own.items():
        view.client.set_experiment_tag(view.experiment, key, value)
    assert {"variant-flat", "variant-steep"} <= states(view).keys()
    mirrored(study(variants=["flat"]))
    assert "variant-steep" not in states(view)
    assert "variant-flat" in states(view)
    assert tags(view).items() >= own.items()


def test_the_description_leads_to_every_view_and_to_the_report(results: Results, view: View) -> None:
    first, *rest = tags(view)[NOTE].splitlines()
    assert first.startswith("4 GANs: 1 variant × 2 losses × 2 seeds. **[Open the cells](")
    followed = links(first)
    report = urlsplit(followed.pop("Report"))
    assert report.fragment.startswith(
        f"/experiments/{view.experiment}/runs/{view.ids['tiny']}/artifacts/report.html"
    )
    assert list(followed) == ["Open the cells", "Seeds", "Failed", "Diverged", "flat"]
    for name, link in followed.items():
        place, _, query = urlsplit(link).fragment.partition("?")
        assert place == f"/experiments/{view.experiment}/runs"
        asked = parse_qs(query, strict_parsing=True)
        assert asked.pop("workflowType") == ["machine_learning"]
        (key,) = asked.pop("viewStateShareKey")
        assert f"mlflow.sharedViewState.{key}" in tags(view)
        assert asked == ({"compareRunsMode": ["CHART"]} if name == "flat" else {})
    assert not LINK.findall("".join(rest))


def test_links_of_runs_lead_to_what_they_have(results: Results, view: View) -> None:
    for name in ("flat · mse", "flat · r3gan", "tiny"):
        run = view.runs[name]
        for label, link in links(run.data.tags[NOTE]).items():
            place, _, query = urlsplit(link).fragment.partition("?")
            asked = parse_qs(query, strict_parsing=True)
            assert asked["workflowType"] == ["machine_learning"]
            if label == "every seed's curves":
                runs = view.client.search_runs([view.experiment], asked["searchFilter"][0])
                assert {run.info.run_name for run in runs} == {f"{name} · seed {seed}" for seed in (0, 1)}
            else:
                home = f"/experiments/{view.experiment}/runs/{run.info.run_id}/artifacts/"
                assert place.removeprefix(home) in view.files(name)
        assert len(links(run.data.tags[NOTE])) > 1


def test_a_loss_has_the_reports_colour(results: Results, study: Study, view: View) -> None:
    def shown() -> dict[str, str]:
        return {
            run.data.tags["loss"]: run.data.tags["mlflow.runColor"]
            for run in view.runs.values()
            if run.data.tags["level"] == "cell"
        }

    assert shown() == colours(["mse", "r3gan"])
    before = view.ids
    mirrored(study(["soft", "mse", "r3gan"], diverges=lambda loss, seed: (loss, seed) == ("r3gan", 1)))
    assert shown() == colours(["soft", "mse", "r3gan"])
    assert view.ids.items() >= {key: id_ for key, id_ in before.items() if key != "tiny"}.items()


def test_one_of_each_is_said_as_one() -> None:
    params = study_of(1, 1)
    text = description(study_views({"v0": Comparable([], FIGURES)}), params, "1", "0" * 32)
    assert text.startswith("1 GAN: 1 variant × 1 loss × 1 seed. ")


@pytest.mark.parametrize("name", ["v", "a_variant_with_a_name_that_says_everything_about_its_recipe_" * 3])
def test_a_wide_study_fits_into_mlflows_tags(name: str) -> None:
    params = study_of(30, 8, 100, name)
    curves = [f"{moment}_{i}" for moment in ("mean", "std", "skew", "kurtosis") for i in range(64)]
    figures = [*FIGURES, *(f"figure_{i}_error" for i in range(12))]
    views = study_views({variant: Comparable(curves, figures) for variant in params.variants})
    for view in views:
        assert len(view.value(10**13, 200)) <= MAX_EXPERIMENT_TAG_VAL_LENGTH, view.key
    text = description(views, params, "123456789012345678", "0" * 32)
    assert len(text) <= MAX_EXPERIMENT_TAG_VAL_LENGTH
    first = text.splitlines()[0]
    assert first.startswith("24,000 GANs: 30 variants × 8 losses × 100 seeds. ")
    followed = links(first)
    assert list(followed)[:5] == ["Open the cells", "Report", "Seeds", "Failed", "Diverged"]
    named = list(followed)[5:]
    assert named == list(params.variants)[: len(named)]
    assert named
    more = len(params.variants) - len(named)
    assert first.endswith(f" · {more} more in the list *Views*" if more else ")")


def test_a_note_that_is_too_long_ends_with_a_whole_paragraph(study: Study, view: View) -> None:
    paragraph = "word " * 300
    mirrored(study(finding="\n\n".join([paragraph] * 9)))
    first, *rest = view.runs["tiny"].data.tags[NOTE].split("\n\n")
    assert "report.html" in first
    assert {text.strip() for text in rest} == {paragraph.strip()}
    assert len(rest) == (MAX_TAG_VAL_LENGTH - len(first)) // (len(paragraph) + 2)
