"""The command `ganstudy` itself, how errors speak to the person, and results to machines."""

import errno
import sys
from io import TextIOWrapper
from typing import Any

import click

from ganstudy.core.files import json_text

FULL = (errno.ENOSPC, errno.EDQUOT)
"""No room on the disk, or none for this user."""

as_json = click.option("--json", "as_json", is_flag=True, help="For a machine to read: one JSON object.")


def say_json(what: Any) -> None:
    """Print it as the one JSON object that a command says; docs/commands.md names the keys."""
    click.echo(json_text(what), nl=False)


class Commands(click.Group):
    """Commands whose errors are one line each, with exit code 2; the help lists them in the order of work."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("ganstudy: interrupted", err=True)
            sys.exit(130)
        except Exception as error:
            if (said := _spoken(error, ctx)) is None:
                raise
            click.echo(f"ganstudy: {said}".replace("\n", "\nganstudy: "), err=True)
            sys.exit(2)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def _spoken(error: Exception, ctx: click.Context) -> str | None:
    """What a person can put right, in their words; None for a failure of ours."""
    from ganstudy.core import own

    if (said := own.user_message(error)) is not None:
        return said
    if isinstance(error, OSError) and error.errno in FULL:
        where = error.filename or f"outputs of '{ctx.invoked_subcommand}'"
        return f"{where}: cannot be written: {error.strerror}"
    return None


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    epilog="Exit codes: 0 done, 1 a difference found or a failure of ours, 2 something you can put right, "
    "130 interrupted.",
)
@click.version_option(package_name="ganstudy")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Reproducible studies of generative adversarial networks.

    Run in a study's folder, where params.yaml is. Alone, `ganstudy` says what to do next.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that does not know × shows a question mark, and the command goes on.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    if ctx.invoked_subcommand is None:
        from ganstudy.cli.advice import advice

        click.echo(advice())
