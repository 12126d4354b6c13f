"""The ribbon lying on its side: counted time thick and to scale, all other time thin and folded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from django.utils.translation import gettext

from accounts import moments
from plans.pictures import scale, svg
from plans.pictures.clockview import COUNTED, HOLIDAY, PAUSED, SPECIAL, ClockView
from plans.pictures.scale import Placed
from plans.pictures.stretches import FOLDED, LATE, OPEN_END, clock_changes, pieces_of, short_name

WIDTH = 752.0
LEFT, RIGHT = 42.0, 44.0
BAR = 40.0
UNPINNED = ("preview", "withdrawn", "merged")


@dataclass
class Frame:
    """All that the drawing functions share."""

    clock: ClockView
    now: datetime
    zone: tzinfo
    language: str
    uid: str
    width: float
    placed: list[Placed]
    top: float
    marks: list[str] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """The line that thin time runs on."""
        return self.top + BAR / 2

    def put(self, *marks: str) -> None:
        """Add marks on top of what is drawn already."""
        self.marks.extend(marks)


def ribbon(
    clock: ClockView, now: datetime, zone: tzinfo, language: str, uid: str, title: str, width: float = WIDTH
) -> str:
    """The picture as SVG text; ``uid`` must be unique in the page."""
    pieces = pieces_of(clock, now)
    placed = scale.lying(pieces, LEFT, width - LEFT - RIGHT, even=clock.counting == "days")
    pinned = clock.state not in UNPINNED
    top = 72.0 if pinned else 48.0 if len(pieces) > 1 else 28.0
    frame = Frame(clock, now, zone, language, uid, width, placed, top)
    for item in placed:
        _draw(frame, item)
    for item in placed:
        _name(frame, item)
    _times(frame)
    _changes(frame)
    _ends(frame)
    if pinned:
        _pin(frame)
    inner = svg.patterns(uid) + "".join(frame.marks)
    return svg.picture(uid, "ribbon", width, top + 100, title, inner)


def _draw(frame: Frame, item: Placed) -> None:
    kind = item.piece.kind
    if kind == COUNTED:
        _bar(frame, item)
    elif kind == LATE:
        _late(frame, item)
    elif kind == PAUSED:
        frame.put(
            svg.tag(
                "rect",
                "rb-pause",
                x=item.at + 0.8,
                y=frame.middle - 11,
                width=item.size - 1.6,
                height=22,
                rx=4,
                fill=f"url(#{frame.uid}p)",
            )
        )
    elif kind in (HOLIDAY, SPECIAL) and item.piece.name or kind == HOLIDAY:
        inset = min(10.0, item.size / 10)
        frame.put(
            svg.tag(
                "path",
                "rb-thin",
                d=f"M{svg.number(item.at)} {svg.number(frame.middle)}H{svg.number(item.end)}",
            )
        )
        frame.put(
            svg.tag(
                "rect",
                "rb-hol",
                x=item.at + inset,
                y=frame.middle - 9,
                height=18,
                rx=9,
                width=item.size - 2 * inset,
                fill=f"url(#{frame.uid}d)",
            )
        )
    else:
        frame.put(svg.tag("path", "rb-thin", d=_fold_path(item, frame.middle, 2 if kind == FOLDED else 1)))


def _fold_path(item: Placed, y: float, folds: int) -> str:
    """A thin line with a zigzag in its middle: folded, not to scale."""
    start = item.at + item.size / 2 - 9 * folds
    zigzag = "l3-6 6 12 6-12 3 6" * folds
    return f"M{svg.number(item.at)} {svg.number(y)}H{svg.number(start)}{zigzag}H{svg.number(item.end)}"


def _bar(frame: Frame, item: Placed) -> None:
    spare = frame.clock.state == "met" and frame.clock.met_at is not None
    left = "rb-left rb-left--spare" if spare else "rb-left"
    used = item.cut - item.at
    if item.piece.used < 1:
        frame.put(
            svg.tag(
                "rect",
                left,
                x=item.at + 0.8,
                y=frame.top + 0.75,
                width=item.size - 1.6,
                height=BAR - 1.5,
                rx=4,
            )
        )
    if used > 0:
        frame.put(
            svg.tag(
                "rect",
                "rb-used",
                x=item.at,
                y=frame.top,
                width=max(used, 1.5),
                height=BAR,
                rx=min(4.0, used / 2),
            )
        )
    if 4 < used < item.size:
        frame.put(svg.tag("rect", "rb-used", x=item.cut - 4, y=frame.top, width=4, height=BAR))
    _notches(frame, item)
    _lengths(frame, item)


def _notches(frame: Frame, item: Placed) -> None:
    seconds = item.piece.seconds
    if frame.clock.counting == "days" or not seconds or item.size <= scale.LEAST:
        return
    hour = item.size / seconds * 3600
    step = scale.notch_step(sum(p.piece.seconds for p in frame.placed if p.piece.kind == COUNTED), hour)
    x = item.at + hour * step
    while step and x < item.end - 3:
        if abs(x - item.cut) > 2:
            cls = "rb-notch" if x < item.cut else "rb-notch rb-notch--left"
            frame.put(svg.tag("path", cls, d=f"M{svg.number(x)} {svg.number(frame.top + BAR - 7)}v5.5"))
        x += hour * step


def _lengths(frame: Frame, item: Placed) -> None:
    """The length inside each part of a bar, or its day; left out where it does not fit."""
    piece = item.piece
    if frame.clock.counting == "days":
        words = moments.weekday(piece.start, frame.zone, frame.language)
        parts = [(item.at, item.end, words, "rb-in" if piece.used >= 0.5 else "rb-out")]
    else:
        used = round(piece.seconds * piece.used)
        parts = [
            (item.at, item.cut, moments.length_short(used, frame.language), "rb-in"),
            (item.cut, item.end, moments.length_short(piece.seconds - used, frame.language), "rb-out"),
        ]
    for start, end, words, cls in parts:
        if end - start >= svg.width(words, 13) + 12:
            frame.put(svg.text((start + end) / 2, frame.middle + 4.5, words, cls))


def _late(frame: Frame, item: Placed) -> None:
    frame.put(
        svg.tag(
            "rect",
            "rb-lateb",
            x=item.at + 1.5,
            y=frame.middle - 14,
            width=item.size - 2,
            height=28,
            fill=f"url(#{frame.uid}l)",
        )
    )


def _name(frame: Frame, item: Placed) -> None:
    """The word and the length above what is not counted."""
    piece = item.piece
    if piece.kind == COUNTED:
        return
    # Folded nights have names on both sides, closer than a bar would keep them.
    x, room = (item.at + item.end) / 2, item.size + (-10 if piece.kind == FOLDED else 6)
    if piece.kind == LATE:
        x += 9  # between the flag and the pin
        words, cls = gettext("Missed"), "rb-skip rb-skip--late"
        below = moments.left(-max(piece.seconds, 1), frame.language)
    else:
        words, below = short_name(piece, frame.clock.zone), moments.length(piece.wall_seconds, frame.language)
        cls = "rb-skip rb-skip--pause" if piece.kind == PAUSED else "rb-skip"
        if piece.kind == FOLDED:
            below = gettext("%(length)s counted") % {"length": moments.length(piece.seconds, frame.language)}
    y = frame.top - 13
    pin = _pin_x(frame)
    anchor = "middle"
    if pin is not None and item.at < pin < item.end and piece.kind != LATE:
        left = pin < (item.at + item.end) / 2  # the words make room for the pin that stands in the piece
        x, anchor = (pin + 7, "start") if left else (pin - 7, "end")
        room = (item.end - x if left else x - item.at) + 6
        if svg.width(below, 12) > room + 8:
            below = moments.length_short(piece.wall_seconds, frame.language)
    frame.put(svg.text(x, y, svg.clipped(words, room, 12.5), cls, anchor))
    frame.put(svg.text(x, y + 15, svg.clipped(below, room + 8, 12), "rb-dur", anchor))


@dataclass
class _Time:
    """One time under the ribbon; ``rank`` 0 always stands, others give way."""

    x: float
    at: datetime
    rank: int


def _times(frame: Frame) -> None:
    times = _wanted_times(frame)
    shown: list[_Time] = []
    for time in sorted(times, key=lambda t: (t.rank, t.x)):
        room = svg.width("00:00") + 8
        if time.rank == 0 or all(abs(time.x - other.x) >= room for other in shown):
            shown.append(time)
    shown.sort(key=lambda t: t.x)
    _days(frame, shown)
    for time in shown:
        y = frame.top + BAR
        frame.put(svg.tag("path", "rb-tick", d=f"M{svg.number(time.x)} {svg.number(y + 2)}v6"))
        cls = "rb-time rb-time--end" if time.rank == 0 else "rb-time"
        frame.put(svg.text(time.x, y + 22, _wall(time.at, frame), cls))


def _wall(at: datetime, frame: Frame) -> str:
    return moments.clock(at, frame.zone)


def _wanted_times(frame: Frame) -> list[_Time]:
    """The start, the due instant, the answer, and each change between counted and not."""
    times: list[_Time] = []
    for before, after in zip(frame.placed, frame.placed[1:], strict=False):
        if after.piece.name == OPEN_END and after.piece.start == after.piece.end:
            continue
        if after.piece.kind == LATE:
            times.append(_Time(after.at, after.piece.start, 0))
        elif COUNTED in (before.piece.kind, after.piece.kind):
            times.append(_Time(after.at, after.piece.start, 1))
    first, last = frame.placed[0], frame.placed[-1]
    times.append(_Time(first.at, first.piece.start, 0))
    if last.piece.name != OPEN_END:
        times.append(_Time(last.end, last.piece.end, 0))
    return times


def _days(frame: Frame, times: list[_Time]) -> None:
    """The day under the first time of each day and under both ends, left out where two would touch."""
    wanted, seen = [], set()
    for time in times:
        written = moments.day_short(time.at, frame.zone, frame.language)
        if time.rank == 0 or written not in seen:
            wanted.append((time.rank, time.x, written))
        seen.add(written)
    shown: list[tuple[float, float]] = []
    for _rank, x, written in sorted(wanted):
        half = svg.width(written, 12) / 2
        x = min(max(x, half + 1), frame.width - half - 1)
        if all(x + half + 6 < low or x - half - 6 > high for low, high in shown):
            shown.append((x - half, x + half))
            frame.put(svg.text(x, frame.top + BAR + 38, written, "rb-day"))


def _changes(frame: Frame) -> None:
    """A small mark on the ribbon where the reader's clocks change."""
    first, last = frame.placed[0].piece.start, frame.placed[-1].piece.end
    for at, _shift in clock_changes(first, last, frame.zone):
        x = scale.place(frame.placed, at)
        if x is not None:
            y = frame.middle
            frame.put(svg.tag("path", "rb-change", d=f"M{svg.number(x)} {svg.number(y - 6)}l5 6-5 6-5-6z"))


