"""For a process of a fault trial: Django's clock goes wrong by the seconds that a file says.

On the path by ``PYTHONPATH`` alone; the file is the one that ``FAULT_CLOCK`` names, read anew each time.
"""

import os
from datetime import timedelta
from pathlib import Path

if name := os.environ.get("FAULT_CLOCK"):
    from django.utils import timezone

    right = timezone.now

    def wrong() -> object:
        try:
            seconds = float(Path(name).read_text() or 0)
        except (OSError, ValueError):
            seconds = 0.0
        return right() + timedelta(seconds=seconds)

    timezone.now = wrong
