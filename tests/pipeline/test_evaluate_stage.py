"""`ganstudy evaluate`: a cell's judgement and its summary, written."""

from collections.abc import Callable

from ganstudy.core.files import read_json
from ganstudy.evaluation.judgement import summarise_cell
from ganstudy.pipeline.evaluate import evaluate
from ganstudy.results import paths
from ganstudy.study.params import Params

Files = Callable[[], dict[str, bytes]]


def test_judgement_and_summary_are_written(
    study: Callable[..., Params], finish: Callable[[Params], None]
) -> None:
    finish(study({"v": {}}, ["mse", "hinge"]))
    for loss in ("mse", "hinge"):
        judged = read_json(paths.judged("v", loss))
        assert (judged["variant"], judged["loss"]) == ("v", loss)
        assert [run["seed"] for run in judged["runs"]] == [5, 3]
        assert judged["samples"] == 20
        assert judged["held_out"] == 200
        floors = read_json(paths.floors("v"))["metrics"]
        for name, about in floors.items():
            assert about.items() <= judged["metrics"][name].items()
        found = judged["over_runs"]["wasserstein_error"]
        assert found["low"] <= found["mean"] <= found["high"]
        assert read_json(paths.metrics("v", loss)) == summarise_cell(judged)


def test_nothing_else_is_written_and_the_same_bytes_each_time(
    study: Callable[..., Params], finish: Callable[[Params], None], files: Files
) -> None:
    params = study({"v": {"source": {"name": "ring", "samples": 50}}}, ["r3gan"])
    finish(params)
    once = files()
    assert {name for name in once if not name.startswith("data/")} == {
        "params.yaml",
        "reports/floors/v.json",
        "reports/runs/v/r3gan.json",
        "reports/metrics/v/r3gan.json",
    }
    evaluate(params, "v", "r3gan")
    assert files() == once
