"""`ganstudy plan`."""

import click

from ganstudy.cli.options import as_json, say_json

REASONS_SHOWN, STAGES_SHOWN = 12, 8


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
    from ganstudy.core.text import first_of
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
