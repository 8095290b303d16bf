"""What docs/losses.md and docs/metrics.md take from the code.

`python docs/hooks/reference.py` writes it anew between the pages' marks. A test finds it out of date.
"""

import ast
import inspect
import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ganstudy.losses.loss import AtMatch, Loss
from ganstudy.losses.registry import LOSSES, make_loss
from ganstudy.metrics.metric import DiscriminatorMetric, Metric, SampleMetric, Shown
from ganstudy.metrics.registry import METRICS
from ganstudy.reporting.measures import FLOOR, GROUPS, STATISTICS, Measure, of_metric
from ganstudy.study.evaluation import OUTCOMES

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
        if field != "loss"
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
    return make_loss(settings_of(name)(loss=name))


def settings_of(name: str) -> type[Any]:
    """The schema of its options in params.yaml."""
    return LOSSES[name].Settings


def allowed(settings: type[Any], field: str) -> str:
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


def metrics() -> str:
    """Every metric, in the report's order."""
    parts = []
    for title, measures in GROUPS.items():
        rows = [row(measure) for measure in measures]
        rows += [
            row(of_metric(name, metric))
            for name, metric in METRICS.items()
            if metric.group.value == title and metric.shown is Shown.NEVER
        ]
        parts += [f"## {title}", table(["metric", "meaning", "unit", "with"], rows, "llll")]
    return "\n\n".join(parts)


def row(measure: Measure) -> list[str]:
    """What the report says of it."""
    meaning = escaped(measure.explanation + (f" *{measure.paper}*" if measure.paper else ""))
    if (key := measure.heading.replace(" ", "_")) in OUTCOMES:
        return [code(key), meaning, "runs", "95 % interval" if key == "matched" else NONE]
    if measure.metric not in METRICS:
        return [measure.heading, meaning, "floors", "95 % interval"]
    metric = METRICS[measure.metric]
    return [f"{metric.label}<br>{code(measure.metric)}", meaning, metric.unit, reference_of(metric)]


def reference_of(metric: Metric) -> str:
    """What the metric is compared with."""
    match metric:
        case SampleMetric():
            return "target, floor"
        case DiscriminatorMetric():
            return "[value at match](losses.md#at-match)"
        case _:
            return f"{metric.at_match:g} at match"


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
    "metrics.md": {"floor": lambda: FLOOR, "metrics": metrics, "statistics": statistics},
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
