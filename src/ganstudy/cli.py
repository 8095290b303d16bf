"""The command line: `ganstudy STAGE …` as DVC calls it, and the commands around a study.

Exit codes: 0 done, 1 a failure of ours, 2 something the user can put right, 130 interrupted.
"""

import errno
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from ganstudy import layout
from ganstudy.execution.lifeline import end_with_dvc
from ganstudy.params import Params, UserError, load

FULL = (errno.ENOSPC, errno.EDQUOT)


class Commands(click.Group):
    """Commands whose errors speak to the person: one line each, exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UserError as error:
            click.echo(f"ganstudy: {error}".replace("\n", "\nganstudy: "), err=True)
            sys.exit(2)
        except OSError as error:
            if error.errno not in FULL:
                raise
            where = error.filename or f"outputs of '{ctx.invoked_subcommand}'"
            click.echo(f"ganstudy: {where}: cannot be written: {error.strerror}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("ganstudy: interrupted", err=True)
            sys.exit(130)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ganstudy")
def main() -> None:
    """Reproducible studies of generative adversarial networks.

    Run in a study's folder, where params.yaml is. `dvc repro` calls the stages; call `check` before it.
    """


@main.command()
def check() -> None:
    """Judge params.yaml and the data it names, before anything runs. Touches nothing."""
    from ganstudy.sources import make_source

    params = load()
    problems = []
    for name, variant in params.variants.items():
        try:
            make_source(variant.source).check()
        except UserError as error:
            problems.append(f"variants.{name}.source: {error}")
    if problems:
        raise UserError("\n".join(problems))
    cells, seeds = len(params.cells), len(params.seeds)
    click.echo(
        f"params.yaml is fine: {len(params.variants)} variants × {len(params.losses)} losses × {seeds} seeds "
        f"= {cells} cells, {cells * seeds} GANs"
    )


@main.command()
def summary() -> None:
    """Say what the study found, where to look, and whether the committed result was reproduced."""
    from ganstudy.summary import summarise

    click.echo(summarise(load()))


@main.command()
@click.argument("variant", required=False)
@click.argument("loss", required=False)
@click.pass_context
def verify(context: click.Context, variant: str | None, loss: str | None) -> None:
    """Train again, beside the study, and compare every output with the committed dvc.lock.

    All cells, or those of a VARIANT, or one. Exit code 1 if any output differs.
    """
    from ganstudy.lock import committed_lock
    from ganstudy.verification import verify

    params = load()
    _known(params, variant, loss)
    cells = [cell for cell in params.cells if variant in (None, cell.variant) and loss in (None, cell.loss)]
    try:
        committed = committed_lock()
    except UserError as error:
        raise UserError(f"{layout.LOCK}: {error}") from None
    differing = 0
    for verified in verify(params, cells, committed):
        differing += not verified.same
        by = "" if verified.difference is None else f" by {verified.difference:.3g} at most"
        click.echo(f"{'same' if verified.same else 'differs'}  {verified.output}{by}")
    if differing:
        click.echo(f"{differing} outputs differ from the committed ones")
        context.exit(1)


def _stage(
    restore: str, work: Callable[[Params], None], variant: str | None = None, loss: str | None = None
) -> None:
    """Do a stage's work, once params.yaml is found to have the variant and loss it was called for. Should it
    fail under DVC, say how its own outputs, which were removed beforehand, come back."""
    end_with_dvc()
    try:
        params = load()
        _known(params, variant, loss)
        work(params)
    except BaseException:
        if "DVC_STAGE" in os.environ:
            said = f"outputs of this stage alone were lost; to restore them: {restore}"
            click.echo(f"ganstudy: {said}", err=True)
        raise


def _known(params: Params, variant: str | None, loss: str | None) -> None:
    for kind, name, allowed in (("variant", variant, params.variants), ("loss", loss, params.losses)):
        if name is not None and name not in allowed:
            raise UserError(f"no {kind} '{name}' in params.yaml; there are: {', '.join(allowed)}")


CHECKOUT = "dvc checkout"
GIT_CHECKOUT = "git checkout reports"


@main.command()
@click.argument("variant")
def prepare(variant: str) -> None:
    """Stage: write a variant's real data."""
    from ganstudy.stages.prepare import prepare

    _stage(CHECKOUT, lambda params: prepare(params, variant), variant)


@main.command()
@click.argument("variant")
def classify(variant: str) -> None:
    """Stage: train a classifier of a variant's images, for what they are judged by."""
    from ganstudy.stages.classify import classify

    _stage(CHECKOUT, lambda params: classify(params, variant), variant)


@main.command()
@click.argument("variant")
def floors(variant: str) -> None:
    """Stage: find what a perfect sampler of a variant's data would score."""
    from ganstudy.stages.floors import write_floors

    _stage(GIT_CHECKOUT, lambda params: write_floors(params, variant), variant)


@main.command()
@click.argument("variant")
@click.argument("loss")
def train(variant: str, loss: str) -> None:
    """Stage: train a cell's runs, one for each seed."""
    from ganstudy.stages.train import train

    _stage(CHECKOUT, lambda params: train(params, variant, loss), variant, loss)


@main.command()
@click.argument("variant")
@click.argument("loss")
def evaluate(variant: str, loss: str) -> None:
    """Stage: judge a cell's runs."""
    from ganstudy.stages.evaluate import evaluate

    _stage(GIT_CHECKOUT, lambda params: evaluate(params, variant, loss), variant, loss)


@main.command()
def compare() -> None:
    """Stage: put the cells side by side."""
    from ganstudy.stages.compare import compare

    _stage(GIT_CHECKOUT, compare)


@main.command()
def report() -> None:
    """Stage: draw the figures and write the page."""
    from ganstudy.stages.report import report

    _stage(GIT_CHECKOUT, report)


@main.command()
def track() -> None:
    """Stage: make the MLflow store a mirror of the study. Adds only what is missing."""
    from ganstudy.stages.track import track

    track(load())
