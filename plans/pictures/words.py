"""What the ribbon shows, as words: its title, the sum, and every stretch in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.utils.translation import gettext

from accounts import moments
from accounts.punctuation import mark
from plans.pictures.clockview import COUNTED, HOLIDAY, PAUSED, SPECIAL, ClockView, Stretch
from plans.pictures.stretches import change_words, clock_changes, cut_of, merged, reason

MINUTE = 60
MOST_PARTS = 4


@dataclass(frozen=True)
class Row:
    """One stretch in words. ``css`` names the sign that stands before it."""

    kind: str
    css: str
    when: str
    when_contract: str
    why: str
    length: str
    counted: str


@dataclass(frozen=True)
class Part:
    """One term of the sum: a length and what it is."""

    length: str
    words: str


def title(clock: ClockView, now: datetime, zone: tzinfo, language: str) -> str:
    """One sentence for those who do not see the picture."""
    due = moments.day_and_clock(clock.due_at, now, zone, language) if clock.due_at else ""
    start = moments.day_and_clock(clock.started_at, now, zone, language)
    values = {"label": clock.label, "start": start, "due": due}
    if clock.state == "paused":
        return gettext("%(label)s: started %(start)s, paused now, no due time while paused") % values
    if clock.met_at:
        values["met"] = moments.day_and_clock(clock.met_at, now, zone, language)
        if clock.state == "missed":
            return gettext("%(label)s: started %(start)s, due %(due)s, missed and answered %(met)s") % values
        return gettext("%(label)s: started %(start)s, due %(due)s, met %(met)s") % values
    if clock.state == "missed":
        return gettext("%(label)s: started %(start)s, due %(due)s, missed") % values
    return gettext("%(label)s: from %(start)s to %(due)s, stretch by stretch") % values


def stretch_rows(clock: ClockView, now: datetime, zone: tzinfo, language: str) -> list[Row]:
    """Every stretch, in order; the count of the last counted one equals the promise."""
    rows = []
    so_far = 0
    stretches = merged(clock.explanation)
    if clock.state == "paused" and clock.paused_since:
        stretches = _up_to_pause(stretches, clock, now)
    for stretch in stretches:
        so_far += stretch.seconds
        counted = stretch.kind == COUNTED
        rows.append(
            Row(
                kind=kind_word(stretch.kind),
                css=_css(stretch, clock, now),
                when=span(stretch.start, stretch.end, now, zone, language),
                when_contract=_contract_span(stretch, clock, now, zone, language),
                why=_why(stretch, clock, zone),
                length=moments.length(stretch.seconds if counted else stretch.wall_seconds, language),
                counted=moments.length(so_far, language) if counted else "—",
            )
        )
    return rows + list(_late_row(clock, now, zone, language))


def _up_to_pause(stretches: list[Stretch], clock: ClockView, now: datetime) -> list[Stretch]:
    """What was counted before the open pause, and the pause up to now."""
    since = clock.paused_since or now
    before = [s for s in stretches if s.end <= since]
    return [*before, Stretch(since, now, PAUSED, name=clock.pause_reason)] if now > since else before


def _late_row(clock: ClockView, now: datetime, zone: tzinfo, language: str) -> Iterator[Row]:
    if clock.state != "missed" or not clock.due_at:
        return
    end = clock.met_at or now
    if end <= clock.due_at:
        return
    seconds = int((end - clock.due_at).total_seconds()) if clock.over_seconds is None else clock.over_seconds
    late = Stretch(clock.due_at, end, COUNTED, seconds)
    yield Row(
        kind=gettext("Missed"),
        css="steps--late",
        when=span(clock.due_at, end, now, zone, language),
        when_contract=_contract_span(late, clock, now, zone, language),
        why=gettext("After the due time") if clock.met_at else gettext("After the due time, up to now"),
        length=moments.left(-max(seconds, 1), language),
        counted="—",
    )


def kind_word(kind: str) -> str:
    """Counted, not counted or paused."""
    return {COUNTED: gettext("Counted"), PAUSED: gettext("Paused")}.get(kind) or gettext("Not counted")


def _css(stretch: Stretch, clock: ClockView, now: datetime) -> str:
    if stretch.kind in (HOLIDAY, SPECIAL):
        return "steps--holiday"
    if stretch.kind == COUNTED:
        cut = cut_of(clock, now)
        return "steps--counted" if cut is not None and stretch.start < cut else "steps--counted steps--future"
    return "steps--paused" if stretch.kind == PAUSED else "steps--closed"


def _why(stretch: Stretch, clock: ClockView, zone: tzinfo) -> str:
    words = [reason(stretch, clock)]
    words += [change_words(shift) for _at, shift in clock_changes(stretch.start, stretch.end, zone)]
    return mark("; ").join(words)


def _contract_span(stretch: Stretch, clock: ClockView, now: datetime, zone: tzinfo, language: str) -> str:
    """The same stretch in the contract's zone, or nothing where the two read alike."""
    own = span(stretch.start, stretch.end, now, zone, language)
    theirs = span(stretch.start, stretch.end, now, clock.zone, language)
    return "" if own == theirs else theirs


