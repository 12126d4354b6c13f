"""The history of a ticket: only added to. The database refuses changes to it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.enums import EventKind, Side
from tickets.models.messages import Message
from tickets.models.tickets import Ticket


class TicketEvent(models.Model):
    """One thing that happened, at ``at``.

    ``data`` by kind: submit ``{"severity"}``; severity ``{"to", "from", "how", "reason"}``, and of a
    customer's report that it got worse ``impact`` (``Submission.impact``, what was said) and ``key`` (the
    form's); details ``{"changed"}``, and of such a report without another severity ``worse``, ``reason``,
    ``impact``, ``key``; close ``{"by", "reason"}``; breach and warning ``{"metric", "cycle"}``; assigned
    and named ``{"to"}``; team ``{"to", "from"}`` (names; "by" is "rule" where a new request came to it by
    itself); worked_elsewhere ``{"system", "reference"}`` (customers get the reference
    alone); verified and shut_out ``{"reason"}``; excluded, exclusion_withdrawn, objected and
    objection_answered ``{"note", "code", "reason"}``, with ``metric`` and ``cycle`` where one promise is
    meant, and of an answer ``outcome`` (upheld or withdrawn). Of a merge the survivor's event has
    ``{"from", "carried", "reason"}`` (the clocks that the other one brought), the other's merged_away
    ``{"into", "reason"}``; moved ``{"into", "reason"}`` (another organization's ticket); split ``{"to",
    "messages"}``; linked and unlinked ``{"to", "link", "end"}`` (source or target of that kind of link);
    work_logged ``{"entry", "seconds", "is_billable", "worked_until"}`` and ``voids``, the entry that it
    takes back; surveyed ``{"cycle", "score"}``; escalated ``{"escalation", "level", "name", "why",
    "reason"}``, with ``metric`` and ``cycle`` of a breach; acknowledged ``{"escalation", "level",
    "name"}``; escalation_ended ``{"escalation", "level", "name", "why", "reason"}`` (why: ended,
    resolved, closed or merged); mail_bounced ``{"email", "status", "permanent"}``. ``key`` makes a fact
    that several processes may find (a breach, a warning, an ended window) be recorded once.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what"), max_length=20, choices=EventKind.choices)
    side = models.CharField(max_length=10, choices=Side.choices)
    actor = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="events")
    data = models.JSONField(default=dict)
    key = models.CharField(max_length=80, null=True, unique=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["ticket", "at", "id"], name="event_of_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.at:%Y-%m-%d %H:%M:%S}"
