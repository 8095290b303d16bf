"""The stages, as DVC calls them."""

import os
from importlib import import_module

import click

from ganstudy.cli.study import known

DVC_CHECKOUT = "dvc checkout"
GIT_CHECKOUT = "git checkout reports"
VARIANT_ARGUMENT, CELL_ARGUMENTS = ("variant",), ("variant", "loss")
EXAMPLES = {"variant": "ring", "loss": "r3gan"}


def _stage(
    name: str, of: tuple[str, ...], does: str, writes: str, restore: str | None = None
) -> click.Command:
    """A command that does a stage's work once params.yaml is found to have what it was called for. Should it
    fail under DVC, it says how its own outputs, which were removed beforehand, come back."""

    def run(**chosen: str) -> None:
        from ganstudy.execution.parent_watchdog import end_with_dvc
        from ganstudy.pipeline.durations import noted
        from ganstudy.study.loading import load

        if restore:
            end_with_dvc()
        try:
            params = load()
            known(params, **chosen)
            work = getattr(import_module(f"ganstudy.pipeline.{name}"), name)
            with noted(params, name, [*chosen.values()]):
                work(params, *chosen.values())
        except BaseException:
            if restore and "DVC_STAGE" in os.environ:
                said = f"outputs of this stage alone were lost; to restore them: {restore}"
                click.echo(f"ganstudy: {said}", err=True)
            raise

    example = " ".join(["ganstudy", name, *map(EXAMPLES.__getitem__, of)])
    help_ = f"{does}\n\nWrites {writes}. `dvc repro` calls it when it is due.\n\n\b\nExample: {example}"
    return click.Command(name, callback=run, help=help_, params=[click.Argument([axis]) for axis in of])


COMMANDS = [
    _stage(
        "code",
        (),
        "List the code that each part of the work rests on, by digests.",
        "data/code",
        DVC_CHECKOUT,
    ),
    _stage(
        "prepare", VARIANT_ARGUMENT, "Write a variant's real data.", "data/prepared/VARIANT", DVC_CHECKOUT
    ),
    _stage(
        "classify",
        VARIANT_ARGUMENT,
        "Train a classifier of a variant's images. By its features they are judged.",
        "data/classifiers/VARIANT",
        DVC_CHECKOUT,
    ),
    _stage(
        "floors",
        VARIANT_ARGUMENT,
        "Find what a perfect sampler of a variant's data would score.",
        "reports/floors/VARIANT.json",
        GIT_CHECKOUT,
    ),
    _stage(
        "train",
        CELL_ARGUMENTS,
        "Train a cell's runs, one for each seed.",
        "data/runs/VARIANT/LOSS",
        DVC_CHECKOUT,
    ),
    _stage(
        "evaluate",
        CELL_ARGUMENTS,
        "Judge a cell's runs.",
        "reports/runs/VARIANT/LOSS.json and reports/metrics/VARIANT/LOSS.json",
        GIT_CHECKOUT,
    ),
    _stage(
        "compare",
        (),
        "Put the cells side by side.",
        "reports/comparison.json and reports/leaderboard.csv",
        GIT_CHECKOUT,
    ),
    _stage(
        "report",
        (),
        "Draw the figures and write the page.",
        "reports/figures, reports/index.html and reports/summary.md",
        GIT_CHECKOUT,
    ),
    _stage(
        "track",
        (),
        "Make the MLflow store a mirror of the study. Adds only what is missing.",
        "what MLFLOW_TRACKING_URI names, by default mlflow.db and mlruns, and mlruns/mirrored.json",
    ),
]
