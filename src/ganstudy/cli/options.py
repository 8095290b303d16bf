"""What several commands take and print."""

import json
from typing import Any

import click

as_json = click.option("--json", "as_json", is_flag=True, help="For a machine to read: one JSON object.")


def say_json(what: Any) -> None:
    """Print it as the one JSON object that a command says; docs/commands.md names the keys."""
    click.echo(json.dumps(what, indent=1, sort_keys=True, ensure_ascii=False))
