"""The page and its summary, from the study's results and the pictures drawn of them."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from ruamel.yaml import YAML

from ganstudy.core.colours import colours
from ganstudy.core.files import read_json
from ganstudy.core.text import count, exact, flow, number
from ganstudy.core.versions import versions
from ganstudy.reporting import notes, tables
from ganstudy.reporting.criteria import criteria_in_words
from ganstudy.reporting.measures import FLOOR, STATISTICS, distance_in_floors, matched
from ganstudy.results import paths
from ganstudy.results.study_results import Results
from ganstudy.sources.registry import task
from ganstudy.study.variant import Variant

MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class ShownPicture:
    """A picture in its file, with the words around it."""

    path: Path
    size: tuple[int, int]
    """Width and height at which it is shown, in pixels."""
    title: str
    caption: str
    alt: str
    part: str = ""
    """Of the variant's section, as in `Picture`."""


def fill_template(name: str, context: Mapping[str, Any]) -> str:
    """A page that is whole in itself, of HTML or, as the template's name says, of Markdown."""
    is_markdown = name.endswith(".md")
    environment = Environment(
        loader=PackageLoader("ganstudy.reporting"),
        autoescape=not is_markdown,
        finalize=escape_markdown if is_markdown else None,
        keep_trailing_newline=is_markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"embedded": _embedded, "count": count, "exact": exact, "number": number}
    return environment.get_template(name).render(context)


def make_context(
    results: Results, overview: ShownPicture, pictures: Mapping[str, Sequence[ShownPicture]]
) -> dict[str, Any]:
    """Everything that the templates may say."""
    params = results.params
    return {
        "study": params.study.name,
        "seeds": params.seeds,
        "runs": len(params.cells) * len(params.seeds),
        "comparison": results.comparison,
        "colours": colours(list(params.losses)),
        "overview": overview,
        "variants": [
            _variant(results, name, recipe, pictures[name]) for name, recipe in params.variants.items()
        ],
        "losses": _losses(results),
        "floor": FLOOR,
        "measures": tables.explained(results),
        "statistics": STATISTICS,
        "versions": list(versions().items()),
        "weights": tables.weights(results),
        "claims": notes.claims(results),
        "overrides": notes.overrides(params),
        "updates": notes.updates(results),
        "pretests": notes.pretests(results),
    }


def _variant(
    results: Results, name: str, recipe: Variant, pictures: Sequence[ShownPicture]
) -> dict[str, Any]:
    cells = results.of_variant(name)
    return {
        "name": name,
        "stability": results.comparison["stability"]["variants"][name],
        "finding": results.comparison["findings"][name].removeprefix(f"{name}: "),
        "data": read_json(paths.prepared(name) / "description.json"),
        "samples": cells[0].judged["samples"],
        "held_out": cells[0].judged["held_out"],
        "task": task(recipe.source),
        "steps": notes.steps(recipe),
        "criteria": criteria_in_words(cells[0]),
        "failures": notes.failures(cells),
        "evidence": notes.evidence(cells),
        "missed": tables.missed(cells),
        "classifier": notes.about_classifier(name),
        "recipe": _yaml(recipe),
        "pictures": pictures,
        "pairs": [tables.pair(pair) for pair in results.comparison["variants"][name]["pairs"]],
        "table": tables.variant_table(cells),
        "matched": [matched(result) for result in cells],
        "distances": [distance_in_floors(result) for result in cells],
    }


def _losses(results: Results) -> list[dict[str, Any]]:
    """Each loss with its options, its paper and its values at match, from the first variant's runs."""
    palette = colours(list(results.params.losses))
    losses = []
    for result in results.of_variant(next(iter(results.params.variants))):
        settings = result.cell.settings.model_dump(mode="json", exclude_unset=True)
        words = flow({**settings, **result.cell.overrides})[1:-1]
        about = replace(result).runs.loss  # a copy, so that the runs' arrays are dropped again
        loss = result.cell.loss
        losses.append({"key": loss, "colour": palette[loss], "settings": words, **about})
    return losses


def _yaml(recipe: Variant) -> str:
    """The recipe as params.yaml could state it."""
    yaml = YAML(typ="rt", pure=True)
    yaml.default_flow_style = None
    yaml.width = 100
    text = StringIO()
    yaml.dump(recipe.model_dump(mode="json", exclude_unset=True), text)
    return text.getvalue()


def _embedded(shown: ShownPicture) -> Markup:
    """The picture's own bytes as an address."""
    kind = MEDIA_TYPES[shown.path.suffix]
    return Markup(f"data:{kind};base64,{b64encode(shown.path.read_bytes()).decode()}")


SPECIAL = re.compile(r"([\\`*\[\]<>|#~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


def escape_markdown(value: Any) -> str:
    """Text that Markdown shows as it is, in a table as well. An underscore within a word is left alone, as
    Markdown leaves it."""
    return SPECIAL.sub(r"\\\1", " ".join(str(value).split()))
