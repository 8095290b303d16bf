"""Addresses of MLflow's pages, to be followed from any page of the same server."""

from typing import NamedTuple
from urllib.parse import quote, urlencode

# Otherwise pages are laid out for language models.
TRAINING = {"workflowType": "machine_learning"}
# Where MLflow orders by time it folds runs below their parents, and brings in parents that the condition
# leaves out.
RUN_NAME = "tags.`mlflow.runName`"
BY_NAME = {"orderByKey": RUN_NAME, "orderByAsc": "true", "startTime": "ALL", "lifecycleFilter": "Active"}


class Place(NamedTuple):
    """Where a run lies."""

    experiment: str
    run: str

    def file(self, path: str) -> str:
        """One of its artifacts, opened."""
        place = f"#/experiments/{self.experiment}/runs/{self.run}/artifacts/{quote(path)}"
        return f"{place}?{urlencode(TRAINING)}"


def saved_view(experiment: str, key: str, charts: bool) -> str:
    """The runs as the page shows them by the view saved under the key, as a list or as charts."""
    return _runs(experiment, charts, viewStateShareKey=key)


def filtered_charts(experiment: str, condition: str) -> str:
    """Charts of the runs that meet a condition, each on its own."""
    return _runs(experiment, charts=True, searchFilter=condition, **BY_NAME)


def _runs(experiment: str, charts: bool, **query: str) -> str:
    mode = {"compareRunsMode": "CHART"} if charts else {}
    return f"#/experiments/{experiment}/runs?{urlencode(query | TRAINING | mode)}"
