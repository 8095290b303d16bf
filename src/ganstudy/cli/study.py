"""The commands that say what a study would do, and what it has found."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganstudy.cli.group import as_json, say_json
from ganstudy.core.errors import UserError
from ganstudy.core.text import first_of
from ganstudy.results import paths

if TYPE_CHECKING:
    from ganstudy.results.study_results import CellResult
    from ganstudy.study.params import Params

REASONS_SHOWN, STAGES_SHOWN = 12, 8


def known(params: "Params", variant: str | None = None, loss: str | None = None) -> None:
    """UserError if params.yaml names no such variant or loss."""
    for kind, name, allowed in (("variant", variant, params.variants), ("loss", loss, params.losses)):
        if name is not None and name not in allowed:
            raise UserError(f"no {kind} '{name}' in params.yaml; there are: {', '.join(allowed)}")


@contextmanager
def finished() -> Iterator[None]:
    """UserError if a file that is read inside is not there: the study has not come so far."""
    try:
        yield
    except FileNotFoundError as error:
        raise UserError(f"{error.filename}: not there; run `dvc repro` first") from None


def _finished_cell(variant: str, loss: str) -> "CellResult":
    from ganstudy.results.study_results import load_cell
    from ganstudy.study.loading import load

    params = load()
    known(params, variant, loss)
    with finished():
        return load_cell(params.cell(variant, loss))


@click.command(epilog="Exit codes: 0 done, 2 a mistake in params.yaml or in the environment.")
@as_json
def plan(as_json: bool) -> None:
    """Say what `dvc repro` would run, why, and for how long.

    DVC says what is due; of each stage the changed files and settings are named. The time follows from what
    stages took on this machine, or else from the recipes. Writes data/code, as the first stage does.

    \b
    Examples: ganstudy plan
              ganstudy plan --json
    """
    from ganstudy.pipeline.plan import Plan
    from ganstudy.study.loading import load

    found = Plan.of(load())
    if as_json:
        say_json(found.as_json())
        return
    click.echo(str(found))
    reasons = list(found.by_reason.items())
    for reason, stages in reasons[:REASONS_SHOWN]:
        click.echo(f"  {reason}: {first_of(stages, STAGES_SHOWN)}")
    if (more := len(reasons) - REASONS_SHOWN) > 0:
        click.echo(f"  and {more} more reasons; --json has them all")


@click.command()
@as_json
def summary(as_json: bool) -> None:
    """Say what the study found, and whether it was reproduced.

    Reproduced means that dvc.lock has the committed outputs. Where it has others that is told, but is no
    error: `ganstudy verify` makes it one. Writes nothing.

    \b
    Examples: ganstudy summary
              ganstudy summary --json
    """
    from ganstudy.cli.study_summary import for_machines, summarise_study
    from ganstudy.study.loading import load

    if as_json:
        say_json(for_machines(load()))
    else:
        click.echo(summarise_study(load()))


@click.command()
@click.argument("variant")
@click.argument("loss")
@as_json
def show(variant: str, loss: str, as_json: bool) -> None:
    """Say what was found of a cell: its metrics and its seeds.

    Every metric stands with its floor, and every seed with how it ended.

    Writes nothing.

    \b
    Examples: ganstudy show ring r3gan
              ganstudy show ring r3gan --json
    """
    result = _finished_cell(variant, loss)
    if as_json:
        say_json({"summary": result.summary, **result.judged})
        return
    from rich.console import Console

    from ganstudy.reporting.cell import cell_findings

    Console(highlight=False).print(*cell_findings(result), sep="\n")


@click.command()
@click.argument("variant")
@click.argument("loss")
@click.option("--seed", type=int, help="Of which run; by default of the best.")
@click.option("-n", "n", type=click.IntRange(1), default=10, show_default=True, help="How many samples.")
@click.option("--label", type=int, help="Which label, of a conditional generator; by default as in the data.")
@click.option("--draw", type=click.IntRange(0), default=0, show_default=True, help="The noise's own seed.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="FILE.csv, .parquet or, of images, .png."
)
def sample(
    variant: str, loss: str, seed: int | None, n: int, label: int | None, draw: int, output: Path | None
) -> None:
    """Draw samples from a trained generator, in original units.

    Writes the file that -o names, and without it CSV to the terminal.

    \b
    Examples: ganstudy sample gaussian r3gan -n 1000 -o samples.parquet
              ganstudy sample digits_mlp r3gan --seed 3 -n 64 -o digits.png
    """
    from ganstudy.results.samples import draw_samples, write_samples

    result = _finished_cell(variant, loss)
    if seed is not None and seed not in result.runs.seeds:
        raise UserError(f"no seed {seed}; there are: {', '.join(map(str, result.runs.seeds))}")
    samples, labels = draw_samples(result, seed, n, draw, label)
    write_samples(samples, labels, result.prepared.description, output)


@click.command(
    epilog="Exit codes: 0 all the same, 1 an output differs, 2 something you can put right, 130 interrupted."
)
@click.argument("variant", required=False)
@click.argument("loss", required=False)
@as_json
@click.pass_context
def verify(context: click.Context, variant: str | None, loss: str | None, as_json: bool) -> None:
    """Train again, beside the study, and compare with the commit.

    Every output is compared with the committed dvc.lock: of all cells, of a VARIANT's, or of one. Writes to
    a temporary folder alone.

    \b
    Examples: ganstudy verify ring
              ganstudy verify ring r3gan --json
    """
    from ganstudy.pipeline.lock import committed_lock
    from ganstudy.pipeline.verification import verify
    from ganstudy.study.loading import load

    params = load()
    known(params, variant, loss)
    cells = [cell for cell in params.cells if variant in (None, cell.variant) and loss in (None, cell.loss)]
    try:
        committed = committed_lock()
    except UserError as error:
        raise UserError(f"{paths.LOCK}: {error}") from None
    found = []
    for verified in verify(params, cells, committed):
        found.append(verified)
        if not as_json:
            by = "" if verified.difference is None else f" by {verified.difference:.3g} at most"
            click.echo(f"{'same' if verified.same else 'differs'}  {verified.output}{by}")
    differing = sum(not verified.same for verified in found)
    if as_json:
        outputs = [verified._asdict() for verified in found]
        for output in outputs:
            if not isfinite(output["difference"] or 0):
                output["difference"] = None  # JSON has no infinity
        say_json({"identical": not differing, "outputs": outputs})
    elif differing:
        click.echo(f"{differing} outputs differ from the committed ones")
    if differing:
        context.exit(1)
