"""The commands that write a study's folder, and what editors check its params.yaml by."""

import json
import shlex
from pathlib import Path

import click

from ganstudy.cli.study import finished
from ganstudy.core.errors import UserError

FOLDER = click.Path(path_type=Path)


@click.command()
@click.argument("study", metavar="[STUDY]", required=False)
@click.argument("folder", metavar="[DIR]", required=False, type=FOLDER)
@click.option("--list", "listed", is_flag=True, help="Say what ready studies there are.")
def new(study: str | None, folder: Path | None, listed: bool) -> None:
    """Write a ready STUDY into the folder DIR, which then runs with `dvc repro`.

    Writes params.yaml to edit, dvc.yaml, requirements.txt and the rest; a git repository is made unless DIR
    is inside one. Nothing that is there is overwritten: that is an error, exit code 2, and nothing is
    written. Alone, say what ready studies there are.

    \b
    Examples: ganstudy new
              ganstudy new mode-collapse my-study
    """
    from ganstudy.cli.new_study.ready import catalogue, ready

    if listed or study is None:
        studies = catalogue()
        width = max(map(len, studies))
        for name, of in studies.items():
            click.echo(f"{name:<{width}}  {of.question}")
        return
    chosen = ready(study)
    if folder is None:
        raise UserError(f"say where: ganstudy new {study} DIR")
    click.echo(_written(folder, chosen.text))


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option(
    "--seeds", type=click.IntRange(1), default=16, show_default=True, help="To report on, from 0 up."
)
def choose(folder: Path, seeds: int) -> None:
    """Choose each loss's best setting in a tuning study.

    Writes the study that reports on them into DIR, with the own code and data. Run in the folder of a
    finished study like `ganstudy new fair-ranking` writes, whose losses are named NAME__SETTING, as many
    settings for each. Chosen is what matched most often, then what is nearest to the data, then what comes
    first. Seeds that were tuned on are refused, with exit code 2.

    \b
    Example: ganstudy choose ../ranking
    """
    import shutil

    from ganstudy.cli.new_study.tuning import choices, reporting_study
    from ganstudy.results.study_results import load_cells
    from ganstudy.study.loading import FILE, load

    params = load()
    with finished():
        found = choices(params, load_cells(params))
    text = reporting_study(FILE.read_text(encoding="utf-8"), params, found, seeds)
    said = _written(folder, text)
    for place in ("own", "data/raw"):
        if Path(place).is_dir():
            shutil.copytree(place, folder / place, dirs_exist_ok=True)
    for choice in found:
        click.echo(f"{choice.loss}: {choice.reason}")
    click.echo(said)


def _written(folder: Path, params: str) -> str:
    """Write the folder; what was done, and what comes next."""
    from ganstudy.cli.advice import lines
    from ganstudy.cli.new_study.folder import write_project

    repository = (
        "a git repository of its own" if write_project(folder, params) else "in the git repository there"
    )
    return lines(
        f"{folder}: written, {repository}.",
        (f"cd {shlex.quote(str(folder))}", "go there"),
        ("ganstudy check", "see that the settings and the data are sound"),
        ("dvc repro", "run it"),
    )


@click.command()
def schema() -> None:
    """Print params.yaml's JSON Schema, for editors.

    It has every key with its meaning, default and source. Writes to the terminal.

    \b
    Editors that know it complete and check while you type. params.yaml names it in its first line:
        # yaml-language-server: $schema=params.schema.json
    Example: ganstudy schema > params.schema.json
    """
    from ganstudy.study.schema import schema

    click.echo(json.dumps(schema(), indent=1, ensure_ascii=False))
