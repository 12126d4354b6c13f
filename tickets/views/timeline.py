"""The conversation as a customer reads it: messages, and between them what else happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.punctuation import labelled, strung
from plans.texts import text_in
from tickets.clock_views import label
from tickets.entries import File, Happened, Said, people_words
from tickets.enums import Channel, EventKind, Side, Why
from tickets.exclusion_views import promise_words
from tickets.handing_out import shown_query
from tickets.markup import rendered
from tickets.models import Attachment, Ticket, TicketEvent
from tickets.survey_views import score_words


def timeline(ticket: Ticket, user: User, at: datetime) -> list[Said | Happened]:
    """Everything of the request that the customer may read, oldest first.

    Three queries, and one more where another request goes on from this one.
    """
    files: dict[int | None, list[File]] = defaultdict(list)
    for attachment in ticket.attachments.all():
        files[attachment.message_id].append(file_of(attachment))
    told: list[Said | Happened] = [_submission(ticket, user, files[None])]
    messages = ticket.messages.visible_to(user, at).select_related("author")
    events = ticket.events.filter(kind__in=_LINES).select_related("actor")
    told += [_said(message, user, files[message.pk]) for message in messages]
    told += _lines(_without_unseen(list(events), user, at))
    # Where both carry one instant, the message stands before what it brought about.
    return sorted(told, key=lambda entry: (entry.at, not entry.is_message))


def file_of(attachment: Attachment) -> File:
    address = reverse("tickets:file", args=[attachment.ticket_id, attachment.key])
    return File(address + shown_query(attachment), attachment.name, filesizeformat(attachment.size))


def _submission(ticket: Ticket, user: User, files: list[File]) -> Said:
    return Said(
        id=f"request-{ticket.pk}",
        at=ticket.submitted_at,
        author=ticket.requester.name,
        side=Side.CUSTOMER,
        own=ticket.requester_id == user.pk,
        channel_words=_channel(ticket.channel),
        html=rendered(ticket.description or ticket.subject),
        files=files,
    )


def _said(message: Any, user: User, files: list[File]) -> Said:
    from_support = message.side == Side.SUPPORT
    return Said(
        id=str(message.pk),
        at=message.at,
        author=message.author.name if message.author else _("Support"),
        side=message.side,
        own=message.author_id == user.pk,
        channel_words=_("Support") if from_support else _channel(message.channel),
        html=rendered(message.body),
        files=files,
    )


def _channel(code: str) -> str:
    """How it came, after a name: "in the portal"."""
    words = {
        Channel.PORTAL: _("in the portal"),
        Channel.EMAIL: _("by mail"),
        Channel.PHONE: _("by phone"),
        Channel.CHAT: _("in the chat"),
    }
    return words.get(Channel(code), str(Channel(code).label)) if code in Channel.values else ""


def _lines(events: Iterable[TicketEvent]) -> list[Happened]:
    return [line for event in events if (line := _LINES[EventKind(event.kind)](event)) is not None]


def _without_unseen(events: list[TicketEvent], user: User, at: datetime) -> list[TicketEvent]:
    """The events; a request that follows is named only to those for whom it exists."""
    followed = [event for event in events if event.kind == EventKind.FOLLOWED_UP]
    if followed:
        named = Ticket.objects.visible_to(user, at).filter(
            pk__in=[event.data.get("by") for event in followed]
        )
        seen = set(named.values_list("pk", flat=True))
        for event in followed:
            event.data = event.data if event.data.get("by") in seen else {}
    return events


def _by(event: TicketEvent) -> str:
    """Who did it, for the customer: a name, or support."""
    if event.side == Side.SYSTEM or event.actor is None:
        return ""
    return _("by %(name)s") % {"name": event.actor.name}


def _because(event: TicketEvent) -> str:
    """By whom, and the reason where one was given."""
    reason = str(event.data.get("reason") or "").strip()
    who = _by(event)
    return labelled(who, reason) if reason and who else who or reason


def _ask(event: TicketEvent) -> Happened:
    return Happened(event.at, _("Waiting for you"), _("since then; our clock stands still until you answer"))


def _close(event: TicketEvent) -> Happened:
    return Happened(event.at, pgettext("a request", "Closed"), _because(event))


def _severity(event: TicketEvent) -> Happened:
    how = {"raised": _("it got worse"), "corrected": _("corrected"), "lowered": _("lowered")}
    steps = {"from": event.data.get("from", ""), "to": event.data.get("to", "")}
    words = (how.get(str(event.data.get("how")), ""), people_words(event.data), _because(event))
    return Happened(event.at, _("Severity %(from)s became %(to)s") % steps, strung(words))


def _details(event: TicketEvent) -> Happened | None:
    """Of changed details only what the customer said of how bad it is."""
    if not event.data.get("worse"):
        return None
    words = (people_words(event.data), _because(event))
    return Happened(event.at, _("It got worse"), strung(words))


def _confirmed(event: TicketEvent) -> Happened:
    return Happened(
        event.at, _("%(severity)s confirmed") % {"severity": event.data.get("to", "")}, _by(event)
    )


def _assigned(event: TicketEvent) -> Happened | None:
    name = event.data.get("to")
    return Happened(event.at, _("%(name)s works on it") % {"name": name}) if name else None


def _breach(event: TicketEvent) -> Happened:
    metric = str(event.data.get("metric", ""))
    return Happened(event.at, _("Promise missed"), label(metric, for_staff=False) if metric else "")


def _followed(event: TicketEvent) -> Happened:
    number = event.data.get("by")
    words = (
        _("Goes on in request #%(number)s") % {"number": number}
        if number
        else _("Goes on in another request")
    )
    return Happened(event.at, words)


def _escalated(event: TicketEvent) -> Happened:
    why = {
        Why.BREACH: _("because a promise was missed"),
        Why.UNACKNOWLEDGED: _("because the level before did not acknowledge it"),
    }
    words = why.get(event.data.get("why", ""), "") or _because(event)
    return Happened(event.at, _("Escalated to %(name)s") % {"name": text_in(event.data.get("name"))}, words)


def _acknowledged(event: TicketEvent) -> Happened:
    return Happened(event.at, _("Escalation acknowledged"), _by(event))


def _escalation_ended(event: TicketEvent) -> Happened | None:
    """An end that somebody gave a reason for; what else ends it has its own line."""
    if event.data.get("why") != "ended":
        return None
    return Happened(event.at, _("Escalation ended"), _because(event))


def _named(event: TicketEvent) -> Happened:
    return Happened(event.at, _("%(name)s was brought in") % {"name": event.data.get("to", "")}, _by(event))


def _out_of_scope(event: TicketEvent) -> Happened:
    return Happened(event.at, _("Noted as out of scope"), _about(event, _by(event)))


def _objected(event: TicketEvent) -> Happened:
    return Happened(event.at, _("Objection"), _about(event, _by(event)))


def _objection_answered(event: TicketEvent) -> Happened:
    upheld = event.data.get("outcome") == "upheld"
    fact = _("Objection answered: the exclusion is upheld") if upheld else _("Exclusion withdrawn")
    return Happened(event.at, fact, _about(event, _by(event)))


def _withdrawn(event: TicketEvent) -> Happened:
    """With the reason: what else is said of an exclusion stands above the conversation."""
    return Happened(event.at, _("Exclusion withdrawn"), _about(event, _because(event)))


def _about(event: TicketEvent, who: str) -> str:
    """What an exclusion is about, and by whom."""
    data = event.data
    promise = promise_words(str(data.get("metric") or ""), int(data.get("cycle") or 1), for_staff=False)
    return strung((promise, who))


def _elsewhere(event: TicketEvent) -> Happened:
    """That it was worked on, and as what: never where, by whom or what was done."""
    reference = {"reference": event.data.get("reference", "")}
    return Happened(event.at, _("Worked on"), _("elsewhere as %(reference)s") % reference)


def _rated(event: TicketEvent) -> Happened:
    return Happened(event.at, _("Rated"), strung((score_words(event.data.get("score")), _by(event))))


def _plain(words: Callable[[], str]) -> Callable[[TicketEvent], Happened]:
    return lambda event: Happened(event.at, words(), _because(event))


def _fact(words: Callable[[], str]) -> Callable[[TicketEvent], Happened]:
    return lambda event: Happened(event.at, words(), _by(event))


# Only what stands here is told to customers: a new kind of event stays inside until somebody adds it.
_LINES: dict[EventKind, Callable[[TicketEvent], Happened | None]] = {
    EventKind.ASK: _ask,
    EventKind.HOLD: _plain(lambda: _("Put on hold")),
    EventKind.UNHOLD: _plain(lambda: _("Work goes on")),
    EventKind.SEVERITY: _severity,
    EventKind.CONFIRMED: _confirmed,
    EventKind.DETAILS: _details,
    EventKind.ASSIGNED: _assigned,
    EventKind.RESOLVE: _plain(lambda: pgettext("a request", "Resolved")),
    EventKind.CLOSE: _close,
    EventKind.CLOSED_BY_ITSELF: _plain(lambda: _("Closed by itself")),
    EventKind.REOPEN: _plain(lambda: _("Opened again")),
    EventKind.BREACH: _breach,
    EventKind.FOLLOWED_UP: _followed,
    # Without the other's number, which not everybody may know, and without the reason, which is for staff.
    EventKind.MERGE: _fact(lambda: _("Another request about the same thing was merged into this one")),
    EventKind.MERGED_AWAY: _fact(lambda: _("Merged into another request about the same thing")),
    EventKind.SPLIT: _fact(lambda: _("A part of it was put into a request of its own")),
    EventKind.MOVED: _fact(lambda: _("Closed here: it was filed under this company by mistake")),
    EventKind.NAMED: _named,
    EventKind.WORKED_ELSEWHERE: _elsewhere,
    EventKind.ESCALATED: _escalated,
    EventKind.ACKNOWLEDGED: _acknowledged,
    EventKind.ESCALATION_ENDED: _escalation_ended,
    EventKind.EXCLUDED: _out_of_scope,
    EventKind.SURVEYED: _rated,
    EventKind.EXCLUSION_WITHDRAWN: _withdrawn,
    EventKind.OBJECTED: _objected,
    EventKind.OBJECTION_ANSWERED: _objection_answered,
}
