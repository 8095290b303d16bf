"""Sharing any work out over worker processes."""

import multiprocessing
import os
from collections.abc import Iterator

import chores
import pytest

from ganstudy.core.errors import UserError
from ganstudy.execution.process_pool import pool_gather, pool_map


@pytest.fixture(autouse=True)
def _nobody_is_left() -> Iterator[None]:
    """However the work ended."""
    yield
    assert multiprocessing.active_children() == []


def test_every_result_comes_home_from_as_many_workers_as_are_let() -> None:
    told: list[tuple[int, dict[str, float]]] = []
    found = list(
        pool_map(chores.square, [(x,) for x in range(7)], 2, "ours", lambda *news: told.append(news))
    )
    assert sorted(result for _, result in found) == [0, 1, 4, 9, 16, 25, 36]
    assert sorted(told) == [(x, {"D": 0.5}) for x in range(7)]
    processes = {process for process, _ in found}
    assert len(processes) <= 2
    assert os.getpid() not in processes


def test_results_come_as_they_are_ready() -> None:
    assert list(pool_map(chores.nap, [(3.0,), (0.0,)], 2, "ours")) == [0.0, 3.0]


def test_without_jobs_nobody_is_asked() -> None:
    assert list(pool_map(chores.square, [], 2, "ours")) == []


def test_who_stops_listening_leaves_nobody_at_work() -> None:
    results = pool_map(chores.nap, [(0.0,), (600.0,)], 2, "ours")
    assert next(results) == 0.0
    assert multiprocessing.active_children()
    results.close()


def test_a_users_mistake_comes_home_as_it_is() -> None:
    with pytest.raises(UserError) as error:
        list(pool_map(chores.mistake, [(1,), (2,), (3,)], 1, "ours"))
    assert str(error.value) == "correct line 2"
    assert not hasattr(error.value, "__notes__")


def test_an_error_comes_home_with_the_place_where_it_happened() -> None:
    with pytest.raises(ZeroDivisionError) as error:
        list(pool_map(chores.fault, [(0,)], 1, "ours"))
    (note,) = error.value.__notes__
    assert note.startswith("In a worker:\nTraceback")
    assert "chores.py" in note


def test_a_result_that_cannot_travel_is_an_error_and_no_dead_worker() -> None:
    with pytest.raises(Exception, match="pickle") as error:
        list(pool_map(chores.unspeakable, [()], 1, "ours"))
    assert not isinstance(error.value, UserError)


def test_a_single_job_is_done_here() -> None:
    assert pool_gather(chores.square, [(3,)], "ours") == [(os.getpid(), 9)]
    with pytest.raises(UserError, match="correct line 2"):
        pool_gather(chores.mistake, [(2,)], "ours")


def test_several_jobs_are_gathered_from_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDY_WORKERS", "2")
    found = pool_gather(chores.square, [(x,) for x in range(3)], "ours")
    assert sorted(result for _, result in found) == [0, 1, 4]
    assert os.getpid() not in {process for process, _ in found}


def test_no_jobs_are_gathered_from_nobody() -> None:
    assert pool_gather(chores.square, [], "ours") == []
