"""The stages, as DVC calls them."""

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from ganstudy.cli.study import known

CHECKOUT = "dvc checkout"
GIT_CHECKOUT = "git checkout reports"
VARIANT, LOSS = click.Argument(["variant"]), click.Argument(["loss"])
EXAMPLES = {"variant": "ring", "loss": "r3gan"}


def end_with_dvc() -> None:
    """See `execution.parent_watchdog`."""
    from ganstudy.execution.parent_watchdog import end_with_dvc

    end_with_dvc()


def _stage(
    name: str, does: str, writes: str, restore: str | None, *of: click.Argument, work: str | None = None
) -> click.Command:
    """A command that does a stage's work once params.yaml is found to have what it was called for. Should it
    fail under DVC, it says how its own outputs, which were removed beforehand, come back."""
    example = " ".join(["ganstudy", name, *(EXAMPLES[argument.name or ""] for argument in of)])
    help_ = f"{does}\n\nWrites {writes}. `dvc repro` calls it when it is due.\n\n\b\nExample: {example}"

    def run(**chosen: str) -> None:
        from ganstudy.pipeline.durations import noted
        from ganstudy.study.loading import load

        if restore is None:
            params = load()
            with noted(params, name, []):
                _work(name, work)(params)
            return
        end_with_dvc()
        try:
            params = load()
            known(params, **chosen)
            with noted(params, name, [*chosen.values()]):
                _work(name, work)(params, *chosen.values())
        except BaseException:
            if "DVC_STAGE" in os.environ:
                said = f"outputs of this stage alone were lost; to restore them: {restore}"
                click.echo(f"ganstudy: {said}", err=True)
            raise

    return click.Command(name, callback=run, help=help_, params=list(of))


def _work(name: str, function: str | None) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(import_module(f"ganstudy.pipeline.{name}"), function or name)
    return found


COMMANDS = [
    _stage(
        "code",
        "List the code that each part of the work rests on, by digests.",
        "data/code",
        CHECKOUT,
    ),
    _stage("prepare", "Write a variant's real data.", "data/prepared/VARIANT", CHECKOUT, VARIANT),
    _stage(
        "classify",
        "Train a classifier of a variant's images. By its features they are judged.",
        "data/classifiers/VARIANT",
        CHECKOUT,
        VARIANT,
    ),
    _stage(
        "floors",
        "Find what a perfect sampler of a variant's data would score.",
        "reports/floors/VARIANT.json",
        GIT_CHECKOUT,
        VARIANT,
    ),
    _stage(
        "train", "Train a cell's runs, one for each seed.", "data/runs/VARIANT/LOSS", CHECKOUT, VARIANT, LOSS
    ),
    _stage(
        "evaluate",
        "Judge a cell's runs.",
        "reports/runs/VARIANT/LOSS.json and reports/metrics/VARIANT/LOSS.json",
        GIT_CHECKOUT,
        VARIANT,
        LOSS,
    ),
    _stage(
        "compare",
        "Put the cells side by side.",
        "reports/comparison.json and reports/leaderboard.csv",
        GIT_CHECKOUT,
    ),
    _stage(
        "report",
        "Draw the figures and write the page.",
        "reports/figures, reports/index.html and reports/summary.md",
        GIT_CHECKOUT,
    ),
    _stage(
        "track",
        "Make the MLflow store a mirror of the study. Adds only what is missing.",
        "what MLFLOW_TRACKING_URI names, by default mlflow.db and mlruns, and mlruns/mirrored.json",
        None,
    ),
]
