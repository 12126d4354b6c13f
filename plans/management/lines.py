"""The common form of `due` and `replay`: one JSON line in, one JSON line out, at once and in order."""

import sys
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from plans.lines import Case, answered
from plans.management.files import terms_of_file
from plans.questions import Book, book_of_database, book_of_file


class LineCommand(BaseCommand):
    """Answers lines from the database, or from a policy file that is not imported (`--file`)."""

    requires_system_checks: list[str] = []  # noqa: RUF012  (as in BaseCommand)
    answer: Callable[[Case, Book], Case]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--file", metavar="policy.yaml", help="answer from this file instead of the database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        book = book_of_file(terms_of_file(file)) if file else book_of_database()
        source = getattr(sys.stdin, "buffer", sys.stdin)
        for line in source:
            self.stdout.write(answered(line, lambda case: self.answer(case, book)))
            self.stdout.flush()
