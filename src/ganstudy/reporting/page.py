"""The page and its summary, from the study's results and the pictures drawn of them."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import StringIO
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup
from ruamel.yaml import YAML

from ganstudy.colours import colours
from ganstudy.params import Variant
from ganstudy.reporting import notes
from ganstudy.reporting.columns import COLUMNS, FLOOR, Entry
from ganstudy.reporting.gallery import Shown
from ganstudy.reporting.words import count, exact, flow, interval, number
from ganstudy.results import Results

TEMPLATES = PackageLoader("ganstudy.reporting")


def html(context: Mapping[str, Any]) -> str:
    """The page: one file, whole in itself."""
    return html_template("page.html").render(context)


def html_template(name: str) -> Template:
    """A template of a page that is whole in itself."""
    environment = Environment(
        loader=TEMPLATES, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"embedded": _embedded, "count": count, "number": number}
    return environment.get_template(name)


def markdown(context: Mapping[str, Any]) -> str:
    """The summary: the same on a page of Markdown."""
    environment = Environment(
        loader=TEMPLATES,
        autoescape=False,  # not HTML: `finalize` escapes for Markdown
        finalize=escape_markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"count": count}
    return environment.get_template("summary.md").render(context)


def make_context(
    results: Results, overview: Shown, pictures: Mapping[str, Sequence[Shown]]
) -> dict[str, Any]:
    """Everything that the templates may say."""
    params = results.params
    reasons: dict[str, int] = {}
    return {
        "study": params.study.name,
        "seeds": params.seeds,
        "runs": len(params.cells) * len(params.seeds),
        "cells": len(params.cells),
        "findings": [
            *(results.comparison["findings"][variant] for variant in params.variants),
            *filter(None, [results.comparison["overall"]]),
        ],
        "ranking": _ranking(results),
        "claims": notes.claims(results),
        "overview": overview,
        "columns": COLUMNS,
        "floor": FLOOR.format("Below"),
        "variants": [
            _variant(results, name, recipe, pictures[name], reasons)
            for name, recipe in params.variants.items()
        ],
        "reasons": reasons,
        "losses": _losses(results),
        "overrides": notes.overrides(params),
        "updates": notes.updates(results),
        "warm_ups": notes.warm_ups(results),
    }


def _variant(
    results: Results, name: str, recipe: Variant, pictures: Sequence[Shown], reasons: dict[str, int]
) -> dict[str, Any]:
    cells = results.of_variant(name)
    return {
        "name": name,
        "samples": cells[0].judged["samples"],
        "held_out": cells[0].judged["held_out"],
        "criteria": notes.criteria(cells[0]),
        "failures": notes.failures(cells),
        "classifier": notes.classifier(name),
        "recipe": _yaml(recipe),
        "pictures": pictures,
        "pairs": [_pair(pair) for pair in results.comparison["variants"][name]["pairs"]],
        "rows": [
            {
                "loss": result.cell.loss,
                "colour": colours(list(results.params.losses))[result.cell.loss],
                "entries": [
                    (column, entry, _footnote(entry, reasons))
                    for column in COLUMNS
                    for entry in (column.entry(result),)
                ],
            }
            for result in cells
        ],
    }


def _pair(pair: Mapping[str, Any]) -> dict[str, str]:
    """A comparison of two losses in words, from the side of the better one."""
    one, other = pair["losses"]
    share, low, high = (pair[f"improvement{end}"] for end in ("", "_low", "_high"))
    effect = [pair[f"effect{end}"] for end in ("", "_low", "_high")]
    if pair["rank_share"] < 0.5:
        one, other, share, low, high = other, one, 1 - share, 1 - high, 1 - low
        effect = [None if x is None else -x for x in (effect[0], effect[2], effect[1])]
    return {
        "better": one,
        "other": other,
        "improvement": f"{100 * share:.0f} % ({interval(low, high)})",
        "effect": f"{number(effect[0], 2)} ({number(effect[1], 2)} to {number(effect[2], 2)})",
        "p_value": number(pair["p_value_holm"], 2),
    }


def _ranking(results: Results) -> list[dict[str, Any]]:
    """Each loss's ranks, the best mean first, with how often it keeps coming first."""
    held = results.comparison["stability"]
    rows = []
    for loss, about in sorted(held["mean_rank"].items(), key=lambda item: item[1]["rank"]):
        rows.append(
            {
                "loss": loss,
                "colour": colours(list(results.params.losses))[loss],
                "mean": f"{about['rank']:.2g} ({about['low']:.2g} to {about['high']:.2g})",
                "first": f"{100 * held['first'][loss]:.0f} %",
                "variants": [
                    f"{variant['ranks'][loss]:.2g} ({100 * variant['first'][loss]:.0f} %)"
                    for variant in (held["variants"][name] for name in results.params.variants)
                ],
            }
        )
    return rows


def _footnote(entry: Entry, reasons: dict[str, int]) -> int | None:
    """The number under which the reason for an absent figure is given; the same for the same reason."""
    return reasons.setdefault(entry.reason, len(reasons) + 1) if entry.reason else None


def _losses(results: Results) -> list[dict[str, Any]]:
    """Each loss with its options, its paper and its values at match, from the first variant's runs."""
    losses = []
    for result in results.of_variant(next(iter(results.params.variants))):
        settings = result.cell.settings.model_dump(mode="json", exclude_unset=True)
        about = replace(result).runs.loss  # a copy, so that the runs' arrays are dropped again
        at_match = about["at_match"]
        losses.append(
            {
                "key": result.cell.loss,
                "colour": colours(list(results.params.losses))[result.cell.loss],
                "settings": flow(settings)[1:-1],
                "paper": about["paper"],
                "discriminator": exact(at_match["discriminator"]),
                "generator": exact(at_match["generator"]),
            }
        )
    return losses


def _yaml(recipe: Variant) -> str:
    """The recipe as params.yaml could state it."""
    yaml = YAML(typ="rt", pure=True)
    yaml.default_flow_style = None
    yaml.width = 100
    text = StringIO()
    yaml.dump(recipe.model_dump(mode="json", exclude_unset=True), text)
    return text.getvalue()


def _embedded(shown: Shown) -> Markup:
    """The picture's own bytes as an address."""
    return Markup("data:image/png;base64," + b64encode(shown.path.read_bytes()).decode())


SPECIAL = re.compile(r"([\\`*\[\]<>|#~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


def escape_markdown(value: Any) -> str:
    """Text that Markdown shows as it is, in a table as well. An underscore within a word is left alone, as
    Markdown leaves it."""
    return SPECIAL.sub(r"\\\1", " ".join(str(value).split()))
