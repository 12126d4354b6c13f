"""Canned replies: the texts that staff put into an answer, with the facts of the request filled in.

A filled-in fact is what somebody typed: it is escaped, so that it stands in the answer as it was typed and is
no Markdown, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.moments import city, day_and_clock
from plans.severity_words import spoken
from tickets.models import CannedReply, Ticket

PLACEHOLDERS = {
    "requester": gettext_lazy("who asked"),
    "organization": gettext_lazy("their organization"),
    "number": gettext_lazy("the number of the request"),
    "subject": gettext_lazy("its subject"),
    "status": gettext_lazy("its status"),
    "severity": gettext_lazy("its severity, by name"),
    "next_promise": gettext_lazy("by when they hear from us after this answer, in their time"),
    "reference": gettext_lazy("their own reference"),
    "agent": gettext_lazy("your name"),
}
_PLACE = re.compile(r"\{([^{}\s]{1,40})\}")
# What begins or ends Markdown within a line, and what would begin a list or a quote at its start.
_SIGNS = re.compile(r"[\\`*\[\]<>~|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_STARTS = re.compile(r"^(?:[-+]|\d{1,9}(?=[.)]))")


def unknown_in(body: str) -> list[str]:
    """Names in braces that are no placeholders, in the order of the text, each once."""
    return list(dict.fromkeys(name for name in _PLACE.findall(body) if name not in PLACEHOLDERS))


def offered(ticket: Ticket) -> list[CannedReply]:
    """Those in use for the ticket's policy, one for each title: in the requester's language, or the nearest.

    One query.
    """
    return list(best_of(CannedReply.objects.filter(is_active=True).order_by("title", "pk"), ticket).values())


def best_of(rows: Iterable[CannedReply], ticket: Ticket) -> dict[str, CannedReply]:
    """Of ``rows`` the fitting one of each title, by title."""
    policy = ticket.plan.edition.policy_id
    wanted = ticket.requester.language or "en"
    best: dict[str, CannedReply] = {}
    for row in rows:
        if row.policy_id not in (None, policy):
            continue
        other = best.get(row.title)
        if other is None or _fits(row, wanted) > _fits(other, wanted):
            best[row.title] = row
    return best


def _fits(row: CannedReply, wanted: str) -> tuple[int, bool]:
    """How near a text is: its language first, then whether it was written for the policy."""
    if row.language == wanted:
        near = 3
    elif row.language.split("-")[0] == wanted.split("-")[0]:
        near = 2
    else:
        near = 1 if row.language == "en" else 0
    return near, row.policy_id is not None


def filled(
    reply: CannedReply, ticket: Ticket, agent: User, promised_at: datetime | None, at: datetime
) -> str:
    """The text with its placeholders filled, in the language of the reply and the requester's time zone.

    ``promised_at`` is the next due instant once the answer is sent. One pass: what a fact holds is not read
    for placeholders again.
    """
    with translation.override(reply.language):
        facts = _facts(ticket, agent, promised_at, at, reply.language)

        def fact(match: re.Match[str]) -> str:
            value = facts.get(match[1])
            return match[0] if value is None else escaped(value)

        return _PLACE.sub(fact, reply.body)


def escaped(value: str) -> str:
    """A fact as Markdown that shows it as it is, on one line."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
    return _STARTS.sub(_start, _SIGNS.sub(lambda match: "\\" + match[0], line))


def _start(match: re.Match[str]) -> str:
    # "1." becomes "1\.": a digit itself can't be escaped.
    return match[0] + "\\" if match[0].isdigit() else "\\" + match[0]


def added(typed: str, text: str) -> str:
    """What was typed, and below it the new text."""
    return f"{typed.rstrip()}\n\n{text}" if typed.strip() else text


def placeholder_lines() -> Iterable[str]:
    """Each placeholder with what it stands for."""
    return (f"{{{name}}} {words}" for name, words in PLACEHOLDERS.items())


def _facts(
    ticket: Ticket, agent: User, promised_at: datetime | None, at: datetime, language: str
) -> dict[str, str]:
    rows = ticket.plan.edition.severities.all()
    severity = next((row for row in rows if row.code == ticket.severity), None)
    return {
        "requester": ticket.requester.name,
        "organization": ticket.organization.name,
        "number": f"#{ticket.pk}",
        "subject": ticket.subject,
        "status": str(ticket.get_status_display()),
        "severity": " ".join(spoken(severity)).strip() if severity else ticket.severity,
        "next_promise": _promise(ticket.requester, promised_at, at, language),
        "reference": ticket.external_reference,
        "agent": agent.name,
    }


def _promise(reader: User, promised_at: datetime | None, at: datetime, language: str) -> str:
    if promised_at is None:
        return _("(no promised time)")
    zone = ZoneInfo(reader.time_zone if reader.time_zone in available_timezones() else "UTC")
    return f"{day_and_clock(promised_at, at, zone, language)} ({city(zone, language)})"
