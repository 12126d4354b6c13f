"""What a case of the corpus is: a mail, and what has to become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.mailin.world import World

POSTED, OPENED, HELD, STOPPED, BOUNCE = "posted", "opened", "held", "stopped", "bounce"


@dataclass(frozen=True)
class Case:
    """``by`` names the person of the world who said it; ``says`` and ``files``: what was posted."""

    name: str
    build: Callable[[World], bytes]
    state: str
    reason: str = ""
    by: str = ""
    says: str | None = None
    files: int | None = None