def span(start: datetime, end: datetime, now: datetime, zone: tzinfo, language: str) -> str:
    """``Fri 27 Nov 14:20 – 20:00``; the end of a day is written 24:00."""
    day = moments.day(start, now, zone, language)
    first = f"{day} {moments.clock(start, zone)}"
    local_end = end.astimezone(zone)
    midnight = local_end.hour == local_end.minute == local_end.second == 0 and end > start
    last_day = (end - timedelta(seconds=1)) if midnight else end
    wall = "24:00" if midnight else moments.clock(end, zone)
    last = moments.day(last_day, now, zone, language)
    return f"{first} – {wall}" if last == day else f"{first} – {last} {wall}"


def sum_parts(clock: ClockView, now: datetime, zone: tzinfo, language: str) -> tuple[list[Part], Part] | None:
    """The terms of the sum and its result; None where nothing is promised or days are counted.

    Lengths are cut at common whole minutes, so that what is printed adds up. One term alone needs no sum.
    """
    if clock.counting == "days" or not clock.total_seconds:
        return None
    terms = [(seconds, words) for seconds, words in _terms(clock, now, zone, language) if seconds]
    if len(terms) > MOST_PARTS:
        terms = _gathered(terms, clock)
    parts, done, written = [], 0, 0
    for seconds, words in terms:
        done += seconds
        upto = done - done % MINUTE if done >= MINUTE else done
        parts.append(Part(moments.length(upto - written, language), words))
        written = upto
    if len(terms) < 2:
        return None
    total = Part(moments.length(clock.total_seconds, language), gettext("promised"))
    return parts, total


def _terms(clock: ClockView, now: datetime, zone: tzinfo, language: str) -> Iterator[tuple[int, str]]:
    """Counted seconds by stretch up to the cut, then what is left."""
    cut = cut_of(clock, now)
    used = 0
    for stretch in merged(clock.explanation):
        if stretch.kind != COUNTED:
            continue
        day = _day_word(stretch, now, zone, language)
        if cut is None:
            yield stretch.seconds, day
            continue
        share = min(1.0, max(0.0, (cut - stretch.start) / (stretch.end - stretch.start)))
        seconds = round(stretch.seconds * share)
        used += seconds
        still = 0 < share < 1 and clock.runs
        yield seconds, gettext("%(day)s so far") % {"day": day} if still else day
    if cut is not None:
        word = gettext("to spare") if clock.state == "met" else gettext("still to come")
        yield max(0, clock.total_seconds - used), word


def _day_word(stretch: Stretch, now: datetime, zone: tzinfo, language: str) -> str:
    near = moments.short_moment(stretch.start, now, zone, language)
    today = moments.writing(language).near[0]
    return today if near.startswith(today) else moments.weekday(stretch.start, zone, language)


def _gathered(terms: list[tuple[int, str]], clock: ClockView) -> list[tuple[int, str]]:
    """Many days become one term: counted so far, then what is left."""
    rest = clock.total_seconds - sum(s for s, _w in terms[:-1])
    if clock.state == "preview":
        return [(sum(s for s, _w in terms), gettext("over %(count)d stretches") % {"count": len(terms)})]
    counted = (sum(s for s, _w in terms[:-1]), gettext("counted"))
    return [counted, terms[-1]] if rest else [(sum(s for s, _w in terms), gettext("counted"))]


def legend(clock: ClockView) -> list[tuple[str, str]]:
    """The signs that are in use, as (css class, words)."""
    kinds = {stretch.kind for stretch in clock.explanation}
    is_counted = clock.state != "preview" and (clock.counted_seconds > 0 or not clock.runs)
    signs = [("steps--counted", gettext("Counted"))] if is_counted else []
    if clock.runs or clock.state == "preview":
        signs.append(("steps--counted steps--future", gettext("Still to come")))
    if clock.state == "met":
        signs.append(("steps--spare", gettext("To spare")))
    if "closed" in kinds:
        signs.append(("steps--closed", gettext("Not counted: closed")))
    if kinds & {HOLIDAY, SPECIAL}:
        signs.append(("steps--holiday", gettext("Not counted: holiday")))
    if PAUSED in kinds or clock.state == "paused":
        signs.append(("steps--paused", gettext("Paused")))
    if clock.state == "missed":
        signs.append(("steps--late", gettext("Overdue")))
    return signs
