"""A small run of the fault trials: two job clusters, four kills, nothing lost and nothing twice.

The long one is ``make faults``.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_q.tasks import async_task

from portal.embedded.state import free_port
from portal.heartbeat import SWEEP
from tests.faults import rows
from tests.faults.clusters import Cluster
from tests.faults.sink import Sink
from tests.platform.waiting import until

ASK_SECONDS = 2.0

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink(free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def clusters(tmp_path: Path, sink: Sink) -> Iterator[list[Cluster]]:
    """Starts with what is due: so the test makes its rows, and then appends."""
    started: list[Cluster] = []
    yield started
    for cluster in started:
        cluster.end()


def environment(sink: Sink) -> dict[str, str]:
    """The same key and database on both machines: those of this test."""
    parts = connection.settings_dict
    where = f"{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    return {
        "DATABASE_URL": f"postgres://{parts['USER']}:{parts['PASSWORD']}@{where}",
        "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "on",
        "HTTPS": "off",
        "KEPT_TEST": "1",
        "EMAIL_URL": sink.url,
    }


def is_recorded(due: rows.Due, asked: list[float]) -> bool:
    """Whether all is; else asks for a sweep, as the supervisor does (tests/platform), only sooner."""
    if set(rows.recorded()) >= due.facts:
        return True
    if not asked or time.monotonic() - asked[-1] > ASK_SECONDS:
        asked.append(time.monotonic())
        async_task(SWEEP)
    return False


def test_four_kills_lose_nothing_and_record_nothing_twice(tmp_path, sink, clusters) -> None:
    drawn = random.Random(4)
    due = rows.fill(timezone.now().replace(microsecond=0), 60, seconds=5, overdue_days=1)
    for name in ("one", "two"):
        clusters.append(Cluster(tmp_path / name, environment(sink)))
    until(lambda: all(len(cluster.processes()) > 4 for cluster in clusters), "both clusters")
    for place in range(4):
        # The main process killed takes all with it: the supervisor begins them again first.
        until(lambda cluster=clusters[place % 2]: cluster.kill_one(drawn), "a process to kill")
        time.sleep(0.5)
    asked: list[float] = []
    until(lambda: is_recorded(due, asked), f"everything to be recorded\n{clusters[0].said()}")
    figures = rows.figures_of_record(due)
    assert not any(figures.values()), figures
    assert rows.early() == 0
    assert sum(count - 1 for count in sink.taken.values()) <= 4
