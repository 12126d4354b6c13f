"""A notice as a mail, in its reader's language and zone: subject, text and HTML from ``emails/<event>/``."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from notices.models import Notice
from notices.preferences import may_be_chosen

DIGEST = "digest"
BARE = "bare"
UNVERIFIED = "unverified"
# These say nothing of a request's contents: they may go to an address that nobody has proven.
SAYS_NOTHING = frozenset({"invitation", UNVERIFIED, BARE})
# A digest lists this many; the rest is counted.
MOST_LINES = 200
# A line of a mail has room for 998 bytes (RFC 5322), and nobody reads a subject as long as this.
LONGEST_HEADER = 240


@dataclass(frozen=True)
class Part:
    """A notice inside a digest; bare where its reader's address is not proven."""

    notice: Notice
    is_bare: bool = False


def render_mail(
    notice: Notice, *, earlier: str = "", is_bare: bool = False, parts: Sequence[Part] = ()
) -> EmailMultiAlternatives:
    """The mail for a notice. ``earlier`` is the Message-ID of the mail before it in the reader's thread.

    ``parts`` are what a digest tells of. A bare mail says that there is news, and where to sign in.
    """
    with translation.override(notice.language), timezone.override(ZoneInfo(notice.time_zone)):
        context = _context(notice, is_bare=is_bare) | _lines(parts)
        folder = f"emails/{BARE if is_bare else notice.event}"
        subject = header_text(render_to_string(f"{folder}/subject.txt", context))
        text = render_to_string(f"{folder}/body.txt", context)
        html = render_to_string(f"{folder}/body.html", context)
    mail = EmailMultiAlternatives(
        subject,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [notice.to_email],
        headers=_headers(notice, earlier),
        reply_to=[notice.reply_to] if context["can_reply"] else None,
    )
    mail.attach_alternative(html, "text/html")
    return mail


def subject_of(notice: Notice) -> str:
    """The subject as staff read it in the outbox, in their own language."""
    context = _context(notice, is_bare=notice.is_bare) | {"count": 0}
    return header_text(render_to_string(f"emails/{notice.event}/subject.txt", context))


def header_text(words: str) -> str:
    """One line for a header: nothing that breaks it, is not seen, or reads as an encoded word."""
    shown = " ".join("".join(_plain(sign) for sign in words).split()).replace("=?", "= ?")
    return shown if len(shown) <= LONGEST_HEADER else f"{shown[: LONGEST_HEADER - 1]}…"


def _plain(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Cf":  # turns the direction of writing, or is not seen; joiners belong to scripts
        return sign if sign in "\u200c\u200d" else ""
    return " " if kind[0] in "CZ" else sign


def _headers(notice: Notice, earlier: str) -> dict[str, str]:
    headers = {
        "Message-ID": notice.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if may_be_chosen(notice.kind):
        headers["List-Unsubscribe"] = f"<{_preferences_url()}>"
    if root := notice.in_reply_to:
        headers["In-Reply-To"] = earlier or root
        headers["References"] = f"{root} {earlier}" if earlier else root
    return headers


def _context(notice: Notice, *, is_bare: bool) -> dict[str, Any]:
    told = {"number": notice.context.get("number")} if is_bare else with_instants(notice.context)
    return told | {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "preferences_url": _preferences_url(),
        "may_be_chosen": may_be_chosen(notice.kind),
        "can_reply": bool(notice.reply_to) and not is_bare,
        # Years are written as seen from when it was written, however late it is sent.
        "now": notice.created_at,
    }


def _preferences_url() -> str:
    return settings.SITE_URL + reverse("accounts:notices")


def _lines(parts: Sequence[Part]) -> dict[str, Any]:
    if not parts:
        return {}
    lines = [_line(part) for part in parts[:MOST_LINES]]
    return {"lines": lines, "count": len(parts), "more": len(parts) - len(lines)}


def _line(part: Part) -> dict[str, Any]:
    """What a digest says of one notice: its instant, ``line.txt`` (else the subject), where to read on."""
    notice = part.notice
    context = _context(notice, is_bare=part.is_bare)
    folder = f"emails/{BARE if part.is_bare else notice.event}"
    words = render_to_string([f"{folder}/line.txt", f"{folder}/subject.txt"], context)
    path = "" if part.is_bare else notice.context.get("path", "")
    return {
        "at": notice.happened_at or notice.created_at,
        "words": header_text(words),
        "url": settings.SITE_URL + path if path else "",
    }


def with_instants(context: Mapping[str, Any]) -> dict[str, Any]:
    """The stored facts for a template: ``..._at`` is an instant and ``..._on`` a date, in ISO 8601."""
    kinds = {"_at": datetime, "_on": date}
    return {
        name: kinds[name[-3:]].fromisoformat(value) if name[-3:] in kinds and value else value
        for name, value in context.items()
    }
