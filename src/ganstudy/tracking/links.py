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


def list_of_runs(experiment: str, charts: bool, **query: str) -> str:
    """The experiment's runs, as a list or as charts of them."""
    mode = {"compareRunsMode": "CHART"} if charts else {}
    return f"#/experiments/{experiment}/runs?{urlencode(query | TRAINING | mode)}"


def saved_view(experiment: str, key: str, charts: bool) -> str:
    """A view that the page has saved under the key, or that looks as if it had."""
    return list_of_runs(experiment, charts, viewStateShareKey=key)


def filtered(experiment: str, condition: str, charts: bool) -> str:
    """The runs that meet a condition, each on its own."""
    return list_of_runs(experiment, charts, searchFilter=condition, **BY_NAME)
