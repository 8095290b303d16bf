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


def end_with_dvc() -> None:
    """See `execution.lifeline`."""
    from ganstudy.execution.lifeline import end_with_dvc

    end_with_dvc()


def _stage(
    name: str, help_: str, restore: str | None, *of: click.Argument, work: str | None = None
) -> click.Command:
    """A command that does a stage's work once params.yaml is found to have what it was called for. Should it
    fail under DVC, it says how its own outputs, which were removed beforehand, come back."""

    def run(**chosen: str) -> None:
        from ganstudy.params import load

        if restore is None:
            _work(name, work)(load())
            return
        end_with_dvc()
        try:
            params = load()
            known(params, **chosen)
            _work(name, work)(params, *chosen.values())
        except BaseException:
            if "DVC_STAGE" in os.environ:
                said = f"outputs of this stage alone were lost; to restore them: {restore}"
                click.echo(f"ganstudy: {said}", err=True)
            raise

    return click.Command(name, callback=run, help=help_, params=list(of))


def _work(name: str, function: str | None) -> Callable[..., Any]:
    return getattr(import_module(f"ganstudy.stages.{name}"), function or name)  # type: ignore[no-any-return]


COMMANDS = [
    _stage("code", "List the code that each part of the work rests on, by digests.", CHECKOUT),
    _stage("prepare", "Write a variant's real data.", CHECKOUT, VARIANT),
    _stage(
        "classify",
        "Train a classifier of a variant's images, for what they are judged by.",
        CHECKOUT,
        VARIANT,
    ),
    _stage(
        "floors",
        "Find what a perfect sampler of a variant's data would score.",
        GIT_CHECKOUT,
        VARIANT,
        work="write_floors",
    ),
    _stage("train", "Train a cell's runs, one for each seed.", CHECKOUT, VARIANT, LOSS),
    _stage("evaluate", "Judge a cell's runs.", GIT_CHECKOUT, VARIANT, LOSS),
    _stage("compare", "Put the cells side by side.", GIT_CHECKOUT),
    _stage("report", "Draw the figures and write the page.", GIT_CHECKOUT),
    _stage("track", "Make the MLflow store a mirror of the study. Adds only what is missing.", None),
]
