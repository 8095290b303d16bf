"""The command line: the commands around a study, and `ganstudy STAGE …` as DVC calls it.

What a command needs is imported when it runs: help is to be there at once.
"""

from ganstudy.cli import check, project, stages, study
from ganstudy.cli.group import main
from ganstudy.cli.plan import plan
from ganstudy.cli.schema import schema
from ganstudy.cli.ui import ui

for command in (*project.COMMANDS, check.check, plan, *study.COMMANDS, ui, schema, *stages.COMMANDS):
    main.add_command(command)

__all__ = ["main"]
