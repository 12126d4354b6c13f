"""One scale for a whole picture: how long each piece is drawn, and where an instant falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from plans.pictures.clockview import CLOSED, COUNTED, HOLIDAY, PAUSED, SPECIAL
from plans.pictures.stretches import FOLDED, LATE, Piece

LEAST = 24.0
LYING = {CLOSED: 92.0, HOLIDAY: 130.0, SPECIAL: 92.0, PAUSED: 104.0, FOLDED: 172.0}
UPRIGHT = {CLOSED: 46.0, HOLIDAY: 56.0, SPECIAL: 46.0, PAUSED: 46.0, FOLDED: 46.0}
LATE_LEAST, LATE_MOST = 104.0, 160.0


@dataclass(frozen=True)
class Placed:
    """A piece and where it is drawn along the line of time."""

    piece: Piece
    at: float
    size: float

    @property
    def end(self) -> float:
        """Where the piece ends."""
        return self.at + self.size

    @property
    def cut(self) -> float:
        """Where the used part of a counted piece ends."""
        return self.at + self.size * self.piece.used


def fixed_size(piece: Piece, sizes: dict[str, float]) -> float:
    """The size of a piece that is not to scale; a named special day is drawn like a holiday."""
    if piece.kind == SPECIAL and piece.name:
        return sizes[HOLIDAY]
    return sizes[piece.kind]


def scale_for(seconds: Sequence[int], room: float, least: float = LEAST) -> float:
    """Units a second, so that the pieces fill the room and none is shorter than ``least``.

    Pieces that would be too short get ``least``; what they take is taken from all others alike.
    """
    small: set[int] = set()
    while True:
        big = [s for i, s in enumerate(seconds) if i not in small]
        if not big or not sum(big):
            return 0.0
        scale = max(0.0, room - least * len(small)) / sum(big)
        too_short = {i for i, s in enumerate(seconds) if i not in small and s * scale < least}
        if not too_short:
            return scale
        small |= too_short


def lying(pieces: Sequence[Piece], start: float, room: float, *, even: bool = False) -> list[Placed]:
    """Place the pieces from left to right in ``room`` units; ``even`` draws counted ones equally wide.

    Where the least sizes together need more than there is, all give way alike: the due time stays in sight.
    """
    whole = room
    counted = [1 if even else piece.seconds for piece in pieces if piece.kind == COUNTED]
    fixed = sum(fixed_size(p, LYING) for p in pieces if p.kind in LYING and p.kind != FOLDED)
    room -= sum(LYING[FOLDED] for p in pieces if p.kind == FOLDED)
    late = next((p for p in pieces if p.kind == LATE), None)
    needed = max(LEAST * len(counted), room * 0.36 if counted else 0.0)
    shrink = min(1.0, max(0.55, (room - needed - (LATE_LEAST if late else 0)) / fixed)) if fixed else 1.0
    left = room - fixed * shrink
    late_size = _late_size(late, counted, left) if late else 0.0
    scale = scale_for(counted, left - late_size)
    sizes = [
        max(LEAST, (1 if even else piece.seconds) * scale)
        if piece.kind == COUNTED
        else late_size
        if piece.kind == LATE
        else fixed_size(piece, LYING) * (1.0 if piece.kind == FOLDED else shrink)
        for piece in pieces
    ]
    fit = min(1.0, whole / sum(sizes))
    placed = []
    for piece, size in zip(pieces, sizes, strict=True):
        placed.append(Placed(piece, start, size * fit))
        start += size * fit
    return placed


def _late_size(late: Piece, counted: Sequence[int], room: float) -> float:
    """Overdue time to the same scale as far as it fits, so that a long silence does not crowd the promise."""
    total = sum(counted)
    fair = room * late.seconds / (total + late.seconds) if total else LATE_MOST
    return min(LATE_MOST, max(LATE_LEAST, fair), room / 2)


def upright(pieces: Sequence[Piece], start: float, *, even: bool = False) -> list[Placed]:
    """Place the pieces from top to bottom, 14 to 30 units an hour; very long promises go closer."""
    seconds = [piece.seconds for piece in pieces if piece.kind == COUNTED]
    hours = max(sum(seconds) / 3600, 0.01)
    unit = min(max(300 / hours, 14.0), 30.0, 560 / hours) if hours > 2 else 60 / hours if hours < 1 else 45.0
    placed = []
    for piece in pieces:
        if piece.kind == COUNTED:
            size = 48.0 if even else max(LEAST, piece.seconds / 3600 * unit)
        elif piece.kind == LATE:
            size = min(110.0, max(58.0, piece.seconds / 3600 * unit))
        else:
            size = fixed_size(piece, UPRIGHT)
        placed.append(Placed(piece, start, size))
        start += size
    return placed


def place(placed: Sequence[Placed], at: datetime) -> float | None:
    """Where an instant falls. In a folded piece it stands near the nearer end, clear of the words."""
    for item in placed:
        piece = item.piece
        if not piece.start <= at <= piece.end or piece.end == piece.start:
            continue
        if at == piece.end and item is not placed[-1]:
            continue
        share = (at - piece.start) / (piece.end - piece.start)
        if piece.kind not in (COUNTED, LATE) and 0 < share < 1:
            share = 0.12 if share < 0.5 else 0.88
        return item.at + item.size * share
    return None


def notch_step(total_seconds: int, units_an_hour: float) -> int:
    """Hours between notches: 1, above 12 h 4, and more where they would stand too close."""
    for step in (1, 4, 12, 24, 72):
        if (step > 1 or total_seconds <= 12 * 3600) and step * units_an_hour >= 9:
            return step
    return 0
