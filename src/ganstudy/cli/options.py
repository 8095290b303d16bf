"""Options that several commands take."""

import click

as_json = click.option("--json", "as_json", is_flag=True, help="For a machine to read: one JSON object.")
