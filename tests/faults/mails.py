"""What became of a trial's notices: each is told once, by itself or in a digest, once its time has come.

Most of them wait at first: of what the scheduler finds a person gets 30 mails an hour, and of the rest a list
at the next full hour (decision 19).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from notices.enums import NoticeState
from notices.models import Notice
from notices.outbox import send_due

HOURS = 4


def hours_pass(at: datetime) -> None:
    """Let the sender look every quarter of an hour, until nothing waits or some hours are over."""
    for quarter in range(1, 4 * HOURS + 1):
        later = at + timedelta(minutes=15 * quarter, seconds=1)
        while send_due(later)["sent"]:
            pass
        if not Notice.objects.filter(state=NoticeState.WAITING).exists():
            return


def last() -> int:
    """The newest notice: what comes after it is the trial's."""
    return Notice.objects.order_by("-pk").values_list("pk", flat=True)[0]


def untold_before(instant: datetime) -> bool:
    """Whether anything waits to be told that the scheduler found late, of before ``instant``."""
    return Notice.objects.filter(state=NoticeState.WAITING, happened_at__lt=instant).exists()


def figures(after: int, began: datetime, taken: Counter[str]) -> dict[str, int]:
    """The outbox from the notice ``after`` on, against what the mail server took.

    ``notices_untold``: neither sent nor in a digest that was sent. ``told_in_two_ways``: in a digest, and by
    itself too. ``digests_of_outage``: the most that one person got of what happened before ``began``.
    """
    rows = list(Notice.objects.filter(pk__gt=after).select_related("digest"))
    sent = {row.message_id for row in rows if row.state == NoticeState.SENT}
    digested = [row for row in rows if row.state == NoticeState.DIGESTED]
    told = [row for row in digested if row.digest and row.digest.message_id in sent]
    of_outage = defaultdict(set)
    for row in told:
        if row.happened_at is not None and row.happened_at < began:
            of_outage[row.recipient_key].add(row.digest_id)
    return {
        "notices": len(rows),
        "mails": taken.total(),
        "told_in_digests": len(told),
        "digests": len({row.digest_id for row in told}),
        "digests_of_outage": max(map(len, of_outage.values()), default=0),
        "notices_untold": len(rows) - len(sent) - len(told),
        "told_in_two_ways": sum(row.message_id in taken for row in digested),
        "handed_over_twice": sum(count - 1 for count in taken.values()),
        "mails_unknown": len(set(taken) - {row.message_id for row in rows}),
        "mails_lost": len(sent - set(taken)),
        "parked_notices": sum(row.state == NoticeState.PARKED for row in rows),
    }
