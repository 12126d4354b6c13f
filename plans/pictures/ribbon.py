"""The ribbon: one picture of a promise in three sizes. This is the door to the modules that draw it."""

from __future__ import annotations

from datetime import datetime, tzinfo

from plans.pictures import lying, upright, words
from plans.pictures.clockview import ClockView
from plans.pictures.mini import mini

__all__ = ["draws", "lying_ribbon", "mini", "upright_ribbon"]


def draws(clock: ClockView) -> bool:
    """Whether there is anything to draw: a promise, and rows that explain it."""
    return clock.state != "none" and bool(clock.explanation)


def lying_ribbon(
    clock: ClockView, now: datetime, zone: tzinfo, language: str, uid: str, width: float = lying.WIDTH
) -> str:
    """The picture for 560 px of room and more; "" where nothing is promised."""
    if not draws(clock):
        return ""
    title = words.title(clock, now, zone, language)
    return lying.ribbon(clock, now, zone, language, uid, title, width)


def upright_ribbon(clock: ClockView, now: datetime, zone: tzinfo, language: str, uid: str) -> str:
    """The picture for phones and narrow columns; "" where nothing is promised."""
    if not draws(clock):
        return ""
    return upright.ribbon(clock, now, zone, language, uid, words.title(clock, now, zone, language))
