"""From a clock to the pieces that are drawn: merged, cut at now, folded in the middle, measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from django.utils.translation import gettext, ngettext, pgettext

from plans.pictures.clockview import CLOSED, COUNTED, HOLIDAY, PAUSED, SPECIAL, ClockView, Stretch

FOLDED, LATE, OPEN_END = "folded", "late", "open_end"
MOST = 7
SATURDAY = 5
MOST_OF_A_DAY = timedelta(hours=12)
LONGEST_NIGHT = timedelta(hours=16)
SKIPPED = (CLOSED, HOLIDAY, SPECIAL, PAUSED)


@dataclass(frozen=True)
class Piece:
    """One drawn piece: a stretch and, for counted ones, how much of it is used.

    ``used`` is a share from 0 to 1; ``inner`` counts the stretches a fold stands for.
    """

    kind: str
    start: datetime
    end: datetime
    seconds: int = 0
    name: str = ""
    used: float = 0.0
    inner: int = 0

    @property
    def wall_seconds(self) -> int:
        """Seconds on the wall between its two ends."""
        return int((self.end - self.start).total_seconds())


def cut_of(clock: ClockView, now: datetime) -> datetime | None:
    """The instant up to which time is used: the answer, else now; None before submitting."""
    if clock.state == "preview":
        return None
    return clock.met_at or (clock.paused_since if clock.state == "paused" else None) or now


def pieces_of(clock: ClockView, now: datetime, *, fold: bool = True) -> list[Piece]:
    """The pieces from start to due and beyond, at most seven and what follows the due instant."""
    stretches = merged(clock.explanation)
    if clock.state == "paused" and clock.paused_since:
        stretches = _with_open_pause(stretches, clock, now)
    cut = cut_of(clock, now)
    pieces = [_piece(stretch, cut) for stretch in stretches]
    if clock.state == "paused" and clock.remaining_seconds:
        last = pieces[-1].end if pieces else now
        pieces.append(Piece(COUNTED, last, last, clock.remaining_seconds, name=OPEN_END))
    if fold:
        pieces = folded(pieces, cut)
    return pieces + _late(clock, now)


def merged(stretches: tuple[Stretch, ...]) -> list[Stretch]:
    """Neighbours of one kind become one; two holidays in a row stay two, because their names differ."""
    result: list[Stretch] = []
    for stretch in stretches:
        before = result[-1] if result else None
        if before and _joins(before, stretch):
            name = before.name if before.name == stretch.name else before.name or stretch.name
            result[-1] = replace(before, end=stretch.end, seconds=before.seconds + stretch.seconds, name=name)
        else:
            result.append(stretch)
    return result


def _joins(before: Stretch, after: Stretch) -> bool:
    same = before.kind == after.kind and before.end == after.start
    return same and (before.kind not in (HOLIDAY, SPECIAL) or before.name == after.name)


def _with_open_pause(stretches: list[Stretch], clock: ClockView, now: datetime) -> list[Stretch]:
    """The pause that is still open, drawn up to now, after what was counted before it."""
    since = clock.paused_since or now
    before = [s if s.end <= since else _clipped(s, since) for s in stretches if s.start < since]
    if now <= since:
        return before
    return merged((*before, Stretch(since, now, PAUSED, name=clock.pause_reason)))


def _clipped(stretch: Stretch, at: datetime) -> Stretch:
    share = (at - stretch.start) / (stretch.end - stretch.start)
    return replace(stretch, end=at, seconds=round(stretch.seconds * share))


def _piece(stretch: Stretch, cut: datetime | None) -> Piece:
    used = 0.0
    if cut is not None and stretch.end > stretch.start:
        used = min(1.0, max(0.0, (cut - stretch.start) / (stretch.end - stretch.start)))
    return Piece(stretch.kind, stretch.start, stretch.end, stretch.seconds, stretch.name, used)


def _late(clock: ClockView, now: datetime) -> list[Piece]:
    """What follows the due instant of a missed clock, up to the answer or to now."""
    if clock.state != "missed" or clock.due_at is None:
        return []
    end = clock.met_at or now
    if end <= clock.due_at:
        return []
    over = clock.over_seconds
    return [
        Piece(LATE, clock.due_at, end, int((end - clock.due_at).total_seconds()) if over is None else over)
    ]


def folded(pieces: list[Piece], cut: datetime | None) -> list[Piece]:
    """At most seven: both ends stay, and the counted piece that now stands in; the rest is one fold."""
    if len(pieces) <= MOST:
        return pieces
    last = len(pieces) - 1
    inside = next((i for i, p in enumerate(pieces) if cut and p.start <= cut < p.end), None)
    if inside is None or inside <= 2 or inside >= last - 2:
        keep = {0, 1, 2, last - 2, last - 1, last}
    else:
        keep = {0, 1, inside, last - 1, last}
    result: list[Piece] = []
    for index, piece in enumerate(pieces):
        if index in keep:
            result.append(piece)
        elif result and result[-1].kind == FOLDED:
            result[-1] = _folded_on(result[-1], piece)
        else:
            result.append(_folded_on(Piece(FOLDED, piece.start, piece.start), piece))
    return result


def _folded_on(fold: Piece, piece: Piece) -> Piece:
    skipped = piece.kind in SKIPPED
    return replace(fold, end=piece.end, seconds=fold.seconds + piece.seconds, inner=fold.inner + skipped)


def is_weekend(stretch: Stretch | Piece, zone: tzinfo) -> bool:
    """Whether a closed stretch holds most of a Saturday or Sunday of the contract's zone, up to its end.

    Most of it and not all: who asks on a Sunday at one finds the weekend closed as well.
    """
    day = stretch.start.astimezone(zone).date()
    last = stretch.end.astimezone(zone).date()
    while day < last:
        opens = datetime.combine(day, datetime.min.time(), zone)
        closes = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
        inside = closes - max(opens, stretch.start)
        if day.weekday() >= SATURDAY and closes <= stretch.end and inside >= MOST_OF_A_DAY:
            return True
        day += timedelta(days=1)
    return False


def is_overnight(stretch: Stretch | Piece, zone: tzinfo) -> bool:
    """Whether a closed stretch runs from one date into the next in the contract's zone, and is a night's."""
    first, last = stretch.start.astimezone(zone), (stretch.end - timedelta(seconds=1)).astimezone(zone)
    is_night = first.weekday() < SATURDAY or stretch.end - stretch.start <= LONGEST_NIGHT
    return is_night and (last.date() - first.date()).days == 1


def short_name(piece: Piece, zone: tzinfo) -> str:
    """The word above a piece that is not counted."""
    if piece.kind == FOLDED:
        return ngettext("%(count)d more night", "%(count)d more nights and weekends", piece.inner) % {
            "count": piece.inner
        }
    if piece.kind == PAUSED:
        return gettext("Paused")
    if piece.kind in (HOLIDAY, SPECIAL) and piece.name:
        return piece.name
    if piece.kind == HOLIDAY:
        return gettext("Holiday")
    return gettext("Weekend") if is_weekend(piece, zone) else pgettext("hours", "Closed")


def reason(stretch: Stretch | Piece, clock: ClockView) -> str:
    """Why a stretch is or is not counted, in words."""
    if stretch.kind == COUNTED:
        return _why_counted(stretch, clock)
    if stretch.kind == PAUSED:
        return stretch.name or clock.pause_reason or gettext("Waiting for you")
    if stretch.kind == HOLIDAY:
        return gettext("%(name)s, a holiday in your contract") % {"name": stretch.name or gettext("Holiday")}
    if stretch.kind == SPECIAL:
        return stretch.name or gettext("A day with hours of its own")
    if is_weekend(stretch, clock.zone):
        return gettext("Closed for the weekend")
    return gettext("Closed overnight") if is_overnight(stretch, clock.zone) else pgettext("hours", "Closed")


def _why_counted(stretch: Stretch | Piece, clock: ClockView) -> str:
    if clock.counting == "elapsed":
        return gettext("Counted on the wall, open or not")
    if stretch.name and len({s.name for s in clock.explanation if s.kind == COUNTED}) > 1:
        return gettext("Support open: %(calendar)s") % {"calendar": stretch.name}
    return gettext("Support open")


def clock_changes(start: datetime, end: datetime, zone: tzinfo) -> list[tuple[datetime, int]]:
    """Instants inside ``(start, end)`` at which the zone's clocks change, and by how many seconds."""
    changes = []
    at, end = start.astimezone(UTC), end.astimezone(UTC)  # plain seconds, not wall time
    while at < end:
        after = min(at + timedelta(days=1), end)
        shift = _shift(after, zone) - _shift(at, zone)
        if shift:
            changes.append((_change_between(at, after, zone), int(shift.total_seconds())))
        at = after
    return changes


def _shift(at: datetime, zone: tzinfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _change_between(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    before = _shift(low, zone)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if _shift(middle, zone) == before else (low, middle)
    return high.replace(microsecond=0)


def change_words(shift: int) -> str:
    """What a change of clocks does to its day."""
    hours = 24 - shift / 3600
    day = f"{hours:g}"
    if shift < 0:
        return gettext("clocks go back, a day of %(hours)s h") % {"hours": day}
    return gettext("clocks go forward, a day of %(hours)s h") % {"hours": day}
