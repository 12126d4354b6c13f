"""The conversation and the history of a request as staff read them: everything, with who and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import moments
from plans.texts import text_in
from tickets.clock_views import label
from tickets.entries import File, Happened, Said, people_words
from tickets.enums import EventKind, MailState, Metric, Side, Visibility, Why
from tickets.exclusion_views import promise_words
from tickets.handing_out import shown_query
from tickets.link_views import event_words
from tickets.markup import rendered
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.reading import counted_between
from tickets.survey_views import score_words
from timekeeping import Reading

# Events that a message tells already, or that would only repeat it.
_TOLD_BY_MESSAGES = (
    EventKind.SUBMIT,
    EventKind.REPLY,
    EventKind.NOTE,
    EventKind.CUSTOMER,
    EventKind.AUTO_REPLY,
)

# Their texts stand in a panel of their own.
# What became of a mail that stands in a conversation.
_FROM_MAIL = (MailState.POSTED, MailState.OPENED)
_OF_SCOPE = (EventKind.EXCLUDED, EventKind.OBJECTED, EventKind.OBJECTION_ANSWERED)


def conversation(
    ticket: Ticket, messages: Iterable[Message], events: Iterable[TicketEvent], reading: Reading
) -> list[Said | Happened]:
    """Messages, and between them what else happened, oldest first. Two queries: for files and for mails."""
    files: dict[int | None, list[File]] = defaultdict(list)
    for attachment in ticket.attachments.all():
        files[attachment.message_id].append(_file(attachment))
    for mail, posted in ticket.mails.filter(state__in=_FROM_MAIL).values_list("pk", "posted"):
        address = reverse("admin:tickets_incomingmail_change", args=[mail])
        files[posted].append(File(address, _("The whole mail"), ""))
    told: list[Said | Happened] = [_submission(ticket, files[None])]
    entered = {event.message_id: str(event.data.get("entered_by") or "") for event in events}
    told += [_said(message, reading, files[message.pk], entered.get(message.pk, "")) for message in messages]
    told += [happened(event) for event in events if event.kind not in _TOLD_BY_MESSAGES]
    return sorted(told, key=lambda entry: (entry.at, not entry.is_message))


def history(events: Iterable[TicketEvent]) -> list[Happened]:
    """Every recorded event, the newest first."""
    return [happened(event) for event in reversed(list(events))]


def happened(event: TicketEvent) -> Happened:
    """One event in words: what, to what, who and why."""
    kind = EventKind(event.kind)
    reason = "" if kind in _OF_SCOPE else str(event.data.get("reason") or "").strip()
    parts = [_detail(kind, event.data), _who(event), reason]
    return Happened(event.at, str(kind.label), " · ".join(part for part in parts if part))


def _detail(kind: EventKind, data: dict[str, Any]) -> str:
    if kind == EventKind.SEVERITY:
        changed = _("%(from)s became %(to)s, %(how)s") % {
            "from": data.get("from", ""),
            "to": data.get("to", ""),
            "how": _how(str(data.get("how", ""))),
        }
        return " · ".join(part for part in (changed, people_words(data)) if part)
    if kind == EventKind.DETAILS and data.get("worse"):
        return " · ".join(part for part in (_("it got worse"), people_words(data)) if part)
    if kind in (EventKind.WARNING, EventKind.BREACH):
        metric = str(data.get("metric", ""))
        return label(metric, True) if metric in Metric.values else metric
    if kind in _OF_SCOPE or kind == EventKind.EXCLUSION_WITHDRAWN:
        about = promise_words(str(data.get("metric") or ""), int(data.get("cycle") or 1), for_staff=True)
        outcome = {"upheld": _("upheld"), "withdrawn": _("withdrawn")}.get(str(data.get("outcome")), "")
        return " · ".join(part for part in (str(data.get("code") or ""), about, outcome) if part)
    if kind == EventKind.WORKED_ELSEWHERE:
        return " ".join(str(data.get(name) or "") for name in ("system", "reference")).strip()
    if kind == EventKind.SURVEYED:
        return f"{data.get('score')}, {score_words(data.get('score'))}"
    if kind == EventKind.WORK_LOGGED:
        words = moments.length(data.get("seconds", 0), get_language() or "en")
        marks = {_("charged"): data.get("is_billable"), _("taken back"): data.get("voids")}
        return ", ".join([words, *(mark for mark, holds in marks.items() if holds)])
    if kind == EventKind.ASSIGNED:
        return _("to %(name)s") % {"name": data["to"]} if data.get("to") else _("to nobody")
    if kind == EventKind.TEAM:
        return _to_team(data)
    if kind in (EventKind.ESCALATED, EventKind.ACKNOWLEDGED, EventKind.ESCALATION_ENDED):
        why = dict(Why.choices).get(data.get("why", ""), "")
        return " · ".join(str(part) for part in (text_in(data.get("name")), why) if part)
    if kind == EventKind.NAMED:
        return str(data.get("to", ""))
    if kind in (EventKind.MERGE, EventKind.MERGED_AWAY, EventKind.MOVED, EventKind.SPLIT):
        return f"#{data.get('from') or data.get('into') or data.get('to', '')}"
    if kind in (EventKind.LINKED, EventKind.UNLINKED):
        return event_words(data)
    if kind == EventKind.MAIL_BOUNCED:
        return " ".join(str(data.get(name) or "") for name in ("email", "status")).strip()
    if kind == EventKind.FOLLOWED_UP:
        return f"#{data.get('by', '')}"
    if kind == EventKind.DETAILS:
        return ", ".join(f"{name}: {value}" for name, value in (data.get("changed") or {}).items())
    return str(data.get("severity") or (data.get("to") if kind == EventKind.CONFIRMED else "") or "")


def _to_team(data: dict[str, Any]) -> str:
    to = _("to %(name)s") % {"name": data["to"]} if data.get("to") else _("to no team")
    parts = [to, _("from %(name)s") % {"name": data["from"]} if data.get("from") else ""]
    return ", ".join(part for part in parts if part)


def _how(how: str) -> str:
    return {"raised": _("it got worse"), "corrected": _("corrected"), "lowered": _("lowered")}.get(how, how)


def _who(event: TicketEvent) -> str:
    if event.actor is not None:
        return str(event.actor)
    if event.kind == EventKind.TEAM:
        return _("by the teams' rules")
    return _("by itself") if event.side == Side.SYSTEM else ""


def _submission(ticket: Ticket, files: list[File]) -> Said:
    words = f"{ticket.get_channel_display()} · " + _("submission")
    if ticket.entered_by:
        words += " · " + _("entered by %(name)s") % {"name": ticket.entered_by}
    text = ticket.description or ticket.subject
    return Said(
        id="0",
        at=ticket.submitted_at,
        author=str(ticket.requester),
        side=Side.CUSTOMER,
        channel_words=words,
        html=rendered(text),
        files=files,
    )


def _said(message: Message, reading: Reading, files: list[File], entered_by: str = "") -> Said:
    internal = message.visibility == Visibility.INTERNAL
    words = "" if internal else " · ".join([message.get_channel_display(), *_met_by(message, reading)])
    if entered_by:
        words += " · " + _("entered by %(name)s") % {"name": entered_by}
    author = str(message.author) if message.author else _("Automatic")
    return Said(
        id=str(message.pk),
        at=message.at,
        author=author,
        side=message.side,
        internal=internal,
        channel_words=words,
        html=rendered(message.body),
        files=files,
    )


def _met_by(message: Message, reading: Reading) -> list[str]:
    """The promises that a message by support met, and by how much."""
    if message.side != Side.SUPPORT:
        return []
    language = get_language() or "en"
    said = []
    for clock in reading.clocks:
        if clock.met_at != message.at or clock.due_at is None:
            continue
        name = label(clock.metric, True).lower()
        if clock.state == "missed":
            said.append(_("answered the %(clock)s late") % {"clock": name})
            continue
        early = counted_between(clock.target, clock.coverage, message.at, clock.due_at)
        said.append(
            _("met the %(clock)s, %(length)s early")
            % {"clock": name, "length": moments.length(early, language)}
        )
    return said


def _file(attachment: Attachment) -> File:
    address = reverse("admin:tickets_ticket_file", args=[attachment.ticket_id, attachment.key])
    return File(address + shown_query(attachment), attachment.name, filesizeformat(attachment.size))
