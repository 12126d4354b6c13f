"""Policy files as command arguments."""

from pathlib import Path

from django.core.management.base import CommandError

from plans.policyfile import Document, PolicyFileError, read_document
from plans.terms import PolicyTerms


def document_of_file(path: str) -> Document:
    """The document of a file. Raises CommandError with the list of faults, or where it can't be read."""
    try:
        return checked_file(path)
    except PolicyFileError as error:
        raise CommandError(f"{path} is not valid, and nothing was changed:\n{error}") from None


def checked_file(path: str) -> Document:
    """The document of a file. Raises PolicyFileError, or CommandError where it can't be read."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"{path}: the file is not UTF-8") from None
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    return read_document(text)


def terms_of_file(path: str) -> PolicyTerms:
    """The terms of a file. Raises CommandError as `document_of_file`."""
    return PolicyTerms(document_of_file(path))
