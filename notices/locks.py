"""One process at a time, whatever its machine: advisory locks of the database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper

MIGRATING = 5_370_611
# The first half of a pair: the second one names a person.
DIGESTS = 5_370_612
PAUSE_SECONDS = 0.2


@contextmanager
def alone(lock: int) -> Iterator[None]:
    """Wait until nobody else holds the lock, and hold it. It goes with the process, however that ends.

    Asked for again and again: a session that waits inside the database for a lock holds a snapshot, and an
    index that is built CONCURRENTLY by whoever has the lock would wait for that in turn.
    """
    with connection.cursor() as cursor:
        while not _is_taken(cursor, lock):
            time.sleep(PAUSE_SECONDS)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def _is_taken(cursor: CursorWrapper, lock: int) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
    return bool(cursor.fetchone()[0])
