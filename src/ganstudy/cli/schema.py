"""The command that tells editors what params.yaml may say."""

import json

import click


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
