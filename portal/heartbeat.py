"""Whether background jobs do work, as seen from outside their processes: by the sweep's heartbeat.

A cluster of django-q2 can be frozen while all its processes look alive, and its scheduler can be stopped, by
a row it can't read or a clock that was moved back. So when the last beat is older than it should be, a sweep
is asked for here too; and where still none ends, the cluster is to be killed. The beat is the database's: of
several clusters each is looked at by itself too (``portal.standstill``).
"""

from __future__ import annotations

import logging
import os
import time

import psycopg
from django.db import DatabaseError, connection, connections
from django_q.tasks import async_task

from portal.standstill import Standstill
from portal.supervisor import Part

logger = logging.getLogger(__name__)
SWEEP = "tickets.tasks.run_sweep"
# The scheduler asks for a sweep every minute, and up to half a minute late.
ASK_AFTER_SECONDS = 20.0
# Since the last sweep ended: then two sweeps have been asked for in vain.
SILENCE_SECONDS = float(os.environ.get("HEARTBEAT_SECONDS") or 50)
MOST_DOUBLINGS = 2
CHILDREN_SECONDS = 30.0


class Heartbeat:
    """What the supervisor asks about the background jobs of one cluster."""

    def __init__(self) -> None:
        self.expected_since = self.asked = time.monotonic()
        self.silent_starts = 0
        self.standstill = Standstill()

    def fault(self, jobs: Part) -> str | None:
        """Why the cluster must be killed, if it must. Asks for a sweep where the last one is a while ago."""
        processes = jobs.processes()
        if jobs.running_for() > CHILDREN_SECONDS and len(processes) < 2:
            return "have lost all their workers"
        age = heartbeat_age()
        if age is None:
            # Nobody can beat while the database is away: the time starts again afterwards.
            self.expected_since = time.monotonic()
            self.standstill.forget()
            return None
        if jobs.process and (reason := self.standstill.fault(jobs.process.pid, processes)):
            return reason
        self._ask_for_sweep(age)
        if age < jobs.running_for():
            self.silent_starts = 0
        silence = min(age, jobs.running_for(), time.monotonic() - self.expected_since)
        # A machine on which the start itself takes so long gets more time for the next one.
        if silence <= SILENCE_SECONDS * 2 ** min(self.silent_starts, MOST_DOUBLINGS):
            return None
        if age > jobs.running_for():
            self.silent_starts += 1
        return f"have not finished a sweep for {silence:.0f} s"

    def _ask_for_sweep(self, age: float) -> None:
        if min(age, time.monotonic() - self.asked) < ASK_AFTER_SECONDS:
            return
        self.asked = time.monotonic()
        try:
            async_task(SWEEP)
        except DatabaseError as error:
            logger.warning("no sweep could be asked for: %s", error)
        finally:
            connections.close_all()


def heartbeat_age() -> float | None:
    """Seconds since the last sweep ended, by the database's clock: infinite without one, None if unknown."""
    parameters = connection.get_connection_params()
    parameters |= {"connect_timeout": 3, "options": "-c statement_timeout=3000"}
    query = "SELECT extract(epoch FROM now() - max(beat_at)) FROM notices_heartbeat"
    try:
        with psycopg.connect(**parameters) as database:
            row = database.execute(query).fetchone()
    except psycopg.Error:
        return None
    return float("inf") if row is None or row[0] is None else float(row[0])
