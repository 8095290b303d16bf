"""A tracking server on PostgreSQL, to which several machines mirror the same study at once."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from likeness import likeness
from servers import OWN, PATIENCE, Postgres, Server, serving, track, wait_until
from tiny_study import View, write_study

from ganstudy.results.study_results import Results

pytestmark = pytest.mark.slow

Study = Callable[..., Results]
MACHINES = 3
LOSSES, SEEDS = ["mse", "soft", "r3gan"], range(13)
RUNS = len(LOSSES) * (len(SEEDS) + 1) + 1
"""More than one process is to make."""


@pytest.fixture
def server(postgres: Postgres, tmp_path: Path) -> Iterator[Server]:
    """One that holds nothing, of two processes."""
    folder = tmp_path / "server"
    folder.mkdir()
    with serving(Server(folder, postgres.new_database(), workers=2)) as server:
        yield server


@pytest.fixture
def machines(study: Study, folder: Path) -> list[Path]:
    """Folders with the same study; the first is the current one."""
    study(LOSSES, SEEDS, diverges=lambda loss, seed: (loss, seed) == ("soft", 5))
    copies = [folder.with_name(f"machine {i}") for i in range(1, MACHINES)]
    for copy in copies:
        shutil.copytree(folder, copy)
    return [folder, *copies]


def track_at_once(machines: list[Path], server: Server) -> list[tuple[int, str]]:
    """How each ended, and what it said besides its bar."""
    started = [track(folder, server.uri, GANSTUDY_WORKERS="2") for folder in machines]
    said = [tracking.communicate(timeout=PATIENCE)[1] for tracking in started]
    rest = ["\n".join(text.strip().splitlines()[1:]) for text in said]
    return [(tracking.returncode, text) for tracking, text in zip(started, rest, strict=True)]


def test_machines_that_mirror_at_once_leave_what_one_would(
    machines: list[Path], server: Server, view: View
) -> None:
    assert track_at_once(machines, server) == [(0, "")] * MACHINES
    served = View(server.uri)
    prints = Counter(run.data.tags["fingerprint"] for run in served.all)
    assert len(prints) == RUNS
    assert set(prints.values()) == {1}
    assert Counter(run.info.status for run in served.all) == {"FINISHED": RUNS - 1, "FAILED": 1}

    ids = served.ids
    assert track_at_once(machines, server) == [(0, "")] * MACHINES
    assert served.ids == ids
    assert len(served.all) == RUNS

    with track(machines[0], OWN) as tracking:
        assert tracking.wait(PATIENCE) == 0
    assert likeness(served) == likeness(view)


def test_a_database_that_restarts_meanwhile_is_waited_for(
    machines: list[Path], server: Server, postgres: Postgres
) -> None:
    served = View(server.uri)
    with track(machines[0], server.uri, GANSTUDY_WORKERS="2") as tracking:
        wait_until(lambda: served.made > 5, "some runs are there")
        postgres.kill()
        postgres.start()
        _, said = tracking.communicate(timeout=PATIENCE)
    assert tracking.returncode == 0, said
    assert Counter(run.info.status for run in served.all) == {"FINISHED": RUNS - 1, "FAILED": 1}


def test_machines_with_different_results_come_to_an_end(
    machines: list[Path], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sees the other's runs as superseded; who mirrors alone afterwards has its own way."""
    monkeypatch.chdir(machines[1])
    write_study(["mse", "soft"], [1, 2])
    monkeypatch.chdir(machines[2])
    write_study(["soft", "r3gan"], [2, 3])
    pair = machines[1:3]
    assert track_at_once(pair, server) == [(0, "")] * 2
    assert track_at_once(pair[:1], server) == [(0, "")]
    served = View(server.uri)
    assert len(served.all) == 7 + 6
    cells = ["flat · mse", "flat · soft"]
    assert sorted(served.runs) == sorted(
        ["tiny", *cells, *(f"{cell} · seed {seed}" for cell in cells for seed in (1, 2))]
    )
    parents = {
        name: run.data.tags["mlflow.parentRunId"] for name, run in served.runs.items() if " · seed " in name
    }
    assert parents == {name: served.ids[name.rpartition(" · ")[0]] for name in parents}
