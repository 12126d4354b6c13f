"""What the clocks of a history read: JSON lines in, JSON lines out."""

from typing import Any

from plans.management.lines import LineCommand
from plans.questions import answer_replay


class Command(LineCommand):
    help = (
        "Reads histories as JSON lines on standard input and writes each with the status and the clocks that "
        "it has at the instant now, or with an error and the index of the event that is refused."
    )
    answer: Any = staticmethod(answer_replay)
