"""A fair ranking, in two studies: one tries as many settings of every loss, the other runs the best of each
on seeds that the first has not seen.

In the first, losses are named NAME__SETTING. The setting that matched most often is chosen, over all variants
and seeds; of several such the one nearest to the data, and of equally near ones the first in params.yaml.
"""

import math
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from io import StringIO
from statistics import median
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from scipy.stats import gmean

from ganstudy.core.errors import UserError
from ganstudy.core.files import read_yaml
from ganstudy.results.study_results import CellResult
from ganstudy.study.loading import FILE
from ganstudy.study.params import Params

SEPARATOR = "__"


@dataclass(frozen=True)
class Tried:
    """One setting of a loss, and how it did."""

    entry: str
    """Its name in params.yaml."""
    setting: str
    """What follows the loss's own name there."""
    matched: int
    runs: int
    """Of all variants, each with every seed."""
    distance: float
    """The median over seeds of the distance to the data in floors, diverged runs infinitely far off; of
    several variants the geometric mean, so that each counts alike, whatever distances it has."""

    @property
    def place(self) -> tuple[int, float]:
        """The best setting has the lowest."""
        return -self.matched, self.distance

    def __str__(self) -> str:
        far = "diverged" if math.isinf(self.distance) else f"{self.distance:.3g} floors"
        return f"{self.setting} matched {self.matched} of {self.runs}, {far}"


@dataclass(frozen=True)
class Choice:
    """The settings of a loss that were tried, the best first."""

    loss: str
    tried: tuple[Tried, ...]

    @property
    def best(self) -> Tried:
        """The one whose metric is best."""
        return self.tried[0]

    @property
    def reason(self) -> str:
        """In one line."""
        return f"{self.best}; {'; '.join(map(str, self.tried[1:]))}"


def choices(params: Params, cells: Iterable[CellResult]) -> list[Choice]:
    """Of every loss the setting that did best.

    UserError if the study does not try the same number of settings of every loss, or if its results are not
    those of params.yaml.
    """
    results = list(cells)
    settings = _settings(params)
    for result in results:
        judged, cell = result.judged, result.cell
        if [row["seed"] for row in judged["runs"]] != params.seeds or judged["overrides"] != cell.overrides:
            raise UserError(
                f"{cell.variant} {cell.loss}: the result is not of this params.yaml; run `dvc repro`"
            )
    of_entry = {entry: [result for result in results if result.cell.loss == entry] for entry in params.losses}
    return [
        Choice(
            loss,
            # A stable sort: of equals the first in params.yaml stays first.
            tuple(sorted((_tried(entry, of_entry[entry]) for entry in entries), key=lambda one: one.place)),
        )
        for loss, entries in settings.items()
    ]


def reporting_study(text: str, params: Params, chosen: Iterable[Choice], seeds: int) -> str:
    """The params.yaml of the second study, from that of the first, its `text`, with what was chosen and why.

    UserError if the seeds, 0 to `seeds` - 1, are any of those that the settings were chosen on.
    """
    if seen := sorted(set(range(seeds)) & set(params.seeds)):
        raise UserError(
            f"seed {seen[0]} was used for tuning, so it cannot judge what was chosen; "
            "tune on seeds from 1000 up, and run `dvc repro` again"
        )
    yaml = YAML()
    yaml.width = 110
    study = yaml.load(text)
    # Comments on what is replaced would be wrong of what replaces it; the head is among them.
    study.ca.comment = None
    _put(study["study"], "name", f"{params.study.name.removesuffix('-tuning')}-chosen")
    _put(study["study"], "seeds", seeds)
    losses, tried = CommentedMap(), read_yaml(text, str(FILE))["losses"]
    for choice in chosen:
        losses[choice.loss] = _entry(choice, tried[choice.best.entry] or {}, params)
        losses.yaml_set_comment_before_after_key(choice.loss, before=choice.reason, indent=2)
    _put(study, "losses", losses)
    # The empty line before it counts as part of the comments that went.
    study.yaml_set_comment_before_after_key("variants", before="\n")
    out = StringIO()
    yaml.dump(study, out)
    return _head(params) + out.getvalue()


def _settings(params: Params) -> dict[str, list[str]]:
    """The entries under `losses:` that try a setting of each loss."""
    found: dict[str, list[str]] = {}
    for entry in params.losses:
        loss, separator, setting = entry.partition(SEPARATOR)
        if not (loss and separator and setting):
            raise UserError(
                f"losses.{entry}: this is no tuning study, whose losses are named NAME{SEPARATOR}SETTING; "
                "`ganstudy new fair-ranking DIR` writes one"
            )
        found.setdefault(loss, []).append(entry)
    if len({len(entries) for entries in found.values()}) > 1:
        counts = ", ".join(f"{loss} {len(entries)}" for loss, entries in found.items())
        raise UserError(f"losses: each is to be tried with the same number of settings; found {counts}")
    return found


def _tried(entry: str, results: list[CellResult]) -> Tried:
    rows = [row for result in results for row in result.judged["runs"]]
    return Tried(
        entry,
        entry.partition(SEPARATOR)[2],
        sum(row["outcome"] == "matched" for row in rows),
        len(rows),
        _distance(results),
    )


def _distance(results: list[CellResult]) -> float:
    """As `Tried.distance`; 0 where no variant has a metric to tell distances by."""
    medians = [
        median(
            math.inf if row["outcome"] == "diverged" else result.score(row) or 0.0
            for row in result.judged["runs"]
        )
        for result in results
        if result.score_name
    ]
    return float(gmean(medians)) if medians else 0.0


def _entry(choice: Choice, tuned: Mapping[str, Any], params: Params) -> CommentedMap:
    """The chosen entry under the loss's own name, on one line."""
    loss = params.losses[choice.best.entry].name
    named = {} if loss == choice.loss else {"loss": loss}
    # A copy: what entries share would be written as anchor and aliases, and read less easily.
    entry = CommentedMap(named | {key: deepcopy(value) for key, value in tuned.items() if key != "loss"})
    entry.fa.set_flow_style()
    return entry


def _put(block: CommentedMap, key: str, value: Any) -> None:
    """Replace a value and the comment beside it."""
    block[key] = value
    block.ca.items.pop(key, None)


def _head(params: Params) -> str:
    """What the second study asks."""
    seeds = params.seeds
    return (
        "# Each loss with its best setting: which is best on seeds that the settings were not chosen on?\n"
        f"# Above each stand its settings as {params.study.name} found them on {len(seeds)} other seeds,\n"
        f"# {min(seeds)} to {max(seeds)}. The first was chosen: it matched most often, then was nearest.\n"
    )
