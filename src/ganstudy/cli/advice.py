"""What a person would do next, from what there is in the current folder."""

from ganstudy.core.errors import UserError
from ganstudy.results import paths
from ganstudy.study.loading import FILE, load


def advice() -> str:
    """A few lines: where the study stands, and the next command."""
    if not FILE.is_file():
        return lines(
            f"There is no {FILE} here: this is no study's folder.",
            ("cd STUDY", "go where one is"),
            ("ganstudy new", "see ready studies, and write the folder of one"),
            ("ganstudy --help", "see what there is"),
        )
    try:
        params = load()
    except UserError as error:
        return lines(f"The study cannot run yet.\n{error}", (f"$EDITOR {FILE}", "put that right"))
    done = [cell for cell in params.cells if paths.judged(cell.variant, cell.loss).is_file()]
    missing = len(params.cells) - len(done)
    if missing or not paths.PAGE.is_file():
        return lines(
            f"{params.study.name}: {len(done)} of {len(params.cells)} cells are there.",
            ("ganstudy check", "see that the settings and the data are sound"),
            ("dvc repro", f"run the {missing} missing and compare them all"),
        )
    variant, loss = next(iter(params.variants)), next(iter(params.losses))
    return lines(
        f"{params.study.name}: all {len(params.cells)} cells are there.",
        ("ganstudy summary", f"what was found; {paths.PAGE} shows it"),
        (f"ganstudy show {variant} {loss}", "one cell's metrics"),
        (f"ganstudy sample {variant} {loss}", "what its generator makes"),
        ("mlflow ui", "every run's curves"),
        (f"$EDITOR {FILE}", "ask something else, then `dvc repro`"),
    )


def lines(first: str, *commands: tuple[str, str]) -> str:
    """What there is to say, and below it commands with what each is for."""
    width = max(len(command) for command, _ in commands)
    return "\n".join([first, *(f"  {command:<{width}}  {why}" for command, why in commands)])
