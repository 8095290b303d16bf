"""What the environment says about where to run."""

import os
from collections.abc import Callable

import pytest

from ganstudy.core.errors import UserError
from ganstudy.execution.environment import (
    device,
    engine,
    ray_address,
    ray_gpus,
    ray_retries,
    replicas,
    seconds_between_checkpoints,
    workers,
)


def test_by_default_there_is_a_worker_for_each_processor_of_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GANSTUDY_WORKERS", raising=False)
    assert workers() == len(os.sched_getaffinity(0))


def test_by_default_training_is_on_this_machines_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENGINE", "DEVICE", "REPLICAS", "RAY_GPUS", "RAY_RETRIES"):
        monkeypatch.delenv(f"GANSTUDY_{name}", raising=False)
    assert (engine(), device(), replicas(), ray_gpus(), ray_retries()) == ("local", "cpu", 64, 0, 3)


NUMBERS = {"GANSTUDY_WORKERS": workers, "GANSTUDY_REPLICAS": replicas, "GANSTUDY_RAY_RETRIES": ray_retries}


@pytest.mark.parametrize(("name", "setting"), NUMBERS.items())
@pytest.mark.parametrize("given", ["1", "3", "640"])
def test_numbers_can_be_given(
    given: str, name: str, setting: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, given)
    assert setting() == int(given)


@pytest.mark.parametrize(("name", "setting"), NUMBERS.items())
@pytest.mark.parametrize("given", ["0", "-1", "1.5", "two", "", " ", "²"])
def test_anything_else_is_refused_in_the_users_words(
    given: str, name: str, setting: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, given)
    if (name, given) == ("GANSTUDY_RAY_RETRIES", "0"):
        assert setting() == 0
    else:
        with pytest.raises(UserError, match=f"^{name}: found '{given}'; give a number of .*, at least [01]$"):
            setting()


def test_another_device_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_another_engine_can_be_given_if_there_is_such_a_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDY_ENGINE", "ray")
    assert engine() == "ray"
    monkeypatch.setenv("GANSTUDY_ENGINE", "steam")
    with pytest.raises(UserError, match=r"^GANSTUDY_ENGINE: found 'steam'; give local or ray$"):
        engine()


def test_a_shard_on_a_gpu_has_one_of_its_own_or_the_share_that_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GANSTUDY_RAY_GPUS", raising=False)
    monkeypatch.setenv("GANSTUDY_DEVICE", "cuda")
    assert ray_gpus() == 1
    monkeypatch.setenv("GANSTUDY_RAY_GPUS", "0.25")
    assert ray_gpus() == 0.25
    monkeypatch.setenv("GANSTUDY_DEVICE", "cpu")
    assert ray_gpus() == 0


@pytest.mark.parametrize("given", ["0", "-1", "1.5", "2", "half", "", "nan"])
def test_a_share_of_a_gpu_is_a_share(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDY_DEVICE", "cuda")
    monkeypatch.setenv("GANSTUDY_RAY_GPUS", given)
    with pytest.raises(UserError, match=f"^GANSTUDY_RAY_GPUS: found '{given}'; give a share of a GPU, above"):
        ray_gpus()


def test_a_cluster_is_known_by_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    for given in ("", "10.0.0.1:6379", "auto"):
        monkeypatch.setenv("RAY_ADDRESS", given)
        assert ray_address() == (given or None)
    monkeypatch.setenv("RAY_ADDRESS", "ray://10.0.0.1:10001")
    with pytest.raises(UserError, match=r"^RAY_ADDRESS: found 'ray://10.0.0.1:10001'; .* give HOST:PORT or "):
        ray_address()
