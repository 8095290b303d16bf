"""The metrics, by the names of their modules, in the order of reports."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ganstudy import metrics
from ganstudy.metrics.metric import DiscriminatorMetric, Metric, SampleMetric, TestMetric
from ganstudy.metrics.own import OwnMetricSettings, own_metric

_found = {
    module.name: getattr(import_module(f"ganstudy.metrics.{module.name}"), "METRIC", None)
    for module in iter_modules(metrics.__path__)
    if module.name != "registry"
}
METRICS: dict[str, Metric] = dict(
    sorted(
        ((name, metric) for name, metric in _found.items() if isinstance(metric, Metric)),
        key=lambda named: named[1].place,
    )
)
SAMPLE_METRICS = {name: metric for name, metric in METRICS.items() if isinstance(metric, SampleMetric)}
TEST_METRICS = {name: metric for name, metric in METRICS.items() if isinstance(metric, TestMetric)}
DISCRIMINATOR_METRICS = {
    name: metric for name, metric in METRICS.items() if isinstance(metric, DiscriminatorMetric)
}
SCORES = {
    name: metric.score
    for name, metric in sorted(METRICS.items(), key=lambda named: named[1].score_place)
    if metric.score
}
"""What losses are compared by, in words: the first of these metrics that says something of the variant."""


def score_of(thresholds: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The metric that losses are compared by, of a variant whose metrics have these `reason`s to say nothing;
    None if none says anything."""
    return next((name for name in SCORES if name in thresholds and thresholds[name]["reason"] is None), None)


def sample_metrics(own: Mapping[str, OwnMetricSettings]) -> dict[str, SampleMetric]:
    """Those of samples, and the study's own."""
    return {**SAMPLE_METRICS, **{name: own_metric(name, settings) for name, settings in own.items()}}


def metric_of(name: str, own: Mapping[str, OwnMetricSettings]) -> Metric:
    """The metric of that name. KeyError if there is none."""
    return METRICS[name] if name in METRICS else own_metric(name, own[name])
