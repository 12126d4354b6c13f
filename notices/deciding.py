"""What becomes of a claimed batch: what goes now and how, what is stopped, put off, or told in a digest.

Decided at the moment of sending, because that is when it counts: who may still see it, what its reader
prefers, and how much else waits for them. A batch costs the same number of queries whatever its size.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from notices.bounces import standing_bounces
from notices.checks import Verdict, verdicts
from notices.digests import gather, is_late
from notices.enums import How, NoticeState, Stop
from notices.models import Notice
from notices.preferences import choices_of_all, next_daily
from notices.rendering import DIGEST, SAYS_NOTHING, UNVERIFIED, Part

# In an hour a person gets at most this many mails of what the scheduler finds; the rest comes as a digest.
MOST_AN_HOUR = 30
# And an address that nobody has proven at most this many mails at all: anybody may write it into a form.
MOST_BARE_AN_HOUR = 3


@dataclass
class Ready:
    """A notice to be handed over now. ``earlier`` is the Message-ID before it in its reader's thread."""

    notice: Notice
    earlier: str = ""
    parts: Sequence[Part] = ()
    is_done: bool = False


def decide(claimed: Sequence[Notice], at: datetime) -> list[Ready]:
    """What of a claimed batch is to be handed over now; of all else it is noted what became of it."""
    waiting = [notice for notice in claimed if notice.state == NoticeState.WAITING]
    if not waiting:
        return []
    wished = choices_of_all(notice.recipient_key for notice in waiting)
    going = _allowed(waiting, verdicts(waiting, at), wished)
    going = _not_put_off(going, wished, at)
    going = gather(going, at)
    # Read last: a digest may just have taken in more.
    parts = _parts_of([notice for notice in going if notice.event == DIGEST])
    said = verdicts([part for row in parts.values() for part in row], at)
    return _ready(going, {pk: _told(row, said, wished) for pk, row in parts.items()})


def _parts_of(digests: list[Notice]) -> dict[int, list[Notice]]:
    found: dict[int, list[Notice]] = {notice.pk: [] for notice in digests}
    if digests:
        for part in Notice.objects.filter(digest__in=found, state=NoticeState.DIGESTED).order_by("pk"):
            found[part.digest_id or 0].append(part)
    return found


def _allowed(
    waiting: list[Notice], said: dict[int, Verdict], wished: dict[tuple[str, str], How]
) -> list[Notice]:
    """Those that may go, with their address and bareness; the others are noted with the reason."""
    stopped: dict[Stop, list[int]] = defaultdict(list)
    going = []
    for notice in waiting:
        verdict = said[notice.pk]
        notice.to_email = verdict.email or notice.to_email
        notice.is_bare = verdict.is_bare and notice.event not in SAYS_NOTHING
        if why := _why_not(notice, verdict, wished):
            stopped[why].append(notice.pk)
        else:
            going.append(notice)
    dead = standing_bounces(notice.to_email for notice in going)
    stopped[Stop.COMES_BACK] += [notice.pk for notice in going if notice.to_email.lower() in dead]
    for why, keys in stopped.items():
        note_stop(keys, why)
    return [notice for notice in going if notice.to_email.lower() not in dead]


def _why_not(notice: Notice, verdict: Verdict, wished: dict[tuple[str, str], How]) -> Stop | None:
    if verdict.stop:
        return verdict.stop
    unwanted = wished.get((notice.recipient_key, notice.kind)) == How.NEVER
    return Stop.NOT_WANTED if unwanted else None


def note_stop(keys: list[int], why: Stop) -> None:
    """Note that these will not go, and why."""
    if keys:
        state = NoticeState.UNDELIVERABLE if why == Stop.COMES_BACK else NoticeState.UNWANTED
        rows = Notice.objects.filter(pk__in=keys, state__in=(NoticeState.WAITING, NoticeState.DIGESTED))
        rows.update(state=state, last_error=why)


