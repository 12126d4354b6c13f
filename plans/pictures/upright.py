"""The ribbon standing up, for phones and narrow columns: time runs down, times left, words right."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from django.utils.translation import gettext

from accounts import moments
from plans.pictures import scale, svg
from plans.pictures.clockview import COUNTED, HOLIDAY, PAUSED, SPECIAL, ClockView
from plans.pictures.lying import answered
from plans.pictures.scale import Placed
from plans.pictures.stretches import (
    FOLDED,
    LATE,
    OPEN_END,
    Piece,
    clock_changes,
    pieces_of,
    reason,
    short_name,
)

WIDTH = 326.0
AXIS, HALF = 106.0, 17.0
TIME_X, WORDS_X = 76.0, 137.0
TOP = 18.0


@dataclass
class Column:
    """All that the drawing functions share."""

    clock: ClockView
    now: datetime
    zone: tzinfo
    language: str
    uid: str
    placed: list[Placed]
    marks: list[str] = field(default_factory=list)

    def put(self, *marks: str) -> None:
        """Add marks on top of what is drawn already."""
        self.marks.extend(marks)


def ribbon(clock: ClockView, now: datetime, zone: tzinfo, language: str, uid: str, title: str) -> str:
    """The picture as SVG text; ``uid`` must be unique in the page."""
    placed = scale.upright(pieces_of(clock, now), TOP, even=clock.counting == "days")
    column = Column(clock, now, zone, language, uid, placed)
    for item in placed:
        _draw(column, item)
        _say(column, item)
    _changes(column)
    pin = _pin(column)
    _times(column, pin)
    _ends(column)
    inner = svg.patterns(uid, upright=True) + "".join(column.marks)
    return svg.picture(uid, "ribbon ribbon--up", WIDTH, placed[-1].end + 26, title, inner)


def _draw(column: Column, item: Placed) -> None:
    kind, n = item.piece.kind, svg.number
    if kind == COUNTED:
        _bar(column, item)
    elif kind == LATE:
        column.put(
            svg.tag(
                "rect",
                "rb-lateb",
                x=AXIS - 12,
                y=item.at + 1.5,
                width=24,
                height=item.size - 2,
                fill=f"url(#{column.uid}l)",
            )
        )
    elif kind == PAUSED:
        column.put(
            svg.tag(
                "rect",
                "rb-pause",
                x=AXIS - 11,
                y=item.at + 0.8,
                width=22,
                height=item.size - 1.6,
                rx=4,
                fill=f"url(#{column.uid}p)",
            )
        )
    elif kind == HOLIDAY or (kind == SPECIAL and item.piece.name):
        column.put(svg.tag("path", "rb-thin", d=f"M{n(AXIS)} {n(item.at)}V{n(item.end)}"))
        column.put(
            svg.tag(
                "rect",
                "rb-hol",
                x=AXIS - 9,
                y=item.at + 8,
                width=18,
                height=item.size - 16,
                rx=9,
                fill=f"url(#{column.uid}d)",
            )
        )
    else:
        folds = 2 if kind == FOLDED else 1
        start = item.at + item.size / 2 - 9 * folds
        zigzag = "l-6 3 12 6-12 6 6 3" * folds
        column.put(svg.tag("path", "rb-thin", d=f"M{n(AXIS)} {n(item.at)}V{n(start)}{zigzag}V{n(item.end)}"))


def _bar(column: Column, item: Placed) -> None:
    spare = column.clock.state == "met"
    used = item.cut - item.at
    if item.piece.used < 1:
        column.put(
            svg.tag(
                "rect",
                "rb-left rb-left--spare" if spare else "rb-left",
                x=AXIS - HALF + 0.75,
                y=item.at + 0.8,
                width=2 * HALF - 1.5,
                height=item.size - 1.6,
                rx=4,
            )
        )
    if used > 0:
        column.put(
            svg.tag(
                "rect",
                "rb-used",
                x=AXIS - HALF,
                y=item.at,
                width=2 * HALF,
                height=max(used, 1.5),
                rx=min(4.0, used / 2),
            )
        )
    if column.clock.counting != "days" and item.piece.seconds and item.size > scale.LEAST:
        _notches(column, item)


def _notches(column: Column, item: Placed) -> None:
    hour = item.size / item.piece.seconds * 3600
    total = sum(p.piece.seconds for p in column.placed if p.piece.kind == COUNTED)
    step = scale.notch_step(total, hour)
    y = item.at + hour * step
    while step and y < item.end - 3:
        if abs(y - item.cut) > 2:
            cls = "rb-notch" if y < item.cut else "rb-notch rb-notch--left"
            column.put(svg.tag("path", cls, d=f"M{svg.number(AXIS - HALF + 1.5)} {svg.number(y)}h6.5"))
        y += hour * step


def _say(column: Column, item: Placed) -> None:
    """The words beside a piece: how long, and what it is."""
    piece, middle = item.piece, (item.at + item.end) / 2
    if piece.kind == COUNTED:
        _say_counted(column, item)
    elif piece.kind == LATE:
        over = moments.left(-max(piece.seconds, 1), column.language)
        column.put(svg.text(WORDS_X, item.at + 22, gettext("Missed"), "rb-skip rb-skip--late", "start"))
        column.put(svg.text(WORDS_X, item.at + 37, over, "rb-dur", "start"))
    elif piece.kind == FOLDED:
        counted = gettext("%(length)s counted") % {"length": moments.length(piece.seconds, column.language)}
        column.put(svg.text(WORDS_X, middle - 2, short_name(piece, column.clock.zone), "rb-skip", "start"))
        column.put(svg.text(WORDS_X, middle + 13, counted, "rb-dur", "start"))
    else:
        _say_skipped(column, piece, middle)


def _say_skipped(column: Column, piece: Piece, middle: float) -> None:
    length = moments.length(piece.wall_seconds, column.language)
    why = reason(piece, column.clock)
    room = WIDTH - WORDS_X - 2
    below = {
        PAUSED: gettext("%(why)s, %(length)s"),
        HOLIDAY: gettext("Holiday, %(length)s"),
        SPECIAL: gettext("Not counted, %(length)s"),
    }.get(piece.kind)
    if below is None:
        words = gettext("%(why)s, %(length)s") % {"why": why, "length": length}
        if svg.width(words, 12) <= room:
            column.put(svg.text(WORDS_X, middle + 4, words, "rb-dur", "start"))
        else:
            column.put(svg.text(WORDS_X, middle - 4, svg.clipped(why, room, 12), "rb-dur", "start"))
            column.put(svg.text(WORDS_X, middle + 11, length, "rb-dur", "start"))
        return
    cls = "rb-skip rb-skip--pause" if piece.kind == PAUSED else "rb-skip"
    name = svg.clipped(short_name(piece, column.clock.zone), room, 12.5)
    short = svg.clipped(why, room - svg.width(length, 12) - 8, 12)
    column.put(svg.text(WORDS_X, middle - 3, name, cls, "start"))
    column.put(svg.text(WORDS_X, middle + 13, below % {"why": short, "length": length}, "rb-dur", "start"))


def _say_counted(column: Column, item: Placed) -> None:
    piece = item.piece
    used = round(piece.seconds * piece.used)
    met = column.clock.state == "met"
    later = gettext("to spare") if met else gettext("still to come")
    if column.clock.state == "preview":
        later = gettext("counted")
    parts = [
        (item.at, item.cut, used, gettext("counted")),
        (item.cut, item.end, piece.seconds - used, later),
    ]
    for start, end, seconds, words in parts:
        flagged = end == column.placed[-1].end  # the flag stands there, and the words stay clear of it
        if end - start < (28 if flagged else 13) or not seconds:
            continue
        if column.clock.counting == "days":
            words = f"{moments.weekday(piece.start, column.zone, column.language)}, {words}"
        y = min((start + end) / 2 + 4.5, end - 18) if flagged else (start + end) / 2 + 4.5
        length = svg.tag("tspan", "rb-cnt", moments.length(seconds, column.language))
        column.put(svg.tag("text", "rb-dur", f"{length} {words}", x=WORDS_X, y=y))


def _pin(column: Column) -> float | None:
    """The instant of the page, or of the answer; gives where it stands."""
    clock = column.clock
    if clock.state in ("preview", "withdrawn", "merged"):
        return None
    late = next((item for item in column.placed if item.piece.kind == LATE), None)
    at = clock.met_at or column.now
    y = late.end if late else scale.place(column.placed, at)
    if clock.state == "paused":
        y = next((item.end for item in reversed(column.placed) if item.piece.kind == PAUSED), y)
    if y is None:
        return None
    if clock.met_at and late:
        column.put(svg.tag("circle", "rb-late", cx=AXIS, cy=y, r=10))
        column.put(
            svg.tag("path", "rb-metmark", d=f"M{svg.number(AXIS - 3.5)} {svg.number(y - 3.5)}l7 7m0-7-7 7")
        )
        column.put(svg.text(WORDS_X, y + 4.5, answered(clock), "rb-mark rb-mark--late", "start"))
    else:
        column.put(svg.tag("path", "rb-now", d=f"M84 {svg.number(y)}H130"))
        _pin_head(column, y, met=bool(clock.met_at))
    in_time = bool(clock.met_at) and not late
    label = y if late else min(y, column.placed[-1].end - 15)
    cls = "rb-nowt rb-nowt--met" if in_time else "rb-nowt"
    x = TIME_X - 6 if in_time else TIME_X
    column.put(svg.text(x, label + 4, moments.clock(at, column.zone), cls, "end"))
    return label


def _pin_head(column: Column, y: float, *, met: bool) -> None:
    if not met:
        column.put(svg.tag("circle", "rb-nowdot", cx=84, cy=y, r=4))
        return
    column.put(svg.tag("circle", "rb-met", cx=82, cy=y, r=8))
    column.put(svg.tag("path", "rb-metmark", d=f"M78.5 {svg.number(y + 0.3)}l2.4 2.6 4.6-5.2"))


def _times(column: Column, pin: float | None) -> None:
    """The time of each change, and the day under the first time of each day."""
    wanted: list[tuple[int, float, datetime]] = [(0, column.placed[0].at, column.placed[0].piece.start)]
    for before, after in zip(column.placed, column.placed[1:], strict=False):
        if after.piece.kind == LATE:
            wanted.append((0, after.at, after.piece.start))
        elif COUNTED in (before.piece.kind, after.piece.kind) and after.piece.name != OPEN_END:
            wanted.append((1, after.at, after.piece.start))
    last = column.placed[-1]
    if last.piece.name != OPEN_END and last.piece.kind != LATE:
        wanted.append((0, last.end, last.piece.end))
    taken = [] if pin is None else [(pin - 8, pin + 8)]
    shown: list[tuple[float, int, datetime]] = []
    for rank, y, at in sorted(wanted, key=lambda w: (w[0], w[1])):
        if rank == 0 or all(y + 8 < low or y - 8 > high for low, high in taken):
            taken.append((y - 8, y + 8))
            shown.append((y, rank, at))
    seen = set()
    for y, rank, at in sorted(shown, key=lambda s: s[0]):
        column.put(svg.tag("path", "rb-tick", d=f"M81 {svg.number(y)}h6"))
        if pin is None or abs(pin - y) > 10:
            cls = "rb-time rb-time--end" if rank == 0 else "rb-time"
            column.put(svg.text(TIME_X, y + 4.5, moments.clock(at, column.zone), cls, "end"))
        written = moments.day_short(at, column.zone, column.language)
        free = all(y + 22 < low or y + 8 >= high for low, high in taken)
        if written not in seen and free:
            column.put(svg.text(TIME_X, y + 19, written, "rb-day", "end"))
            seen.add(written)


def _changes(column: Column) -> None:
    first, last = column.placed[0].piece.start, column.placed[-1].piece.end
    for at, _shift in clock_changes(first, last, column.zone):
        y = scale.place(column.placed, at)
        if y is not None:
            column.put(
                svg.tag("path", "rb-change", d=f"M{svg.number(AXIS)} {svg.number(y - 6)}l5 6-5 6-5-6z")
            )


def _ends(column: Column) -> None:
    """Ring at the start, post and flag at the due instant."""
    column.put(svg.tag("circle", "rb-start", cx=AXIS, cy=column.placed[0].at, r=6.5))
    late = next((item for item in column.placed if item.piece.kind == LATE), None)
    y = late.at if late else column.placed[-1].end
    n = svg.number
    column.put(svg.tag("path", "rb-post", d=f"M87 {n(y)}H135"))
    column.put(svg.tag("path", "rb-flag", d=f"M135 {n(y)}v-13h20l-4.5 6.5 4.5 6.5z"))
    words = gettext("No due time while paused") if column.clock.state == "paused" else gettext("Due")
    column.put(svg.text(163, y + 5, words, "rb-mark", "start"))
