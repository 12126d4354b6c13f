"""Waiting for other processes: often, and with a deadline far beyond what a busy machine needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import psutil

T = TypeVar("T")
DEADLINE_SECONDS = 180.0


def until(question: Callable[[], T], what: str) -> T:
    """The first answer that is true; AssertionError naming ``what`` where none came in time."""
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"waited {DEADLINE_SECONDS:.0f} s in vain for: {what}")


def lives(process: psutil.Process) -> bool:
    """Whether it runs; a zombie, which only waits for the system to count it, does not."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
