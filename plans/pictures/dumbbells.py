"""Due times that moved, as dumbbells: ring where it was due, dot where it would be, stroke where answered.

The axis is counted time since the clock started, one scale for the whole picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from accounts import moments
from plans.pictures import svg

WIDE, FIRST, LAST = 820, 270, 668
TOP, ROW = 22, 30
MOST_LINES = 6
HOUR = 3600
STEPS = (HOUR // 4, HOUR // 2, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR)


@dataclass(frozen=True)
class Dumbbell:
    """One clock: seconds since it started; None where it is not promised, or not answered."""

    name: str
    detail: str
    before: int | None
    after: int | None
    answered: int | None
    words: str
    is_missed: bool


def dumbbells(rows: Sequence[Dumbbell], title: str, language: str, uid: str) -> str:
    """The picture as SVG text; its title says in one sentence what it shows."""
    far = max((value for row in rows for value in _values(row)), default=HOUR)
    step = _step(far)
    end = step * max(1, -(-far // step))
    high = TOP + ROW * len(rows) + 8
    marks = [_line(place, end, high, language) for place in range(0, end + 1, step)]
    marks += [_row(row, TOP + ROW * index + 19, end) for index, row in enumerate(rows)]
    return svg.picture(uid, "dumb", WIDE, high, title, "".join(marks))


def _values(row: Dumbbell) -> list[int]:
    return [value for value in (row.before, row.after, row.answered) if value is not None]


def _step(far: int) -> int:
    """The finest distance of lines that needs no more than a few of them."""
    for step in STEPS:
        if far <= step * MOST_LINES:
            return step
    day = STEPS[-1]
    return day * -(-far // (day * MOST_LINES))


def _x(seconds: int, end: int) -> float:
    return FIRST + (LAST - FIRST) * seconds / end


def _line(seconds: int, end: int, high: int, language: str) -> str:
    x = _x(seconds, end)
    words = moments.length_short(seconds, language) if seconds else gettext("asked")
    return svg.tag("line", "db-line", x1=x, x2=x, y1=TOP, y2=high - 8) + svg.text(x, 15, words, "db-m")


def _row(row: Dumbbell, y: float, end: int) -> str:
    marks = [
        svg.text(16, y + 4, row.name, "db-t", "start"),
        svg.text(70, y + 4, svg.clipped(row.detail, FIRST - 84, 12), "db-m", "start"),
    ]
    before = None if row.before is None else _x(row.before, end)
    after = None if row.after is None else _x(row.after, end)
    if before is not None and after is not None:
        marks.append(svg.tag("line", "db-con", x1=before, x2=after, y1=y, y2=y))
    if before is not None:
        marks.append(svg.tag("circle", "db-old", cx=before, cy=y, r=5.5))
    if after is not None:
        marks.append(svg.tag("circle", "db-new", cx=after, cy=y, r=6))
    if row.answered is not None:
        marks.append(
            svg.tag("path", "db-ans", d=f"M{svg.number(_x(row.answered, end))} {svg.number(y - 9)}v18")
        )
    right = max((_x(value, end) for value in _values(row)), default=FIRST)
    marks.append(svg.text(right + 12, y + 4, row.words, "db-bad" if row.is_missed else "db-good", "start"))
    return "".join(marks)
