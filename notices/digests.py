"""One mail instead of many: what the scheduler found late, and what waits for its reader's daily digest.

After an outage a person gets one list, not a mail for each missed minute. What people wrote is never
swallowed by it unless its reader wants a daily digest of it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from notices.enums import NoticeState
from notices.locks import DIGESTS
from notices.models import Notice
from notices.rendering import DIGEST

# A fact of the scheduler that is older than this when it is handed over is told with the others like it.
LATE = timedelta(minutes=15)
# What another sender has claimed, for five minutes, and not tried is told in the same list, not in a second.
CLAIMED = timedelta(minutes=6)
# And no digest follows another sooner than this: a sweep that still catches up does not send one a batch.
APART = timedelta(minutes=15)


def gather(going: list[Notice], at: datetime) -> list[Notice]:
    """What of a claimed batch goes by itself now; the rest is told in digests, which are queued here.

    A digest that is in the batch takes in what waits for its reader meanwhile.
    """
    digests = {notice.recipient_key: notice for notice in going if notice.event == DIGEST}
    for_digest = [notice for notice in going if notice.event != DIGEST and _is_for_digest(notice, at)]
    people = {notice.recipient_key for notice in for_digest} | set(digests)
    if not people:
        return going
    by_itself = [notice for notice in going if notice not in for_digest]
    with transaction.atomic():
        _lock(people)
        parts = _held(for_digest, people, at)
        digests = _open_digests(people, at) | digests
        soonest = _soonest(people - set(digests), at)
        for person, rows in parts.items():
            when = soonest.get(person, at)
            if person in digests:
                _mark(rows, digests[person])
            elif when > at:
                Notice.objects.filter(pk__in=[row.pk for row in rows]).update(next_try_at=when)
            elif len(rows) > 1:
                _mark(rows, _queued(rows, at))
            else:
                by_itself += [notice for notice in for_digest if notice.pk == rows[0].pk]
    return by_itself


def _lock(people: set[str]) -> None:
    """Let one sender at a time decide on these people's digests: to the end of the transaction.

    Else two that look at once both see no digest, and a person gets two. Always in the same order, before any
    row is locked.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(person)) FROM unnest(%s::text[]) AS person",
            [DIGESTS, sorted(people)],
        )


def _is_for_digest(notice: Notice, at: datetime) -> bool:
    return notice.for_digest or is_late(notice, at)


def is_late(notice: Notice, at: datetime) -> bool:
    """Whether the scheduler found it so late that it is told with the others like it."""
    return notice.happened_at is not None and notice.happened_at < at - LATE


def _held(claimed: list[Notice], people: set[str], at: datetime) -> dict[str, list[Notice]]:
    """The claimed ones and all else that is due for these people's digests, locked, by person.

    So is what another sender has claimed, up to its first try: then it finds that the row is not its own any
    more. What it holds locked is left to it.
    """
    claims = {notice.pk: notice.next_try_at for notice in claimed}
    waiting = Notice.objects.filter(state=NoticeState.WAITING).exclude(event=DIGEST)
    theirs = Q(recipient_key__in=people) & (
        Q(next_try_at__lte=at) | Q(tries=0, next_try_at__lte=at + CLAIMED)
    )
    rows = waiting.filter(theirs | Q(pk__in=claims))
    found: dict[str, list[Notice]] = defaultdict(list)
    for row in rows.select_for_update(skip_locked=True).order_by("pk"):
        is_mine = claims.get(row.pk) == row.next_try_at
        if is_mine or (row.pk not in claims and _is_for_digest(row, at)):
            found[row.recipient_key].append(row)
    return found


def _open_digests(people: set[str], at: datetime) -> dict[str, Notice]:
    """Digests that wait and that nobody is handing over: they take further parts. Locked, by person."""
    rows = Notice.objects.due(at).filter(recipient_key__in=people, event=DIGEST)
    return {row.recipient_key: row for row in rows.select_for_update(skip_locked=True)}


def _soonest(people: set[str], at: datetime) -> dict[str, datetime]:
    """The earliest instant of a further digest for those who got one lately or for whom one waits."""
    rows = Notice.objects.filter(recipient_key__in=people, event=DIGEST)
    sent = rows.filter(state=NoticeState.SENT, sent_at__gt=at - APART)
    found = {row.recipient_key: (row.sent_at or at) + APART for row in sent.order_by("sent_at")}
    return found | {row.recipient_key: row.next_try_at for row in rows.filter(state=NoticeState.WAITING)}


def _queued(parts: list[Notice], at: datetime) -> Notice:
    """The digest of these notices, waiting; one row however many senders find them."""
    newest = parts[-1]
    return Notice.objects.create(
        key=f"{DIGEST}:{parts[0].pk}:{newest.recipient_key}",
        event=DIGEST,
        to_email=newest.to_email,
        recipient_key=newest.recipient_key,
        language=newest.language,
        time_zone=newest.time_zone,
        message_id=f"<{uuid.uuid4()}@{settings.MAIL_DOMAIN}>",
        created_at=at,
        next_try_at=at,
    )


def _mark(parts: list[Notice], digest: Notice) -> None:
    rows = Notice.objects.filter(pk__in=[part.pk for part in parts], state=NoticeState.WAITING)
    rows.update(state=NoticeState.DIGESTED, digest=digest)
