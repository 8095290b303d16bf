"""`ganstudy check`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganstudy.cli.group import as_json, say_json
from ganstudy.core.errors import InvalidParamsError, Problem, UserError
from ganstudy.core.text import counted

if TYPE_CHECKING:
    from ganstudy.study.evaluation import Evaluation
    from ganstudy.study.params import Params
    from ganstudy.study.variant import Variant


PLENTY_DRAWN = 1000
"""Samples of a made-up source that are enough, whatever it is (see `evaluation.sample_sizes`)."""


@click.command(epilog="Exit codes: 0 sound, 2 a mistake in params.yaml, in the data or in the environment.")
@click.option("--contract", is_flag=True, help="Test the study's own components too, which takes longer.")
@as_json
def check(contract: bool, as_json: bool) -> None:
    """Judge params.yaml and the data it names.

    With --contract losses, sources, networks and metrics of one's own are put through the tests that
    ganstudy's own pass. Writes nothing.

    \b
    Examples: ganstudy check
              ganstudy check --contract
              ganstudy check --json
    """
    try:
        params, notes = _checked()
        promises = _kept(params) if contract else []
    except UserError as error:
        if not as_json:
            raise
        say_json({"ok": False, "problems": _problems(error)})
        sys.exit(2)
    cells, seeds = len(params.cells), len(params.seeds)
    if as_json:
        counts = {"cells": cells, "gans": cells * seeds, "losses": len(params.losses)}
        counts |= {"seeds": seeds, "variants": len(params.variants)}
        said = {"ok": True, "problems": [], "notes": notes, "study": counts}
        say_json({**said, "contract": promises} if contract else said)
        return
    losses = "1 loss" if len(params.losses) == 1 else f"{len(params.losses)} losses"
    click.echo(
        f"params.yaml is fine: {counted(len(params.variants), 'variant')} × {losses} × "
        f"{counted(seeds, 'seed')} = {counted(cells, 'cell')}, {counted(cells * seeds, 'GAN')}"
    )
    for note in notes:
        click.echo(note)
    for promise in promises:
        click.echo(f"{promise['place']}: {promise['use']}: kept: {promise['promise']}")
    if contract and not promises:
        click.echo("params.yaml names no work of its own; nothing to test")


def _kept(params: "Params") -> list[dict[str, str]]:
    """Every promise of the study's own components. UserError, a line for each that is broken."""
    from ganstudy.cli.contracts.own import examine
    from ganstudy.study.loading import FILE

    examined = list(examine(params))
    broken = [
        Problem(one.place, f"{one.use} breaks a promise, {one.clause}: {one.broken}")
        for one in examined
        if one.broken is not None
    ]
    if broken:
        raise InvalidParamsError(str(FILE), broken)
    return [{"place": one.place, "use": one.use, "promise": one.clause} for one in examined]


def _checked() -> "tuple[Params, list[str]]":
    """The study, and what its user should know of it. UserError, a line for each thing that is wrong."""
    from ganstudy.cli.contracts.presence import not_found
    from ganstudy.core import own
    from ganstudy.study.cross_checks import unused
    from ganstudy.study.loading import load

    params = load()
    problems, notes = [*not_found(params), *_lost_links()], unused(params)
    if not problems:
        for name, variant in params.variants.items():
            try:
                notes += [f"variants.{name}.{note}" for note in _notes(variant, params.evaluation)]
            except UserError as error:
                problems.append(Problem(f"variants.{name}.source", str(error)))
    if not problems and any(own.uses(params.model_dump())):
        from ganstudy.cli.contracts.trial import misfits

        problems += misfits(params)
    if problems:
        raise InvalidParamsError("", list(dict.fromkeys(problems)))
    return params, notes


def _lost_links() -> Iterator[Problem]:
    """Each link to nothing in the folders that DVC watches: it would stop there."""
    for home in ("data/raw/images", "data/raw/tables"):
        for path in Path(home).rglob("*"):
            if path.is_symlink() and not path.exists():
                yield Problem(str(path), "links to nothing; mend the link or remove it, DVC watches it")


def _notes(variant: "Variant", evaluation: "Evaluation") -> Iterator[str]:
    """What was taken for what in the variant's data, and whether they are enough. UserError if they cannot be
    used."""
    from ganstudy.sources.registry import SOURCES, make_source

    kind = SOURCES.of(variant.source)
    drawn = min(variant.samples, getattr(variant.source, "samples", variant.samples))
    if kind.is_complete and (drawn >= PLENTY_DRAWN or variant.noise.is_constant):
        # There is nothing that a user could have left out or damaged, and enough of it.
        return
    # Here and not above: they take half a second.
    from ganstudy.evaluation.sample_sizes import too_few
    from ganstudy.metrics.classifier import unclassifiable
    from ganstudy.sources.prepared import Prepared

    source = make_source(variant.source)
    if kind.is_downloaded:
        source.check()  # what is absent `prepare` will download
        return
    prepared = Prepared.of(source)
    yield from (f"source: {note}" for note in source.notes())
    if prepared.train_labels is not None and (reason := unclassifiable(prepared)):
        yield f"source: no classifier, and so no Fréchet distance, density or coverage: {reason}"
    if few := too_few(variant, evaluation, source, prepared):
        yield f"samples: {few}"


def _problems(error: UserError) -> list[dict[str, str]]:
    """Each with its place: keys of params.yaml, or the name of a file or of an environment variable."""
    if isinstance(error, InvalidParamsError):
        return [{"place": place or "params.yaml", "problem": said} for place, said in error.problems]
    place, _, said = str(error).partition(": ")
    return [{"place": "", "problem": str(error)} if " " in place else {"place": place, "problem": said}]
