"""The proof strip: one mark for each promise in order of due, or one for several where there are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil
from typing import Any

from plans.pictures.svg import number, tag

MOST_MARKS = 60
WIDE, HIGH, LOW = 640.0, 28.0, 20.0
GAP = 2.5
WIDEST = 13.5
LINE = 1.5

# The worst of several promises is what their mark shows: a miss is never hidden behind what was kept.
WORST_FIRST = ("missed", "excluded", "running", "met")


@dataclass(frozen=True)
class Strip:
    """The picture, and how many promises one mark stands for (1: each has its own)."""

    svg: str
    promises_a_mark: int


def strip(rows: Sequence[dict[str, Any]], title: str) -> Strip:
    """The strip of a statement's promises; ``title`` says the same in a sentence."""
    each = max(1, ceil(len(rows) / MOST_MARKS))
    marks = [_worst(rows[at : at + each]) for at in range(0, len(rows), each)]
    step = min(WIDEST + GAP, WIDE / max(1, len(marks)))
    drawn = "".join(_mark(kind, index * step, step - GAP) for index, kind in enumerate(marks))
    wide = max(len(marks) * step - GAP, 1.0)
    svg = tag(
        "svg",
        "proof",
        tag("title", "", escape(title)) + drawn,
        viewBox=f"0 0 {number(wide)} {number(HIGH)}",
        width=wide,
        height=HIGH,
        role="img",
    )
    return Strip(svg, each)


def kind_of(row: dict[str, Any]) -> str:
    """How a promise is drawn and told: met, missed, excluded or running."""
    if row["excluded"]:
        return "excluded"
    return str(row["state"]) if row["state"] in ("met", "missed") else "running"


def _worst(rows: Sequence[dict[str, Any]]) -> str:
    kinds = {kind_of(row) for row in rows}
    return next(kind for kind in WORST_FIRST if kind in kinds)


def _mark(kind: str, x: float, wide: float) -> str:
    if kind == "met":
        return tag("rect", "proof-met", x=x, y=HIGH - LOW, width=wide, height=LOW, rx=1.5)
    if kind == "missed":
        return tag("rect", "proof-miss", x=x, y=0.0, width=wide, height=HIGH, rx=1.5)
    name, high = ("proof-ex", HIGH) if kind == "excluded" else ("proof-run", LOW)
    half = LINE / 2
    return tag(
        "rect",
        name,
        x=x + half,
        y=HIGH - high + half,
        width=wide - LINE,
        height=high - LINE,
        rx=1.5,
    )
