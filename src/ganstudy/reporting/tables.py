"""The page's tables, from a study's results."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from ganstudy.core.text import interval, listed, number
from ganstudy.reporting.criteria import criteria
from ganstudy.reporting.measures import ALL_DIVERGED, GROUPS, Entry, Measure, all_told, told, tolerance
from ganstudy.results import paths
from ganstudy.results.study_results import CellResult, Results


def variant_table(cells: Sequence[CellResult]) -> dict[str, Any]:
    """A row for each measure that says something of the variant, a column for each loss; and which measures
    say nothing of it, and why."""
    footnotes: dict[str, int] = {}
    left_out: dict[str, list[str]] = {}
    groups = []
    for title, measures in told(cells[0]).items():
        rows = []
        for measure in measures:
            entries = [measure.entry(result) for result in cells]
            if _says_nothing(entries):
                left_out.setdefault(entries[0].reason, []).append(measure.heading)
            else:
                rows.append(_row(measure, tolerance(cells[0], measure), entries, footnotes))
        if rows:
            groups.append({"title": title, "rows": rows})
    return {
        "groups": groups,
        "footnotes": footnotes,
        "left_out": "; ".join(f"{listed(names)} ({reason})" for reason, names in left_out.items()),
    }


def _row(
    measure: Measure, within: float | None, entries: Sequence[Entry], footnotes: dict[str, int]
) -> dict[str, Any]:
    """Thresholds that all losses share stand at the row's beginning."""
    thresholds = {entry.thresholds for entry in entries if not entry.reason}
    shared = thresholds.pop() if len(thresholds) == 1 else ""
    words = "at least" if measure.at_least else "within"
    return {
        "heading": measure.heading,
        "explanation": measure.explanation,
        "thresholds": shared,
        "tolerance": "" if within is None else f"to match: {words} {within:.3g}",
        "entries": [
            (
                entry,
                "" if shared else entry.thresholds,
                footnotes.setdefault(entry.reason, len(footnotes) + 1) if entry.reason else None,
            )
            for entry in entries
        ],
    }


def _says_nothing(entries: Sequence[Entry]) -> bool:
    """Whether no loss of the variant could have such a number."""
    return all(entry.reason and entry.reason != ALL_DIVERGED for entry in entries)


def explained(results: Results) -> list[Measure]:
    """The measures that some table of the study has."""
    said = {
        measure.heading: measure
        for name in results.params.variants
        for first in results.of_variant(name)[:1]
        for measure in all_told(first)
        if not _says_nothing([measure.entry(first)])
    }
    order = [measure.heading for measures in GROUPS.values() for measure in measures]
    known = [said.pop(heading) for heading in order if heading in said]
    return [*known, *said.values()]


def missed(cells: Sequence[CellResult]) -> list[dict[str, Any]]:
    """For each metric that is judged, in how many of each loss's runs it was missed."""
    return [
        {
            "metric": name.replace("_", " "),
            "counts": [sum(name in run["failed"] for run in result.judged["runs"]) for result in cells],
        }
        for name in (criterion.metric for criterion in criteria(cells[0]))
    ]


def pair(found: Mapping[str, Any]) -> dict[str, str]:
    """A comparison of two losses in words, from the side of the better one."""
    one, other = found["losses"]
    share, low, high = (found[f"improvement{end}"] for end in ("", "_low", "_high"))
    effect = [found[f"effect{end}"] for end in ("", "_low", "_high")]
    if found["rank_share"] < 0.5:
        one, other, share, low, high = other, one, 1 - share, 1 - high, 1 - low
        effect = [None if x is None else -x for x in (effect[0], effect[2], effect[1])]
    return {
        "better": one,
        "other": other,
        "improvement": f"{100 * share:.0f} % ({interval(low, high)})",
        "effect": f"{number(effect[0], 2)} ({number(effect[1], 2)} to {number(effect[2], 2)})",
        "p_value": number(found["p_value_holm"], 2),
    }


def weights(results: Results) -> list[str]:
    """Each cell's trained weights with their digest, as `sha256sum` prints it."""
    files = [
        paths.runs(result.cell.variant, result.cell.loss) / "weights.safetensors" for result in results.cells
    ]
    return [f"{sha256(file.read_bytes()).hexdigest()}  {file.as_posix()}" for file in files]
