"""What a verb says when it can't be done: a code, words for the reader, and the next step."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A rule says no. ``code`` is stable, ``detail`` and ``next_step`` are in the reader's language."""

    def __init__(self, code: str, detail: str, next_step: str, **extra: Any) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.next_step = next_step
        self.extra = extra