def _not_put_off(going: list[Notice], wished: dict[tuple[str, str], How], at: datetime) -> list[Notice]:
    """Without those that wait for a daily digest, or go beyond what a person gets in an hour.

    What an outage left is one list at once, and uses up nothing of that measure.
    """
    got = _sent_lately(going, at)
    late = Counter(notice.recipient_key for notice in going if is_late(notice, at))
    now, later = [], []
    for notice in going:
        if notice.for_digest or notice.event == DIGEST:
            now.append(notice)
        elif wished.get((notice.recipient_key, notice.kind)) == How.DIGEST:
            notice.next_try_at = next_daily(at, notice.time_zone)
            later.append(notice)
        elif is_late(notice, at) and late[notice.recipient_key] > 1 and not _is_open_to_all(notice):
            now.append(notice)
        elif _is_too_many(notice, got):
            notice.next_try_at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            later.append(notice)
        else:
            now.append(notice)
    for notice in later:
        notice.for_digest = True
    Notice.objects.bulk_update(later, ["for_digest", "next_try_at"])
    return now


def _sent_lately(going: list[Notice], at: datetime) -> Counter[tuple[str, bool]]:
    """How many mails each person got in the hour before: bare ones, and those of the scheduler."""
    people = {notice.recipient_key for notice in going if _is_counted(notice)}
    found: Counter[tuple[str, bool]] = Counter()
    if people:
        rows = Notice.objects.filter(
            Q(is_bare=True) | Q(event=UNVERIFIED) | Q(happened_at__isnull=False),
            recipient_key__in=people,
            state=NoticeState.SENT,
            sent_at__gt=at - timedelta(hours=1),
        )
        for notice in rows.only("recipient_key", "is_bare", "event", "happened_at"):
            found[notice.recipient_key, _is_open_to_all(notice)] += 1
    return found


def _is_counted(notice: Notice) -> bool:
    return _is_open_to_all(notice) or notice.happened_at is not None


def _is_open_to_all(notice: Notice) -> bool:
    """Whether anybody could have this mail sent to any address, by asking us something in its name."""
    return notice.is_bare or notice.event == UNVERIFIED


def _is_too_many(notice: Notice, got: Counter[tuple[str, bool]]) -> bool:
    """Whether this one goes beyond the hour's measure; counts it where it does not."""
    if not _is_counted(notice):
        return False
    measure = (notice.recipient_key, _is_open_to_all(notice))
    if got[measure] >= (MOST_BARE_AN_HOUR if measure[1] else MOST_AN_HOUR):
        return True
    got[measure] += 1
    return False


def _told(parts: list[Notice], said: dict[int, Verdict], wished: dict[tuple[str, str], How]) -> list[Part]:
    """The parts of a digest that may be told still, by their instants."""
    for part in parts:
        if why := _why_not(part, said[part.pk], wished):
            note_stop([part.pk], why)
    kept = [part for part in parts if not _why_not(part, said[part.pk], wished)]
    kept.sort(key=lambda part: (part.happened_at or part.created_at, part.pk))
    return [Part(part, said[part.pk].is_bare and part.event not in SAYS_NOTHING) for part in kept]


def _ready(going: list[Notice], told: dict[int, list[Part]]) -> list[Ready]:
    empty = [notice.pk for notice in going if notice.event == DIGEST and not told.get(notice.pk)]
    note_stop(empty, Stop.NOT_VISIBLE)
    before = _earlier(going)
    return [
        Ready(notice, before.get(notice.pk, ""), told.get(notice.pk, ()))
        for notice in going
        if notice.pk not in empty
    ]


def _earlier(going: list[Notice]) -> dict[int, str]:
    """The newest mail before each, to the same person in the same thread: what it answers to."""
    mine = Notice.objects.filter(
        recipient_key=OuterRef("recipient_key"),
        in_reply_to=OuterRef("in_reply_to"),
        state=NoticeState.SENT,
        pk__lt=OuterRef("pk"),
    )
    threaded = [notice.pk for notice in going if notice.in_reply_to]
    rows = Notice.objects.filter(pk__in=threaded).exclude(in_reply_to="")
    found = rows.annotate(earlier=Subquery(mine.order_by("-pk").values("message_id")[:1]))
    return {pk: earlier for pk, earlier in found.values_list("pk", "earlier") if earlier}
