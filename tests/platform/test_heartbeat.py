"""What the supervisor sees of the background jobs: the age of the last sweep, and what it does about it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from notices.models import Heartbeat as Beat
from portal.heartbeat import SILENCE_SECONDS, SWEEP, Heartbeat
from portal.supervisor import Part
from tests.platform.test_supervisor import FAMILY
from tests.platform.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Part]:
    """A main process with a child, that seems to run for two hours."""
    part = Part("jobs", [sys.executable, "-c", FAMILY, "stand-in"], ("stand-in",), tmp_path / "jobs.json")
    part.start()
    until(lambda: len(part.processes()) == 2, "main process and child")
    part.started -= 7200
    yield part
    part.kill()


@pytest.fixture
def watch() -> Heartbeat:
    """One that has looked for two hours too."""
    found = Heartbeat()
    found.expected_since = found.asked = time.monotonic() - 7200
    return found


def beat(seconds: float) -> None:
    Beat.objects.update_or_create(
        name="sweep", defaults={"beat_at": timezone.now() - timedelta(seconds=seconds)}
    )


def asked_for() -> list[str]:
    return [row.func() for row in OrmQ.objects.all()]


def test_a_sweep_is_asked_for_where_the_last_is_a_while_ago(watch, jobs) -> None:
    beat(5)
    assert watch.fault(jobs) is None
    assert asked_for() == []
    beat(30)
    assert watch.fault(jobs) is None
    assert asked_for() == [SWEEP]
    assert watch.fault(jobs) is None
    assert len(asked_for()) == 1, "not with every look"


def test_silence_is_a_fault_within_a_minute(watch, jobs) -> None:
    assert SILENCE_SECONDS < 60
    beat(SILENCE_SECONDS + 5)
    assert "have not finished a sweep for" in str(watch.fault(jobs))


def test_a_start_that_is_slow_gets_more_time_the_next_time(watch, jobs) -> None:
    jobs.started = time.monotonic() - SILENCE_SECONDS - 5
    assert watch.fault(jobs), "no sweep since the start, nor before"
    assert watch.fault(jobs) is None
    jobs.started -= SILENCE_SECONDS
    assert watch.fault(jobs)
    beat(1)
    assert watch.fault(jobs) is None
    beat(SILENCE_SECONDS + 5)
    assert watch.fault(jobs), "it had worked since: no more time than the first"
