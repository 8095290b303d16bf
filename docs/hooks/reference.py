"""What docs/losses.md and docs/metrics.md take from the code.

`python docs/hooks/reference.py` writes it anew between the pages' marks. A test finds it out of date.
"""

import ast
import inspect
import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import get_args

from pydantic import TypeAdapter

from ganstudy.evaluation.adversary import ADVERSARY
from ganstudy.evaluation.figures import FIGURES
from ganstudy.evaluation.fresh import FRESH
from ganstudy.losses import LOSSES, AtMatch, Loss, make_loss
from ganstudy.params.losses import LossEntry, LossSettings
from ganstudy.params.study import OUTCOMES
from ganstudy.reporting.glossary import STATISTICS
from ganstudy.reporting.measures import FLOOR, GROUPS, Measure

DOCS = Path(__file__).parents[1]
NONE = "–"


# ---- Losses


def at_match() -> str:
    """Every loss's values at match, with the options' defaults."""
    header = ["loss", "C", "real term", "fake term", "D's loss", "G's loss", "Brier"]
    rows = [[f"[{code(name)}](#{name})", *map(number, of(name).at_match)] for name in LOSSES]
    assert len(header) == 1 + len(AtMatch._fields)
    return table(header, rows, "lrrrrrr")


def losses() -> str:
    """A section for each loss."""
    return "\n\n".join(section(name) for name in LOSSES)


def section(name: str) -> str:
    """Its formula, paper, penalty and options."""
    loss = of(name)
    parts = [f"### {code(name)}", *formulas(type(loss)), f"*{loss.paper}*"]
    if loss.penalty is not None:
        parts.insert(-1, f"Penalty: {text(type(loss.penalty))}")
    settings = settings_of(name)
    meanings = documented(settings)
    rows = [
        [code(field), code(about.default), allowed(settings, field), meanings[field]]
        for field, about in settings.model_fields.items()
        if field not in LossSettings.model_fields and field != "loss"
    ]
    if rows:
        parts.append(table(["option", "default", "may be", "meaning"], rows, "lrll"))
    return "\n\n".join(parts)


def formulas(loss: type[Loss]) -> Iterable[str]:
    """What the class says of itself, after what a base says that is no loss of its own."""
    for base in reversed(loss.__mro__):
        is_step = issubclass(base, Loss) and not inspect.isabstract(base)
        if base is loss or (is_step and base not in LOSSES.values()):
            yield text(base)


def of(name: str) -> Loss:
    """The loss with its options' defaults."""
    return make_loss(TypeAdapter(LossEntry).validate_python({"loss": name}))


def settings_of(name: str) -> type[LossSettings]:
    """The schema of its entry in params.yaml."""
    union, *_ = get_args(LossEntry)
    return next(s for s in get_args(union) if name in get_args(s.model_fields["loss"].annotation))


def allowed(settings: type[LossSettings], field: str) -> str:
    """The values that the option may have."""
    schema = settings.model_json_schema()["properties"][field]
    if "enum" in schema:
        return " or ".join(map(code, schema["enum"]))
    bounds = {"exclusiveMinimum": ">", "minimum": "≥", "maximum": "≤"}
    return ", ".join(f"{sign} {schema[key]:g}" for key, sign in bounds.items() if key in schema)