def _ends(frame: Frame) -> None:
    """Ring at the start, post and flag at the due instant, and the words under them."""
    clock, first = frame.clock, frame.placed[0]
    label = gettext("Asked") if clock.metric in ("first_response", "resolution") else gettext("Started")
    y = frame.top + BAR + 54
    frame.put(svg.tag("circle", "rb-start", cx=first.at, cy=frame.middle, r=6.5))
    frame.put(svg.text(first.at, y, label, "rb-mark"))
    due = _due_x(frame)
    if due is None:
        return
    foot, head = frame.top + BAR + 2, frame.top - 16
    frame.put(svg.tag("path", "rb-post", d=f"M{svg.number(due)} {svg.number(foot)}V{svg.number(head)}"))
    frame.put(svg.tag("path", "rb-flag", d=f"M{svg.number(due)} {svg.number(head)}h22l-5 6 5 6h-22z"))
    if clock.state == "paused":
        _no_due(frame)
    else:
        frame.put(svg.text(due, y, gettext("Due"), "rb-mark rb-mark--due"))


def _due_x(frame: Frame) -> float | None:
    late = next((item for item in frame.placed if item.piece.kind == LATE), None)
    return late.at if late else frame.placed[-1].end


def _no_due(frame: Frame) -> None:
    """While paused there is no due instant: the flag stands, and says so."""
    y = frame.top + BAR
    frame.put(svg.text(frame.width - 2, y + 22, gettext("No due time"), "rb-mark", "end"))
    frame.put(svg.text(frame.width - 2, y + 38, gettext("while paused"), "rb-day", "end"))


