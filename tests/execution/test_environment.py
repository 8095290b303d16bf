"""What the environment says about where to run."""

import os

import pytest

from ganstudy.execution.environment import device, seconds_between_checkpoints, workers
from ganstudy.params import UserError


def test_by_default_there_is_a_worker_for_each_processor_of_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GANSTUDY_WORKERS", raising=False)
    assert workers() == len(os.sched_getaffinity(0))


@pytest.mark.parametrize("given", ["1", "3", "64"])
def test_the_number_of_workers_can_be_given(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDY_WORKERS", given)
    assert workers() == int(given)


@pytest.mark.parametrize("given", ["0", "-1", "1.5", "two", "", " ", "²"])
def test_anything_else_is_refused_in_the_users_words(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDY_WORKERS", given)
    with pytest.raises(UserError, match=f"GANSTUDY_WORKERS: found '{given}'; give a number .* at least 1"):
        workers()


def test_training_is_on_the_cpu_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GANSTUDY_DEVICE", raising=False)
    assert device() == "cpu"
    monkeypatch.setenv("GANSTUDY_DEVICE", "cuda:1")
    assert device() == "cuda:1"


def test_a_kill_costs_twenty_seconds_of_training_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GANSTUDY_CHECKPOINT_SECONDS", raising=False)
    assert seconds_between_checkpoints() == 20
    monkeypatch.setenv("GANSTUDY_CHECKPOINT_SECONDS", "0.5")
    assert seconds_between_checkpoints() == 0.5


@pytest.mark.parametrize("given", ["-1", "soon", "", "nan", "inf"])
def test_other_intervals_are_refused_in_the_users_words(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDY_CHECKPOINT_SECONDS", given)
    with pytest.raises(
        UserError, match=f"GANSTUDY_CHECKPOINT_SECONDS: found '{given}'; give a number .* at least 0"
    ):
        seconds_between_checkpoints()
