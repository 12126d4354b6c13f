"""Files that come with a submission or a message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.models import Attachment, Message, Ticket

_TEXT_ENDINGS = (".txt", ".log", ".csv", ".json", ".md", ".xml", ".yaml", ".yml", ".ini", ".conf")
_SNIFFED_BYTES = 8192


def faults_of_files(files: Sequence[UploadedFile]) -> list[str]:
    """What is wrong with the files, in words that say what to do; empty if nothing is."""
    faults = []
    if len(files) > settings.ATTACHMENTS_PER_MESSAGE:
        faults.append(too_many_files())
    faults += [
        too_large_file(safe_name(file.name or ""))
        for file in files
        if (file.size or 0) > settings.ATTACHMENT_MAX_BYTES
    ]
    faults += [
        _("“%(name)s” is empty. Choose the file again.") % {"name": safe_name(file.name or "")}
        for file in files
        if not file.size
    ]
    return faults


def too_many_files() -> str:
    limit = settings.ATTACHMENTS_PER_MESSAGE
    return ngettext("Attach at most %(n)s file.", "Attach at most %(n)s files.", limit) % {"n": limit}


def too_large_file(name: str) -> str:
    words = {"name": name, "size": settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)}
    return _("“%(name)s” is larger than %(size)s MB. Shorten it, or put it into several files.") % words


def attach(ticket: Ticket, message: Message | None, files: Sequence[UploadedFile]) -> list[Attachment]:
    """Store the files with the ticket or with one of its messages."""
    return [
        Attachment.objects.create(
            ticket=ticket,
            message=message,
            file=file,
            name=safe_name(file.name or ""),
            size=file.size or 0,
            content_type=sniffed_type(file),
        )
        for file in files
    ]


def safe_name(name: str) -> str:
    """The person's file name without folders and control characters, for showing and for downloads."""
    last = re.split(r"[\\/]", name)[-1]
    clean = "".join(c for c in last if c.isprintable() and c not in '"<>|:*?').strip(". ")
    return clean[-200:] or "file"


def sniffed_type(file: UploadedFile) -> str:
    """The type that the bytes show; what the sender claims is not trusted."""
    head = file.read(_SNIFFED_BYTES)
    file.seek(0)
    if guess := filetype.guess_mime(head):
        return str(guess)
    if (file.name or "").lower().endswith(_TEXT_ENDINGS) and b"\0" not in head:
        return "text/plain"
    return "application/octet-stream"


def copy_files(rows: Iterable[Attachment], to: Ticket) -> list[Attachment]:
    """The same files with the submission of another ticket, under keys of their own; the bytes lie once."""
    return [
        Attachment.objects.create(
            ticket=to, file=row.file.name, name=row.name, size=row.size, content_type=row.content_type
        )
        for row in rows
    ]