def _pin_x(frame: Frame) -> float | None:
    """Where the pin stands: at the answer, else at now; None where there is none."""
    clock = frame.clock
    if clock.state in UNPINNED:
        return None
    if frame.placed[-1].piece.kind == LATE:
        return frame.placed[-1].end
    paused = (item.end for item in reversed(frame.placed) if item.piece.kind == PAUSED)
    at = scale.place(frame.placed, clock.met_at or frame.now)
    return next(paused, at) if clock.state == "paused" else at


def _pin(frame: Frame) -> None:
    """The instant of the page, or of the answer."""
    clock = frame.clock
    late = next((item for item in frame.placed if item.piece.kind == LATE), None)
    if clock.met_at and late:
        _crossed(frame, late)
        return
    at = clock.met_at or frame.now
    x = _pin_x(frame)
    if x is None:
        return
    top = frame.top - 24 if not late else frame.top - 30
    frame.put(
        svg.tag("path", "rb-now", d=f"M{svg.number(x)} {svg.number(top)}V{svg.number(frame.top + BAR + 4)}")
    )
    wall = _wall(at, frame)
    if clock.met_at:
        words, cls, y = answered_words(clock) % {"time": wall}, "rb-nowt rb-nowt--met", top - 14
        frame.put(svg.tag("circle", "rb-met", cx=x, cy=top, r=9))
        frame.put(
            svg.tag("path", "rb-metmark", d=f"M{svg.number(x - 4)} {svg.number(top + 0.4)}l2.8 3 5.2-6")
        )
    else:
        words, cls, y = gettext("Now %(time)s") % {"time": wall}, "rb-nowt", top - 11
        frame.put(svg.tag("circle", "rb-nowdot", cx=x, cy=top, r=4))
    half = svg.width(words) / 2 + 2
    frame.put(svg.text(min(max(x, half), frame.width - half), y, words, cls))


def _crossed(frame: Frame, late: Placed) -> None:
    """The answer that came too late."""
    x, y = late.end, frame.middle
    frame.put(svg.tag("circle", "rb-late", cx=x, cy=y, r=11))
    frame.put(svg.tag("path", "rb-metmark", d=f"M{svg.number(x - 3.5)} {svg.number(y - 3.5)}l7 7m0-7-7 7"))
    frame.put(svg.text(x, frame.top + BAR + 54, answered(frame.clock), "rb-mark rb-mark--late"))


def answered(clock: ClockView) -> str:
    """What met the promise, in one word."""
    return gettext("Solved") if clock.metric == "resolution" else gettext("Answered")


def answered_words(clock: ClockView) -> str:
    """The same with the time to put in."""
    return gettext("Solved %(time)s") if clock.metric == "resolution" else gettext("Answered %(time)s")
