"""When support is open: seven days, the open spans filled, in the reader's zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext

from accounts import moments
from plans.pictures import svg

WIDTH = 760.0
LEFT, RIGHT = 96.0, 748.0
ROW, FIRST, BAR = 34.0, 24.0, 26.0
DAY = 24 * 3600


@dataclass(frozen=True)
class OpenSpan:
    """A half-open stretch ``[start, end)`` in which the coverage is open."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class ClosedDay:
    """A holiday or special day; ``start`` and ``end`` are the instants its hours would have had."""

    start: datetime
    end: datetime
    name: str


def week(
    monday: date,
    spans: Sequence[OpenSpan],
    closed_days: Sequence[ClosedDay],
    now: datetime,
    zone: tzinfo,
    language: str,
    uid: str,
) -> str:
    """The picture as SVG text. Spans may overlap (several calendars): their union is drawn."""
    marks = _grid()
    pin = ""
    for row in range(7):
        day = monday + timedelta(days=row)
        marks += _row(day, row, spans, closed_days, now, zone, language, uid)
        pin += _pin(day, row, now, zone)
    dots = svg.tag(
        "pattern",
        "",
        svg.tag("rect", "rb-pat-bg", width=7, height=7)
        + svg.tag("circle", "rb-pat-ink", cx=3.5, cy=3.5, r=1.25),
        id=f"{uid}d",
        width=7,
        height=7,
        patternUnits="userSpaceOnUse",
    )
    title = gettext("When support is open, day by day")
    high = FIRST + 7 * ROW + 6
    return svg.picture(uid, "week", WIDTH, high, title, svg.tag("defs", "", dots) + "".join(marks) + pin)


def union(spans: Sequence[OpenSpan]) -> list[OpenSpan]:
    """The spans in order, overlapping and touching ones made one."""
    result: list[OpenSpan] = []
    for span in sorted(spans, key=lambda s: s.start):
        if result and span.start <= result[-1].end:
            result[-1] = OpenSpan(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def _grid() -> list[str]:
    bottom = FIRST + 7 * ROW
    marks = []
    for hour in range(0, 25, 3):
        x = _x(hour * 3600)
        marks.append(svg.tag("path", "wk-grid", d=f"M{svg.number(x)} 20V{svg.number(bottom)}"))
        marks.append(svg.text(x, 14, f"{hour:02d}:00", "wk-t", "end" if hour == 24 else "middle"))
    return marks


def _x(seconds: float) -> float:
    return LEFT + (RIGHT - LEFT) * seconds / DAY


def _row(
    day: date,
    row: int,
    spans: Sequence[OpenSpan],
    closed_days: Sequence[ClosedDay],
    now: datetime,
    zone: tzinfo,
    language: str,
    uid: str,
) -> list[str]:
    y = FIRST + row * ROW
    middle = y + ROW / 2
    marks = []
    if day == now.astimezone(zone).date():
        marks.append(svg.tag("rect", "wk-today", x=0, y=y, width=WIDTH, height=ROW, rx=4))
    name = moments.writing(language).weekdays[day.weekday()]
    marks.append(svg.text(8, middle + 5, f"{name} {day.day}", "wk-d", "start"))
    marks.append(
        svg.tag("path", "rb-thin", d=f"M{svg.number(LEFT)} {svg.number(middle)}H{svg.number(RIGHT)}")
    )
    open_parts = _parts(day, union(spans), zone)
    holidays = [(low, high, c.name) for c in closed_days for low, high in _parts(day, [c], zone)]
    for low, high in open_parts:
        marks += _open(low, high, middle)
    for low, high, words in holidays:
        marks += _holiday(low, high, words, middle, uid)
    if not open_parts and not holidays:
        marks.append(svg.text(_x(DAY / 2), middle + 4.5, gettext("closed"), "wk-label wk-label--hol"))
    return marks


def _parts(day: date, spans: Sequence[OpenSpan | ClosedDay], zone: tzinfo) -> list[tuple[float, float]]:
    """The parts of a day that spans cover, as wall seconds from its midnight."""
    starts = datetime.combine(day, time.min, zone)
    ends = datetime.combine(day + timedelta(days=1), time.min, zone)
    parts = []
    for span in spans:
        low, high = max(span.start, starts), min(span.end, ends)
        if low < high:
            parts.append((_wall(low, day, zone), DAY if high == ends else _wall(high, day, zone)))
    return parts


def _wall(at: datetime, day: date, zone: tzinfo) -> float:
    local = at.astimezone(zone)
    return local.hour * 3600 + local.minute * 60 + local.second if local.date() == day else DAY


def _open(low: float, high: float, middle: float) -> list[str]:
    x, wide = _x(low), _x(high) - _x(low)
    marks = [svg.tag("rect", "wk-open", x=x, y=middle - BAR / 2, width=wide, height=BAR, rx=4)]
    words = f"{_hm(low)}–{_hm(high)}"
    if wide >= svg.width(words) + 10:
        marks.append(svg.text(x + wide / 2, middle + 4.5, words, "wk-in"))
    return marks


def _hm(seconds: float) -> str:
    return f"{int(seconds) // 3600:02d}:{int(seconds) % 3600 // 60:02d}"


def _holiday(low: float, high: float, words: str, middle: float, uid: str) -> list[str]:
    x, wide = _x(low), _x(high) - _x(low)
    centre = min(max(x + wide / 2, LEFT + svg.width(words) / 2), RIGHT - svg.width(words) / 2)
    return [
        svg.tag("rect", "wk-hol", x=x, y=middle - 10, width=wide, height=20, rx=10, fill=f"url(#{uid}d)"),
        svg.text(centre, middle + 4.5, words, "wk-label"),
    ]


def _pin(day: date, row: int, now: datetime, zone: tzinfo) -> str:
    if day != now.astimezone(zone).date():
        return ""
    x, y = _x(_wall(now, day, zone)), FIRST + row * ROW
    line = svg.tag("path", "rb-now", d=f"M{svg.number(x)} {svg.number(y - 3)}v{svg.number(ROW + 6)}")
    return line + svg.tag("circle", "rb-nowdot", cx=x, cy=y - 3, r=4)
