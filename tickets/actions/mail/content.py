"""What a mail says, as a message or a request takes it: a text, and files within the usual limits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.files import safe_name
from tickets.mailin.parts import File, Mail
from tickets.models import IncomingMail

# As long as a text may be in the portal.
LONGEST_TEXT = 50_000
_KEYS = uuid.UUID("6f1d7f4e-0d0b-4f0c-9f26-3f3f5b8f3a52")


@dataclass(frozen=True)
class Content:
    """``text`` says at its end which files were left out; nothing is said where the mail is empty."""

    text: str
    files: tuple[SimpleUploadedFile, ...]

    @property
    def is_empty(self) -> bool:
        return not self.text


def content_of(mail: Mail, reader: User, whole: bool = False) -> Content:
    """The text (of an answer only what its writer wrote, unless ``whole``) and the files of a mail.

    Words of our own in it are in ``reader``'s language.
    """
    text = mail.text if whole else mail.own_text
    given = list(mail.files)
    with translation.override(reader.language or "en"):
        if len(text) > LONGEST_TEXT:
            given.insert(0, File("mail.txt", text.encode()))
            text = text[: LONGEST_TEXT - 2000] + "\n\n" + _("(The whole text is in the file mail.txt.)")
        files, left_out = _within_limits(given)
        if left_out:
            text = f"{text}\n\n{_left_out(left_out)}".strip()
        elif files and not text:
            text = _("(See the files.)")
    return Content(text, tuple(files))


def client_key_of(row: IncomingMail, purpose: str = "") -> uuid.UUID:
    """Makes what a mail posts one message: the same mail handed over twice has the same Message-ID."""
    what = f"{row.mail_id}\n{row.from_email}" if row.mail_id else row.digest
    return uuid.uuid5(_KEYS, f"{purpose}\n{what}")


def _within_limits(given: list[File]) -> tuple[list[SimpleUploadedFile], list[str]]:
    files: list[SimpleUploadedFile] = []
    left_out: list[str] = []
    for file in given:
        fits = 0 < len(file.content) <= settings.ATTACHMENT_MAX_BYTES
        if fits and len(files) < settings.ATTACHMENTS_PER_MESSAGE:
            files.append(SimpleUploadedFile(safe_name(file.name), file.content))
        else:
            left_out.append(safe_name(file.name))
    return files, left_out


def _left_out(names: list[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:20]) + (" …" if len(names) > 20 else "")
    return _(
        "(Left out: %(names)s. A message may have %(count)s files of at most %(size)s MB each, none empty.)"
    ) % {
        "names": shown,
        "count": settings.ATTACHMENTS_PER_MESSAGE,
        "size": settings.ATTACHMENT_MAX_BYTES // (1024 * 1024),
    }
