"""When is it due: JSON lines in, JSON lines out."""

from typing import Any

from plans.management.lines import LineCommand
from plans.questions import answer_due


class Command(LineCommand):
    help = (
        "Reads cases as JSON lines on standard input and writes each with its due_at (null where nothing is "
        'promised). "explain": true adds what was counted and skipped, "until" adds counted_seconds.'
    )
    answer: Any = staticmethod(answer_due)
