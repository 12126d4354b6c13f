"""Policies as files: import, export, check, and a preview of what publishing would change."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from plans.actions.publishing import PublishError, import_document, publish
from plans.management.files import checked_file, document_of_file
from plans.models import Edition
from plans.policyfile import Document, PolicyFileError
from plans.policyfile.from_rows import document_of
from plans.policyfile.writing import to_yaml
from plans.preview import preview_lines
from plans.terms import PolicyTerms, hardly_due, never_due, never_open


class Command(BaseCommand):
    help = "Imports, exports, checks and previews policy files."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        take = verbs.add_parser(
            "import", help="keep files as draft editions; nothing is kept of a file with faults"
        )
        take.add_argument("files", nargs="+", metavar="FILE")
        take.add_argument("--publish", action="store_true", help="make each the current edition")
        give = verbs.add_parser("export", help="write a policy's current edition as a file")
        give.add_argument("slug")
        give.add_argument("--edition", type=int, help="this edition instead of the current one")
        check = verbs.add_parser("check", help="list what is wrong in a file; exit 1 where anything is")
        check.add_argument("file", metavar="FILE")
        preview = verbs.add_parser("preview", help="what publishing a file would change")
        preview.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        verbs: dict[str, Callable[..., None]] = {
            "import": self.take,
            "export": self.give,
            "check": self.check_file,
            "preview": self.preview,
        }
        verbs[options["verb"]](**options)

    def take(self, files: list[str], publish: bool, **options: Any) -> None:
        """Import files; every one is checked before the first is kept."""
        for document in [document_of_file(file) for file in files]:
            self._take_one(document, publish)

    def _take_one(self, document: Document, is_published: bool) -> None:
        at = timezone.now().replace(microsecond=0)
        changes = list(preview_lines(document, at)) if is_published else []
        imported = import_document(document=document, at=at)
        edition = imported.edition
        self.stdout.write(f"{edition}: {edition.state}" + ("" if imported.is_new else ", unchanged"))
        if not is_published:
            return
        self._write(changes)
        if edition.is_draft:
            try:
                publish(edition=edition, at=at)
            except PublishError as error:
                raise CommandError(f"{edition} was kept as a draft: {error}") from None
            self.stdout.write(f"{edition}: published")

    def give(self, slug: str, edition: int | None, **options: Any) -> None:
        """Write an edition's file to standard output."""
        editions = Edition.objects.filter(policy__slug=slug).select_related("policy")
        found = editions.filter(number=edition).first() if edition is not None else None
        if edition is None:
            found = editions.published().first() or editions.order_by("-number").first()
        if found is None:
            raise CommandError(
                f"no such policy: {slug}" if edition is None else f"{slug} has no edition {edition}"
            )
        self.stdout.write(to_yaml(document_of(found)), ending="")

    def check_file(self, file: str, **options: Any) -> None:
        """Say that a file is valid, or list its faults, one a line (exit 1)."""
        try:
            document = checked_file(file)
        except PolicyFileError as error:
            self.stdout.write(str(error))
            raise CommandError(f"{file} is not valid ({_number(len(error.faults), 'fault')})") from None
        terms, at = PolicyTerms(document), timezone.now()
        faults = [*never_open(terms, at), *never_due(terms)]
        if faults:
            self._write(faults)
            raise CommandError(f"{file} can't be published ({_number(len(faults), 'fault')})")
        self._write(hardly_due(terms, at))
        plans = _number(len(document["plans"]), "plan")
        self.stdout.write(f"{file}: valid, policy {document['policy']} with {plans}")

    def preview(self, file: str, **options: Any) -> None:
        """Say what publishing a file would change, and keep nothing."""
        self._write(preview_lines(document_of_file(file), timezone.now().replace(microsecond=0)))

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line)


def _number(count: int, of: str) -> str:
    return f"{count} {of}{'' if count == 1 else 's'}"
