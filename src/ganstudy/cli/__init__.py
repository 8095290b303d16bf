"""The command line: the commands around a study, and `ganstudy STAGE …` as DVC calls it.

What a command needs is imported when it runs: help is to be there at once.
"""

from ganstudy.cli import project, stages, study
from ganstudy.cli.check import check
from ganstudy.cli.group import main
from ganstudy.cli.ui import ui

for command in (
    project.new,
    project.choose,
    check,
    study.plan,
    study.summary,
    study.show,
    study.sample,
    study.verify,
    ui,
    project.schema,
    *stages.COMMANDS,
):
    main.add_command(command)

__all__ = ["main"]
