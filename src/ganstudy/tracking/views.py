"""What MLflow's page shows of the study: ready views and a description that leads to them.

A view is what the page itself saves under "Save & share view": a tag of the experiment with filter, columns
and charts. MLflow 3.17 documents these tags nowhere; tests/tracking/test_screens.py sees them work.
"""

import json
import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

TAG = "mlflow.sharedViewState."
OURS = f"{TAG}ganstudy-"
"""Views with other keys are somebody's own."""

CURRENT = "tags.superseded = 'false'"
CHARTS = 6
"""Of a variant's curves: as many as two rows of the page hold."""
PARTS = ("discriminator_real", "discriminator_fake", "penalty")
"""Of the discriminator's loss, which is shown as a whole."""

Card = dict[str, Any]


@dataclass(frozen=True)
class View:
    """A filter of the run list with its columns, and charts where it opens with them."""

    key: str
    name: str
    filter: str
    columns: Sequence[str]
    """As MLflow names them: tags.`outcome`, metrics.`final/score`."""
    charts: Mapping[str, Sequence[Card]] = field(default_factory=dict)
    """By the heading they stand under."""
    newest_first: bool = True

    @property
    def tag(self) -> str:
        return f"{OURS}{self.key}"

    def link(self, experiment: str) -> str:
        """To be followed from any page of the same server."""
        query = {"viewStateShareKey": f"ganstudy-{self.key}", "workflowType": "machine_learning"}
        if self.charts:
            query["compareRunsMode"] = "CHART"
        return f"#/experiments/{experiment}/runs?{urlencode(query)}"

    def value(self, created: int) -> str:
        """The tag's value. `created` is in ms, and places the view among others: the newest is first."""
        widths = {"attributes.`Run Name`": 270, "runDateAndNestInfo": 140}
        widths |= {name: 60 + 8 * len(name.partition("`")[2]) for name in self.columns}
        state = {
            "searchFilter": self.filter,
            "orderByKey": "attributes.start_time",
            "orderByAsc": not self.newest_first,
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
            "runsHiddenMode": "SHOW_ALL",
            "compareRunCharts": [
                {**card, "uuid": f"{heading}-{i}", "metricSectionId": heading}
                for heading, cards in self.charts.items()
                for i, card in enumerate(cards)
            ],
            "compareRunSections": [
                {"uuid": heading, "name": heading, "display": True, "isReordered": True, "isGenerated": False}
                for heading in self.charts
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


def study_views(curves: Mapping[str, Sequence[str]], scores: Mapping[str, str]) -> list[View]:
    """Those of a study whose variants have these curves (columns of their histories), and whose losses are
    compared by these figures."""
    return [
        View(
            "cells",
            "Cells: every variant with every loss",
            f"tags.level = 'cell' AND {CURRENT}",
            [_tag("outcome"), _final("success_rate"), _final("score"), _final("fresh_accuracy")],
        ),
        *(_variant_view(name, columns, scores[name]) for name, columns in curves.items()),
        View(
            "seeds",
            "Seeds: every single run",
            f"tags.level = 'seed' AND {CURRENT}",
            [_tag("outcome"), _tag("failed"), _final("score"), _final("fresh_accuracy"), _tag("nan")],
        ),
        View(
            "failed",
            "Failed: runs that did not match",
            f"tags.level = 'seed' AND {CURRENT} AND tags.outcome != 'matched'",
            [_tag("outcome"), _tag("failed"), _final("score"), _final("fresh_accuracy"), _tag("nan")],
        ),
        View(
            "diverged",
            "Diverged: runs that lost their numbers",
            f"tags.level = 'seed' AND {CURRENT} AND tags.diverged = 'true'",
            [_tag("outcome"), _tag("variant"), _tag("loss"), _tag("seed"), _tag("nan")],
        ),
    ]


def _variant_view(variant: str, curves: Sequence[str], score: str) -> View:
    return View(
        f"variant-{variant}",
        f"{variant}: its losses side by side",
        f"tags.level = 'cell' AND {CURRENT} AND tags.variant = '{variant}'",
        [_tag("outcome"), _final("success_rate"), _final("score"), _final(score), _final("fresh_accuracy")],
        {
            "Over training": [
                _lines(name) for name in [name for name in curves if name not in PARTS][:CHARTS]
            ],
            "At the end": [
                {"type": "BAR", "metricKey": "final/success_rate", **CARD},
                {"type": "BAR", "metricKey": "final/score", **CARD},
                {
                    "type": "PARALLEL",
                    "selectedParams": [],
                    "selectedMetrics": ["final/success_rate", "final/score", "final/fresh_accuracy"],
                    "showAllRuns": True,
                    **CARD,
                },
                {
                    "type": "SCATTER",
                    "xaxis": {"key": "final/score", "type": "METRIC"},
                    "yaxis": {"key": "final/success_rate", "type": "METRIC"},
                    **CARD,
                },
            ],
        },
    )


CARD: Card = {"runsCountToCompare": 100, "deleted": False, "isGenerated": False}


def _lines(column: str) -> Card:
    keys = [f"curve/{column}", f"interval/{column}_low", f"interval/{column}_high"]
    return {
        "type": "LINE",
        "displayName": column,
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
        **CARD,
    }


def _tag(name: str) -> str:
    return f"tags.`{name}`"


def _final(name: str) -> str:
    return f"metrics.`final/{name}`"


def description(views: Sequence[View], experiment: str) -> str:
    """Of the experiment, as Markdown. MLflow shows the first line of it on every page of the experiment."""
    cells, *others = views
    rest = " · ".join(f"[{view.name.partition(':')[0]}]({view.link(experiment)})" for view in others)
    text = files("ganstudy.tracking").joinpath("description.md").read_text(encoding="utf-8")
    return text.format(cells=cells.link(experiment), others=rest)