def documented(settings: type) -> dict[str, str]:
    """The docstring below each field."""
    (definition,) = ast.parse(inspect.getsource(settings)).body
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for field, below in zip(definition.body, definition.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(ast.Constant(str(words))):
                found[name] = one_line(words)
    return found


# ---- Metrics

UNITS = {
    "mean": "the data's",
    "std": "the data's",
    "skew": "none",
    "kurtosis": "none",
    "wasserstein": "the data's",
    "ks": "probability",
    "energy": "√ of the data's",
    "frechet": "the features', squared",
    "inside": "share",
    "precision": "share",
    "recall": "share",
    "density": "ratio",
    "coverage": "share",
    "modes_missing": "modes",
    "high_quality": "share",
    "reverse_kl": "nats",
    "fresh_accuracy": "share",
    "fresh_brier": "squared probability",
    "jensen_shannon": "nats",
    "discriminator": "the loss's",
    "discriminator_real": "the loss's",
    "discriminator_fake": "the loss's",
    "generator": "the loss's",
    "brier": "squared probability",
}
KEYS = {
    "D's loss": "discriminator",
    "D's real term": "discriminator_real",
    "D's fake term": "discriminator_fake",
    "Brier": "brier",
}
"""Of measures that no tolerance can be about."""
BESIDES = {
    "fresh_brier": (
        "fresh D's Brier score",
        "Mean squared error of the fresh discriminator's estimate that a sample is real. *Brier 1950*",
    ),
    "generator": ("G's loss", "The generator's loss over the last tenth of training."),
}
"""In reports/metrics and MLflow, but not in the report's tables."""


def metrics() -> str:
    """Every figure, in the report's order."""
    parts = []
    for title, measures in GROUPS:
        rows = [row(measure) for measure in measures]
        if measures is GROUPS[-1][1]:
            rows += [figure(key, *words) for key, words in BESIDES.items()]
        parts += [f"## {title}", table(["figure", "meaning", "unit", "beside it"], rows, "llll")]
    return "\n\n".join(parts)


def row(measure: Measure) -> list[str]:
    """What the report says of it."""
    paper = f" *{measure.paper}*" if measure.paper else ""
    key = measure.figure or KEYS.get(measure.heading) or measure.heading.replace(" ", "_")
    return figure(key, measure.heading, measure.explanation + paper)


def figure(key: str, heading: str, meaning: str) -> list[str]:
    """A row about the figure so called in reports/runs."""
    if key in OUTCOMES:
        return [code(key), escaped(meaning), "runs", "95 % interval" if key == "matched" else NONE]
    if key not in UNITS:
        return [heading, escaped(meaning), "floors", "95 % interval"]
    return [f"{heading}<br>{code(key)}", escaped(meaning), UNITS[key], yardstick(key)]


def yardstick(key: str) -> str:
    """What stands beside the figure."""
    if key in FIGURES:
        return "target, floor"
    if key in ADVERSARY:
        return "[value at match](losses.md#at-match)"
    # The same whatever the truth is.
    return f"{FRESH[key](None):g} at match"


def statistics() -> str:
    """What is said over seeds."""
    rows = [[term.name, escaped(term.meaning), f"*{term.paper}*"] for term in STATISTICS]
    return table(["word", "meaning", "paper"], rows, "lll")


# ---- Markdown


def number(value: float | None) -> str:
    """As a formula where people know it by one."""
    if value is None:
        return NONE
    for known, name in ((math.log(2), "log 2"), (2 * math.log(2), "2 log 2")):
        if math.isclose(abs(value), known):
            return f"{'−' if value < 0 else ''}{name}"
    return f"{value:.4g}".replace("-", "−")


def text(documented: type) -> str:
    """A docstring in Markdown, the two players' formulas marked."""
    words = re.sub(r"\b([DG]:) ", r"**\1** ", escaped(one_line(documented.__doc__ or "")))
    return words.replace(". **G:**", ".<br>**G:**")


def code(word: object) -> str:
    return f"`{word}`"


def one_line(words: str) -> str:
    return " ".join(words.split())


def escaped(words: str) -> str:
    """Nothing in a formula is to be taken for emphasis, or for a table's border."""
    return re.sub(r"([|<>])", r"\\\1", words)


def table(header: list[str], rows: Iterable[list[str]], align: str) -> str:
    """Columns to the left (l) or right (r). On a narrow screen it is moved about rather than squeezed."""
    rule = ["--:" if side == "r" else "---" for side in align]
    lines = [f"| {' | '.join(row)} |" for row in [header, rule, *rows]]
    return "\n".join(['<div class="wide" markdown>', "", *lines, "", "</div>"])


PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "losses.md": {"at match": at_match, "losses": losses},
    "metrics.md": {"floor": lambda: FLOOR, "figures": metrics, "statistics": statistics},
}


def updated(page: str) -> str:
    """The page with its parts as the code has them."""
    words = (DOCS / page).read_text(encoding="utf-8")
    for mark, make in PARTS[page].items():
        begin, end = f"<!-- {mark}: from the code -->", f"<!-- end of {mark} -->"
        before, rest = words.split(begin)
        words = f"{before}{begin}\n\n{make()}\n\n{end}{rest.split(end)[1]}"
    return words


if __name__ == "__main__":
    for page in PARTS:
        (DOCS / page).write_text(updated(page), encoding="utf-8")
