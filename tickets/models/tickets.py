"""A ticket (to customers: a request), and the adjectives by which lists and sweeps find tickets."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.enums import Sees
from accounts.models import Contact, Organization, Team, User
from accounts.roles import may
from accounts.standing import standing_of
from plans.models import Contract, Plan
from tickets.enums import UNSOLVED, Channel, Status, Unverified


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: User, at: datetime) -> TicketQuerySet:
        """Tickets that exist for ``user`` at ``at``.

        Staff: all, where their role reads requests. A contact: own ones (and those they were brought into),
        those of their functions, or all of the organization, as its administrators set it. A partner: all of
        the organizations it holds a mandate over.
        """
        standing = standing_of(user, at)
        if standing.is_staff:
            return self if may(user, "tickets.view_ticket") else self.none()
        seen = Q(organization__in=standing.mandates)
        whole = []
        for contact in standing.contacts.values():
            if contact.sees == Sees.ORGANIZATION or contact.is_administrator:
                whole.append(contact.organization_id)
            else:
                seen |= _part_of_an_organization(contact)
        return self.filter(seen | Q(organization__in=whole))

    def unsolved(self) -> TicketQuerySet:
        return self.filter(status__in=UNSOLVED)

    def closed_at(self, at: datetime) -> TicketQuerySet:
        """Closed at ``at``, by somebody or by itself, whether a sweep has recorded it or not."""
        return self.filter(Q(status=Status.CLOSED) | Q(status=Status.RESOLVED, auto_close_at__lte=at))

    def open_at(self, at: datetime) -> TicketQuerySet:
        """Not closed at ``at``; a resolved ticket is open until it closes."""
        return self.filter(
            Q(status__in=UNSOLVED)
            | (Q(status=Status.RESOLVED) & (Q(auto_close_at=None) | Q(auto_close_at__gt=at)))
        )

    def resolved_at(self, at: datetime) -> TicketQuerySet:
        """Resolved, and not closed at ``at``."""
        return self._recently_solved().filter(status=Status.RESOLVED).open_at(at)

    def reopenable(self, at: datetime) -> TicketQuerySet:
        """Recently closed: closed and still in the reopen window at ``at``."""
        return self._recently_solved().closed_at(at).filter(reopen_until__gte=at)

    def _recently_solved(self) -> TicketQuerySet:
        """Those of whose window no end is recorded: few, where all that were ever closed are many."""
        return self.filter(status__in=(Status.RESOLVED, Status.CLOSED), window_ended_at=None)

    def closing_by_itself(self, at: datetime) -> TicketQuerySet:
        """Resolved tickets whose instant of closing has come and is not recorded yet."""
        return self.filter(status=Status.RESOLVED, auto_close_at__lte=at)

    def window_ended(self, at: datetime) -> TicketQuerySet:
        """Closed tickets whose reopen window is over and for which that is not recorded yet."""
        return self.filter(status=Status.CLOSED, window_ended_at=None, reopen_until__lt=at)

    def to_verify(self) -> TicketQuerySet:
        """Unsolved tickets of whom it is not recorded yet who asked."""
        return self.unsolved().exclude(unverified_reason="").filter(verified_at=None)

    def by_next_promise(self) -> TicketQuerySet:
        """The next promise first; tickets without one last, the oldest first."""
        return self.order_by(F("next_due_at").asc(nulls_last=True), "number")


def _part_of_an_organization(contact: Contact) -> Q:
    own = Q(organization=contact.organization_id, requester=contact.user_id)
    own |= Q(organization=contact.organization_id, named_contact=contact.pk)
    if contact.sees == Sees.FUNCTIONS:
        return own | Q(organization=contact.organization_id, contact_function__in=contact.functions)
    return own


class Ticket(models.Model):
    """A request under the terms it was submitted with.

    ``merged_into`` is the survivor of a merge: what is written to this one reaches it. ``rate_code`` names
    the plan's rate that was agreed to for it; empty where nothing is charged.

    ``status``, the instants below it and ``next_due_at`` are what the recorded events say (a cache of
    ``timekeeping.history.replay``); ``tickets.actions.history`` is their only writer.
    """

    number = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="tickets")
    requester = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tickets")
    entered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, default=Channel.PORTAL)

    # the terms
    contract = models.ForeignKey(Contract, null=True, on_delete=models.PROTECT, related_name="tickets")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="tickets")
    coverage_option = models.CharField(max_length=40, blank=True)
    customer_zone = models.CharField(max_length=64)
    own_targets = models.JSONField(null=True, blank=True)
    support_type = models.CharField(_("kind of help"), max_length=60, blank=True)
    contact_function = models.CharField(max_length=60, blank=True)
    severity = models.CharField(_("severity"), max_length=40, blank=True)
    severity_rank = models.PositiveSmallIntegerField(default=99)
    severity_confirmed_at = models.DateTimeField(null=True, blank=True)
    has_priority = models.BooleanField(default=False)

    # what the request form asks
    category = models.CharField(_("category"), max_length=120, blank=True)
    product = models.CharField(_("product"), max_length=120, blank=True)
    device = models.CharField(_("device"), max_length=120, blank=True)
    operating_system = models.CharField(_("operating system"), max_length=120, blank=True)
    impact = models.JSONField(null=True, blank=True)
    best_time_to_contact = models.JSONField(null=True, blank=True)
    external_reference = models.CharField(_("your reference"), max_length=120, blank=True)

    # who asked, where that was not known at first
    unverified_reason = models.CharField(max_length=20, choices=Unverified.choices, blank=True, default="")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    named_contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    shut_out_at = models.DateTimeField(null=True, blank=True)

    # what the events say
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.NEW)
    submitted_at = models.DateTimeField(_("asked"))
    waiting_since = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    auto_close_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopen_until = models.DateTimeField(null=True, blank=True)
    window_ended_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(_("next promise"), null=True, blank=True)
    next_metric = models.CharField(max_length=20, blank=True)
    last_event_at = models.DateTimeField()

    assigned_to = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assigned_tickets",
        verbose_name=_("assigned"),
    )
    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tickets",
        verbose_name=_("team"),
        db_index=False,
    )
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
        db_index=False,
    )
    rate_code = models.CharField(max_length=50, blank=True, default="")
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField()

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=Status.CLOSED)
                | (
                    Q(closed_at__isnull=False)
                    & (Q(reopen_until__isnull=False) | Q(merged_into__isnull=False))
                ),
                name="ticket_closed_has_window",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.RESOLVED) | Q(resolved_at__isnull=False),
                name="ticket_resolved_has_instant",
            ),
            models.CheckConstraint(condition=~Q(subject=""), name="ticket_has_subject"),
            models.CheckConstraint(condition=~Q(merged_into=F("number")), name="ticket_not_into_itself"),
        ]
        indexes = [
            # the customer's list: one organization, by next promise or by number
            models.Index(
                fields=["organization", "status", "next_due_at", "number"], name="ticket_org_promise"
            ),
            models.Index(fields=["organization", "-number"], name="ticket_org_number"),
            models.Index(fields=["requester", "-number"], name="ticket_requester"),
            # its recently closed ones, what waits for the customer the longest, what work is charged for
            models.Index(
                fields=["organization", "-number"],
                name="ticket_org_solved",
                condition=Q(status__in=["resolved", "closed"], window_ended_at=None),
            ),
            models.Index(
                fields=["organization", "waiting_since", "number"],
                name="ticket_org_waiting",
                condition=Q(status="waiting"),
            ),
            models.Index(
                fields=["organization", "submitted_at"], name="ticket_org_charged", condition=~Q(rate_code="")
            ),
            # the queue: only what is unsolved
            models.Index(
                fields=["next_due_at", "number"],
                name="ticket_queue_promise",
                condition=Q(status__in=[s.value for s in UNSOLVED]),
            ),
            models.Index(
                fields=["severity_rank", "-has_priority", "submitted_at", "number"],
                name="ticket_queue_first_come",
                condition=Q(status__in=[s.value for s in UNSOLVED]),
            ),
            models.Index(
                fields=["assigned_to", "next_due_at", "number"],
                name="ticket_queue_mine",
                condition=Q(status__in=[s.value for s in UNSOLVED]),
            ),
            models.Index(
                fields=["team", "next_due_at", "number"],
                name="ticket_queue_team",
                condition=Q(status__in=[s.value for s in UNSOLVED], team__isnull=False),
            ),
            models.Index(
                fields=["status", "next_due_at", "number"],
                name="ticket_queue_status",
                condition=Q(status__in=[s.value for s in UNSOLVED]),
            ),
            models.Index(
                fields=["severity", "next_due_at", "number"],
                name="ticket_queue_severity",
                condition=Q(status__in=[s.value for s in UNSOLVED]),
            ),
            models.Index(
                fields=["plan", "severity", "next_due_at", "number"],
                name="ticket_queue_plan",
                condition=Q(status__in=[s.value for s in UNSOLVED]),
            ),
            # who asked is still to be verified: few rows
            models.Index(
                fields=["number"],
                name="ticket_to_verify",
                condition=~Q(unverified_reason="") & Q(verified_at=None),
            ),
            # search
            GinIndex(OpClass(Upper("subject"), name="gin_trgm_ops"), name="ticket_subject_words"),
            GinIndex(OpClass(Upper("description"), name="gin_trgm_ops"), name="ticket_description_words"),
            # the sweep
            models.Index(
                fields=["auto_close_at", "number"], name="ticket_closing", condition=Q(status="resolved")
            ),
            models.Index(
                fields=["reopen_until"],
                name="ticket_sweep_window",
                condition=Q(status="closed", window_ended_at=None),
            ),
            # what was merged into a ticket: few rows
            models.Index(
                fields=["merged_into"], name="ticket_merged_into", condition=Q(merged_into__isnull=False)
            ),
            # the API's lists
            models.Index(fields=["updated_at", "number"], name="ticket_updated"),
            models.Index(fields=["status", "-number"], name="ticket_status_number"),
            models.Index(fields=["severity", "-number"], name="ticket_severity_number"),
            models.Index(
                fields=["external_reference", "-number"],
                name="ticket_reference",
                condition=~Q(external_reference=""),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"

    @property
    def is_unverified(self) -> bool:
        """Whether it was taken before it was known who asks, and nobody has recorded that it is known now."""
        return self.unverified_reason != "" and self.verified_at is None

    @property
    def survivor(self) -> Ticket:
        """The ticket that a message to this one reaches: itself, or where its merges end. A query a merge."""
        found = self
        while found.merged_into is not None:
            found = found.merged_into
        return found

    def status_at(self, at: datetime) -> Status:
        """The status at ``at``: a resolved ticket closes at its instant whether or not a sweep has run."""
        if self.status == Status.RESOLVED and self.auto_close_at is not None and self.auto_close_at <= at:
            return Status.CLOSED
        return Status(self.status)

    def closed_instant(self, at: datetime) -> datetime | None:
        """When it closed, as known at ``at``; None while it is not closed."""
        if self.status_at(at) != Status.CLOSED:
            return None
        return self.closed_at if self.status == Status.CLOSED else self.auto_close_at

    def may_be_reopened(self, at: datetime) -> bool:
        """Resolved, or closed and within the reopen window (both ends included)."""
        status = self.status_at(at)
        if status == Status.RESOLVED:
            return True
        until = self.reopen_until
        return status == Status.CLOSED and until is not None and at <= until
