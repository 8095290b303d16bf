"""What MLflow's page shows of the study: ready views and a description that leads to them.

A view is what the page itself saves under "Save & share view": a tag of the experiment with filter, columns
and charts. MLflow 3.17 documents these tags nowhere; tests/tracking/test_screens.py sees them work.
"""

import json
import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple

from ganstudy.core.text import count, counted
from ganstudy.study.params import Params
from ganstudy.tracking.links import RUN_NAME, Place, saved_view
from ganstudy.tracking.record import CURVE, FINAL, INTERVAL, metric_name

TAG = "mlflow.sharedViewState."
KEY = "ganstudy-"
OURS = f"{TAG}{KEY}"
"""Views with other keys are somebody's own."""

CURRENT = "tags.superseded = 'false'"
CHARTS = 6
"""Of a variant's curves: as many as two rows of the page hold."""
LOSS_PARTS = ("discriminator_real", "discriminator_fake", "penalty")
"""Of the discriminator's loss, which is shown as a whole."""
HEIGHT = 330
"""Of a chart, in pixels: MLflow's own are too high for two rows on a screen."""
ROOM = 3000
"""In the description, for links to variants: the list *Views* has all of them."""
WIDTHS = {"tags.`outcome`": 135, "tags.`failed`": 260, "tags.`nan`": 70}
"""Of columns whose contents are longer than their heading, or shorter."""

Card = dict[str, Any]
CARD: Card = {"runsCountToCompare": 100, "deleted": False, "isGenerated": False}
"""What every card says."""


class Section(NamedTuple):
    """Charts under a heading."""

    heading: str
    cards: Sequence[Card]
    columns: int = 3
    """So many charts stand side by side."""


@dataclass(frozen=True)
class View:
    """A filter of the run list with its columns, and charts where it opens with them."""

    key: str
    name: str
    filter: str
    columns: Sequence[str]
    """As MLflow names them: tags.`outcome`, metrics.`final/score`."""
    charts: Sequence[Section] = ()
    of_seeds: bool = False
    """Whether it shows seeds, ordered by name, each on its own, instead of the newest first."""

    @property
    def tag(self) -> str:
        """The experiment's tag that holds it."""
        return f"{OURS}{self.key}"

    def link(self, experiment: str) -> str:
        """Its address in that experiment's page."""
        return saved_view(experiment, f"{KEY}{self.key}", charts=bool(self.charts))

    def value(self, created: int, longest: int) -> str:
        """The tag's value. `created` is in ms, and places the view among others: the newest is first. The
        longest name of a cell has so many letters."""
        letters = longest + len(" · seed 15") if self.of_seeds else longest
        widths = {"attributes.`Run Name`": min(90 + 7 * letters, 500), "runDateAndNestInfo": 145}
        # MLflow shows of a column what stands between the backticks.
        widths |= {name: WIDTHS.get(name) or 36 + 7 * len(name.split("`")[1]) for name in self.columns}
        state = {
            "searchFilter": self.filter,
            "orderByKey": RUN_NAME if self.of_seeds else "attributes.start_time",
            "orderByAsc": self.of_seeds,
            "startTime": "ALL",
            "lifecycleFilter": "Active",
            "modelVersionFilter": "All Runs",
            "datasetsFilter": [],
            "selectedColumns": list(self.columns),
            "columnOrder": list(widths),
            "columnWidths": widths,
            "runsExpanded": {},
            "runsPinned": [],
            "runsHidden": [],
            "runsVisibilityMap": {},
            # From charts: lines of hundreds of seeds would take minutes and tell nothing.
            "runsHiddenMode": "SHOW_ALL" if self.charts else "FIRST_20_RUNS",
            "compareRunCharts": [
                {**card, **CARD, "uuid": f"{heading}-{i}", "metricSectionId": heading}
                for heading, cards, _ in self.charts
                for i, card in enumerate(cards)
            ],
            "compareRunSections": [
                {
                    "uuid": heading,
                    "name": heading,
                    "display": True,
                    "isReordered": True,
                    "isGenerated": False,
                    "columns": columns,
                    "cardHeight": HEIGHT,
                }
                for heading, _, columns in self.charts
            ],
            "viewMaximized": False,
            "runListHidden": False,
            "isAccordionReordered": True,
            "groupBy": None,
            "groupsExpanded": {},
            "autoRefreshEnabled": False,
            "useGroupedValuesInCharts": True,
            "hideEmptyCharts": True,
            "globalLineChartConfig": {"xAxisKey": "step", "lineSmoothness": 0, "selectedXAxisMetricKey": ""},
        }
        packed = b64encode(zlib.compress(json.dumps(state).encode())).decode()
        return json.dumps({"name": self.name, "createdAt": created, "state": f"deflate;{packed}"})


class Comparable(NamedTuple):
    """What a variant's losses can be compared by."""

    curves: Sequence[str]
    """Columns of their histories."""
    metrics: Sequence[str]
    """Of their final metrics those that say most, the share of matched seeds before all."""


