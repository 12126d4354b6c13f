"""One process at a time."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from notices.locks import MIGRATING, alone
from tests.platform.waiting import until


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_the_lock_keeps_no_index_from_being_built() -> None:
    entered: list[str] = []
    asking = threading.Event()

    def second() -> None:
        asking.set()
        with alone(MIGRATING):
            entered.append("second")
        connection.close()

    other = threading.Thread(target=second)
    with connection.cursor() as cursor, alone(MIGRATING):
        other.start()
        asking.wait()
        until(lambda: _sessions() > 1, "the second to ask")
        cursor.execute("CREATE INDEX CONCURRENTLY kept_trial ON notices_heartbeat (beat_at)")
        cursor.execute("DROP INDEX kept_trial")
        assert entered == []
    other.join()
    assert entered == ["second"]


def _sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
