"""The command `ganstudy`, called in this process, and what it says of mistakes."""

from click.testing import CliRunner, Result

from ganstudy.cli.group import main


def ganstudy(*arguments: str) -> Result:
    """What comes of it in the current folder."""
    return CliRunner().invoke(main, arguments)


def complaints(result: Result) -> list[str]:
    """What a person is told when something is theirs to put right."""
    assert (result.exit_code, result.stdout) == (2, "")
    lines = result.stderr.splitlines()
    assert all(line.startswith("ganstudy: ") for line in lines)
    return [line.removeprefix("ganstudy: ") for line in lines]


def complaint(result: Result) -> str:
    """The same where it is a single line."""
    (line,) = complaints(result)
    return line