def entrance(experiment: str) -> str:
    """Where a study is entered: the view of its cells."""
    return saved_view(experiment, f"{KEY}cells", charts=False)


def study_views(variants: Mapping[str, Comparable]) -> list[View]:
    """Those of a study with these variants. The first one shows the cells."""
    return [
        View(
            "cells",
            "Cells: every variant with every loss",
            f"tags.level = 'cell' AND {CURRENT}",
            ["tags.`outcome`", *map(_final, ("success_rate", "score", "c2st_accuracy"))],
        ),
        *(_variant_view(name, comparable) for name, comparable in variants.items()),
        _seed_view("seeds", "Seeds: every single run"),
        _seed_view("failed", "Failed: runs that did not match", "tags.outcome != 'matched'"),
        _seed_view("diverged", "Diverged: runs that lost their numbers", "tags.diverged = 'true'"),
    ]


def _seed_view(key: str, name: str, *conditions: str) -> View:
    columns = ["tags.`outcome`", "tags.`failed`", _final("score"), _final("c2st_accuracy"), "tags.`nan`"]
    wanted = " AND ".join(["tags.level = 'seed'", CURRENT, *conditions])
    return View(key, name, wanted, columns, of_seeds=True)


def _variant_view(variant: str, comparable: Comparable) -> View:
    metrics = [metric_name(FINAL, name) for name in comparable.metrics]
    bars: list[Card] = [{"type": "BAR", "metricKey": key} for key in metrics]
    curves = [_lines(name) for name in comparable.curves if name not in LOSS_PARTS][:CHARTS]
    against: list[Card] = []
    together: list[Card] = []
    if len(metrics) > 1:
        first, second = ({"key": key, "type": "METRIC"} for key in metrics[:2])
        against = [{"type": "SCATTER", "yaxis": first, "xaxis": second}]
        together = [
            {
                "type": "PARALLEL",
                "selectedParams": [],
                # The first one last, for it colours the lines.
                "selectedMetrics": metrics[::-1],
                "showAllRuns": True,
            }
        ]
    return View(
        f"variant-{variant}",
        f"{variant}: its losses side by side",
        f"tags.level = 'cell' AND {CURRENT} AND tags.variant = '{variant}'",
        ["tags.`outcome`", *map(_final, comparable.metrics)],
        [
            Section("At the end", [*bars[:2], *against]),
            Section("Over training, with 95 % intervals", curves),
            Section("All metrics together", together, columns=1),
            Section("Metric by metric", bars[2:]),
        ],
    )


def _lines(column: str) -> Card:
    keys = [
        metric_name(CURVE, column),
        *(metric_name(INTERVAL, f"{column}_{end}") for end in ("low", "high")),
    ]
    return {
        "type": "LINE",
        # A chart of several metrics is shown with its name only where MLflow takes them for those of a
        # cluster's nodes. Otherwise it is `curve/… vs interval/… vs interval/…`, and cut off.
        "displayName": column,
        "nodeLevelSystemMetricConfiguration": {"metric": column, "type": "node"},
        "metricKey": keys[0],
        "selectedMetricKeys": keys,
        "lineSmoothness": 0,
        "xAxisScaleType": "linear",
        "scaleType": "linear",
        "xAxisKey": "step",
        "selectedXAxisMetricKey": "",
        "displayPoints": False,
        "range": {},
        "yAxisKey": "metric",
        "yAxisExpressions": [],
        "ignoreOutliers": False,
        "useGlobalXaxisKey": True,
        "useGlobalLineSmoothing": True,
    }


def _final(name: str) -> str:
    return f"metrics.`{metric_name(FINAL, name)}`"


def description(views: Sequence[View], params: Params, experiment: str, study: str) -> str:
    """Of the experiment, as Markdown. MLflow shows the first line of it on every page of the experiment, and
    its beginning in the list of experiments. `study` is the study's run, by id."""
    cells, *others = views
    first = [
        f"**[Open the cells]({cells.link(experiment)})**",
        f"[Report]({Place(experiment, study).file('report.html')})",
        *(_named_link(view, experiment) for view in others if not view.charts),
    ]
    of_variants = [_named_link(view, experiment) for view in others if view.charts]
    while sum(map(len, of_variants)) > ROOM:
        of_variants.pop()
    seeds, losses, variants = len(params.seeds), len(params.losses), len(params.variants)
    if (more := variants - len(of_variants)) > 0:
        of_variants.append(f"{more} more in the list *Views*")
    text = files("ganstudy.tracking").joinpath("description.md").read_text(encoding="utf-8")
    return text.format(
        runs=counted(variants * losses * seeds, "GAN"),
        variants=counted(variants, "variant"),
        losses="1 loss" if losses == 1 else f"{count(losses)} losses",
        seeds=counted(seeds, "seed"),
        first=" · ".join(first),
        of_variants=" · ".join(of_variants),
    )


def _named_link(view: View, experiment: str) -> str:
    return f"[{view.name.partition(':')[0]}]({view.link(experiment)})"
