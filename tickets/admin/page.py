"""The ticket page: conversation, what sending does, promises, terms, people and history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts.models import Contact, User
from notices.bounces import standing_bounces
from plans.models import Severity
from plans.models.requests import LONGEST_MARK
from tickets.actions import THEN
from tickets.admin import escalation, related, scope
from tickets.admin.drafts import restored
from tickets.admin.effects import effects
from tickets.admin.forms import THEN_WORDS, AnswerForm, AssignForm, BringInForm, ReasonForm, SeverityForm
from tickets.admin.named import named_of
from tickets.admin.neighbours import neighbours, place_in
from tickets.admin.presence import present_context
from tickets.admin.rows import Grade
from tickets.admin.story import conversation, history
from tickets.canned import offered
from tickets.clock_views import views_of_reading
from tickets.desk.counting import desk_of
from tickets.enums import UNSOLVED, EventKind, Status
from tickets.forms.drafts import DraftBox
from tickets.models import DecisionRecord, Message, Ticket
from tickets.reading import as_history, is_replayed, submitted_terms
from timekeeping import Reading, replay

_JOINED = (
    "organization",
    "requester",
    "assigned_to",
    "team",
    "entered_by",
    "contract",
    "follows",
    "plan__edition__policy",
    "named_contact__user",
)


def ticket_or_404(number: int) -> Ticket:
    """The request with what its page needs of other tables. One query."""
    if number >= 2**63:
        raise Http404
    ticket = Ticket.objects.select_related(*_JOINED).filter(number=number).first()
    if ticket is None:
        raise Http404
    return ticket


class TicketPage:
    """Everything of one request at one instant. ``forms`` replaces fresh forms by ones with faults."""

    def __init__(self, request: HttpRequest, ticket: Ticket, **forms: Any) -> None:
        self.request = request
        self.user: User = request.user  # type: ignore[assignment]
        self.at: datetime = request.at  # type: ignore[attr-defined]
        self.ticket = ticket
        self.forms = forms
        self.events = list(ticket.events.select_related("actor").order_by("at", "pk"))
        self.messages = list(ticket.messages.select_related("author").order_by("at", "pk"))
        self.terms = submitted_terms(ticket, self.events)
        self.past = as_history([event for event in self.events if is_replayed(event)])

    def reading(self) -> Reading:
        """What status and clocks read at the page's instant."""
        return replay(self.terms, self.past, max(self.at, self.ticket.last_event_at))

    def context(self) -> dict[str, Any]:
        reading = self.reading()
        clocks = views_of_reading(self.ticket, reading, self.at, for_staff=True)
        severities = list(self.ticket.plan.edition.severities.all())
        status = self.ticket.status_at(self.at)
        decision = DecisionRecord.objects.filter(ticket=self.ticket).first()
        return {
            "ticket": self.ticket,
            "status": status,
            "status_words": status.label,
            "entries": conversation(self.ticket, self.messages, self.events, reading),
            "history": history(self.events),
            "history_count": len(self.events),
            "clock": clocks[0] if clocks else None,
            "other_clocks": clocks[1:],
            "severity": self._grade(severities),
            "is_unsolved": status in UNSOLVED,
            "may_be_reopened": self.ticket.may_be_reopened(self.at),
            "no_answer_yet": reading.unanswered_since is not None,
            "decision": decision,
            "named": named_of(self.ticket, decision),
            "contact": self._contact(),
            "bounce": standing_bounces([self.ticket.requester.email]).get(self.ticket.requester.email),
            "elsewhere": self._elsewhere(),
            "watchers": list(self.ticket.watchers.select_related("user").order_by("pk")),
            "follow_ups": list(self.ticket.follow_ups.all()[:10]),
            **scope.panels(self, reading),
            **escalation.panel(self),
            **related.panel(self),
            "there": neighbours(self.request, self.ticket),
            **self._acts(reading, severities, status),
        }

    def _acts(self, reading: Reading, severities: list[Severity], status: Status) -> dict[str, Any]:
        """Forms and what they would do; none of it for people who only read."""
        if not self.user.has_perm("tickets.change_ticket") or self.ticket.merged_into_id is not None:
            return {"may_act": False}
        box: DraftBox | None = self.forms.get("draft")
        typed: dict[str, Any] = {}
        if box is None:
            box, typed = restored(self.request, self.ticket)
        told = effects(self.ticket, self.terms, self.past, self.at) if status != Status.CLOSED else {}
        return {
            "may_act": True,
            "do": {verb: self._url(verb) for verb in VERB_NAMES},
            "effects": [(then or "open", told.get(then, "")) for then in THEN],
            "answer_form": self.forms.get("answer") or self.fresh_answer(typed=typed),
            "draft": box,
            "canned": offered(self.ticket),
            **present_context(self.ticket, self.user, self.at),
            "assign_form": self._assign_form(),
            "teams": desk_of(self.request).teams,
            "severity_form": self.forms.get("severity") or self.severity_form(None, severities),
            "reason_form": ReasonForm(prefix="reason"),
            "bring_in_form": self._bring_in_form(),
            "conflict": self.forms.get("conflict", ()),
            "refused": self.forms.get("refused"),
            "then_words": THEN_WORDS,
        }

    def fresh_answer(
        self, data: Any = None, files: Any = None, typed: dict[str, Any] | None = None
    ) -> AnswerForm:
        """The reply box with what was typed before; it knows which version its writer has read."""
        seen = max((message.pk for message in self.messages), default=0)
        initial = {"then": ""} | (typed or {}) | {"version": self.ticket.version, "seen": seen}
        return AnswerForm(data, files, initial=initial)

    def severity_form(self, data: Any, severities: list[Severity] | None = None) -> SeverityForm:
        """The other severities of the request's own edition."""
        rows = self.ticket.plan.edition.severities.all() if severities is None else severities
        others = [row for row in rows if row.code != self.ticket.severity]
        initial = {"version": self.ticket.version}
        return SeverityForm(data, severities=others, initial=initial, prefix="severity")

    def _assign_form(self) -> AssignForm:
        """Its people are read once, for the choice of who reads along too."""
        form = AssignForm(initial={"assigned_to": self.ticket.assigned_to_id}, prefix="assign")
        field = form.fields["assigned_to"]
        field.choices = list(field.choices)  # type: ignore[attr-defined]
        return form

    def _bring_in_form(self) -> BringInForm | None:
        if not self.ticket.is_unverified:
            return None
        return BringInForm(
            organization=self.ticket.organization,
            initial={"contact": self.ticket.named_contact_id},
            prefix="bring_in",
        )

    def said_since(self, seen: int) -> list[Message]:
        """What was written after the message that the writer saw last."""
        return [message for message in self.messages if message.pk > seen]

    def _url(self, verb: str) -> str:
        """The verb's address, with the view that the page was opened from: its answer leads back to both."""
        return reverse("admin:tickets_ticket_verb", args=[self.ticket.pk, verb]) + place_in(self.request)

    def _grade(self, severities: list[Severity]) -> dict[str, Any]:
        row = next((row for row in severities if row.code == self.ticket.severity), None)
        if row is None:
            return {}
        # "P1 Federation failure", but "Medium": a code that is a word says nothing beside its name.
        code = row.code if len(row.code) <= LONGEST_MARK else row.title()
        return {"grade": Grade(row.rank, code, len(severities)), "title": row.title()}

    def _elsewhere(self) -> dict[str, Any]:
        """Where it was worked on last, for one click the next day; empty where it never was."""
        rows = [event for event in self.events if event.kind == EventKind.WORKED_ELSEWHERE]
        return rows[-1].data | {"at": rows[-1].at} if rows else {}

    def _contact(self) -> Contact | None:
        """The requester's standing there; None for a partner, or where it was revoked."""
        return (
            Contact.objects.active(self.at)
            .filter(user=self.ticket.requester_id, organization=self.ticket.organization_id)
            .first()
        )


VERB_NAMES = (
    "link",
    "unlink",
    "say",
    "assign",
    "team",
    "hold",
    "unhold",
    "severity",
    "confirm",
    "no_reply",
    "close",
    "reopen",
    "bring_in",
    "verify",
    "shut_out",
    "exclude",
    "withdraw_exclusion",
    "answer_objection",
    "escalate",
    "acknowledge",
    "end_escalation",
    "worked_elsewhere",
    "watch",
    "unwatch",
    "log_work",
    "void_work",
)
