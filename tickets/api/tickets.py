"""``tickets/`` and ``tickets/{number}/``: find, open, read and change requests."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.describing import (
    CHANGED,
    CONDITIONAL,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    LOCATION,
    NOT_MODIFIED,
    REPLAYED,
    page_of,
    reads,
    writes,
)
from accounts.api.paging import Keyset, page
from accounts.api.reading import NoQuery, instant, invalid, read_body, read_query, unknown
from accounts.models import Organization, User
from plans.decision import Question, decide, terms_in_force
from plans.enums import SeveritySetBy
from plans.terms import policy_terms
from tickets.actions import Refused, Submission, change_details, change_severity, submit, turn_away
from tickets.api.base import RulesView, TicketView
from tickets.api.documents import ticket_document, ticket_with_etag, told_to
from tickets.api.examples import NEW_TICKET, TICKET, TICKETS
from tickets.api.idempotency import once
from tickets.api.shapes import TicketBody, TicketChange, TicketDocument, TicketQuery, earliest_entry
from tickets.enums import Channel, Side, Status
from tickets.models import Ticket, TicketQuerySet

NEWEST = Keyset("tickets", ("-number",))
_NUMBER = re.compile(r"#?([0-9]{1,18})")
_TEXTS = (
    "subject",
    "description",
    "severity",
    "support_type",
    "category",
    "product",
    "device",
    "operating_system",
    "external_reference",
)
_STAFF_FIELDS = ("requester", "received_at")
# How long after the instant of a request what it does is recorded at the latest.
_RECORDED_WITHIN = timedelta(minutes=10)
# Refusals that speak of the caller's own standing, and disclose nothing of the organization's.
_OF_STANDING = ("mandate_ended", "contact_not_approved")


class Tickets(RulesView):
    @extend_schema(
        operation_id="list_tickets",
        tags=["tickets"],
        summary="Tickets that exist for you, newest first",
        parameters=[TicketQuery, *CONDITIONAL],
        examples=[TICKETS],
        responses={200: page_of(TicketDocument, "TicketPage"), 304: NOT_MODIFIED} | reads(),
    )
    def get(self, request: Request) -> Response:
        query = read_query(TicketQuery, request.query_params)
        rows = told_to(Ticket.objects.visible_to(request.user, self.at), request.user, self.at)  # type: ignore[arg-type]
        rows = self._narrowed(rows, query)
        return Response(page(request, rows, NEWEST, query, lambda row: ticket_document(row, self.at)))

    def _narrowed(self, rows: TicketQuerySet, query: dict[str, Any]) -> TicketQuerySet:
        if "organization" in query:
            # As a key the planner knows how many requests it has.
            named = Organization.objects.filter(slug=query["organization"])
            rows = rows.filter(organization__in=list(named.values_list("pk", flat=True)))
        for name in ("severity", "external_reference"):
            if name in query:
                rows = rows.filter(**{name: query[name]})
        if "status" in query:
            rows = rows.filter(self._in_status(query["status"]))
        if since := query.get("updated_since"):
            # The first is the indexed one; the second is what the caller may know of, when it was recorded.
            late = min(_RECORDED_WITHIN, since - datetime.min.replace(tzinfo=UTC))
            rows = rows.filter(updated_at__gte=since - late).filter(told_at__gte=since)  # type: ignore[misc]
        if q := query.get("q"):
            words = Q(subject__icontains=q) | Q(description__icontains=q)
            if match := _NUMBER.fullmatch(q):
                words |= Q(number=int(match[1]))
            rows = rows.filter(words)
        return rows

    def _in_status(self, wanted: list[str]) -> Q:
        """Tickets that have one of the statuses at the instant of the request."""
        by_itself = Q(status=Status.RESOLVED, auto_close_at__lte=self.at)
        found = Q(status__in=wanted) & ~by_itself
        return found | by_itself if Status.CLOSED in wanted else found

    @extend_schema(
        operation_id="create_ticket",
        tags=["tickets"],
        summary="Open a request",
        description=(
            "The plan decides first. What it refuses is answered with the rule's code, the reason and the "
            "way out (403). A ticket created by a customer or a partner counts as the channel `portal`."
        ),
        parameters=[IDEMPOTENCY_KEY, REPLAYED, LOCATION, *CHANGED],
        request=TicketBody,
        examples=[NEW_TICKET, TICKET],
        responses={201: OpenApiResponse(TicketDocument, "Opened; `Location` is its address")}
        | writes(404, 422),
    )
    def post(self, request: Request) -> Response:
        return once(request, self.at, lambda body: body["number"], self._create)

    def _create(self) -> Response:
        body = read_body(TicketBody, self.request.data)
        organization = self._organization(body)
        self._check_codes(organization, body)
        is_staff = self.standing.is_staff
        ticket = submit(
            person=self._requester(body),
            organization=organization,
            submission=_submission(body),
            at=self.at,
            channel=body.get("channel", Channel.PORTAL) if is_staff else Channel.PORTAL,
            received_at=self._received_at(body),
            entered_by=self.request.user if is_staff else None,  # type: ignore[arg-type]
            accepts_rate=body.get("accepts_rate", False),
        )
        document, etag = ticket_with_etag(ticket.pk, self.request.user, self.at)  # type: ignore[arg-type]
        address = self.request.build_absolute_uri(reverse("api:ticket", args=[ticket.pk]))
        return Response(document, status=201, headers={"Location": address, "ETag": etag})

    def _organization(self, body: dict[str, Any]) -> Organization:
        """The organization of the body, or the only one that the caller reaches."""
        reached = Organization.objects.visible_to(self.user, self.at)
        if slug := body.get("organization"):
            found = reached.filter(slug=slug).first()
            if found is None:
                self._check_was_never_reached(slug)
                raise unknown("organization")
            return found
        if self.standing.is_staff or len(self.standing.organization_ids) != 1:
            for contact in self.standing.pending.values():
                self._check_was_never_reached(contact.organization.slug)
            raise invalid("organization", "required", _("Say for which organization."))
        return reached.get()

    def _check_was_never_reached(self, slug: str) -> None:
        """Raise Refused where the caller knows the organization from before, or from a proposal.

        That is: by a mandate that has ended, or as a contact who waits for an approval. What else its terms
        would say is not theirs to know.
        """
        partners = [row.organization_id for row in self.standing.contacts.values()]
        waiting = Q(pk__in=self.standing.pending)
        once = Q(mandates_given__partner__in=partners, mandates_given__from_on__lte=self.at.date())
        known = Organization.objects.filter(waiting | once, slug=slug).distinct().first()
        if known is None:
            return
        decision = decide(Question(self.user, known, self.at, Channel.PORTAL))
        if decision.code in _OF_STANDING:
            turn_away(decision=decision, person=self.user, organization=known, at=self.at)
            raise Refused(decision.code, decision.detail, decision.next_step)

    def _check_codes(self, organization: Organization, body: dict[str, Any]) -> None:
        """Raise ValidationError for codes that the policy in force does not have."""
        if not (body.get("severity") or body.get("support_type")):
            return
        in_force = terms_in_force(organization, self.at, body.get("product") or None)
        if in_force is None:
            return
        document = policy_terms(in_force.edition).document
        for name, listed in (("severity", "severities"), ("support_type", "support_types")):
            known = [item["code"] for item in document[listed]]
            if (given := body.get(name)) and given not in known:
                text = _("The policy has no such code. These are: %(all)s.") % {"all": ", ".join(known)}
                raise invalid(name, "unknown", text)

    def _requester(self, body: dict[str, Any]) -> User:
        user: User = self.request.user  # type: ignore[assignment]
        email = body.get("requester", "").strip().lower()
        if not self.standing.is_staff:
            for name in _STAFF_FIELDS:
                if name in body and not (name == "requester" and email == user.email):
                    raise invalid(name, "staff_only", _("Only staff give this. Leave it out."))
            return user
        if not email:
            raise invalid("requester", "required", _("Say who asks, by their email."))
        found = User.objects.filter(email=email, is_active=True).first()
        if found is None:
            raise unknown("requester")
        return found

    def _received_at(self, body: dict[str, Any]) -> Any:
        received_at = body.get("received_at")
        if received_at is None:
            return None
        if received_at > self.at:
            raise invalid("received_at", "in_future", _("This time has not come yet."))
        if received_at < earliest_entry(self.at):
            raise invalid("received_at", "too_early", _("This is more than a year ago."))
        return received_at.replace(microsecond=0)


class OneTicket(TicketView):
    @extend_schema(
        operation_id="read_ticket",
        tags=["tickets"],
        summary="One ticket",
        parameters=[*CONDITIONAL],
        examples=[TICKET],
        responses={200: TicketDocument, 304: NOT_MODIFIED} | reads(404),
    )
    def get(self, request: Request, number: int) -> Response:
        read_query(NoQuery, request.query_params)
        return self.answer()

    @extend_schema(
        operation_id="change_ticket",
        tags=["tickets"],
        summary="Change a ticket's details or severity",
        parameters=[IF_MATCH, *CHANGED],
        request=TicketChange,
        examples=[
            OpenApiExample("your reference", value={"external_reference": "MSP-4711"}, request_only=True),
            TICKET,
        ],
        responses={200: TicketDocument} | writes(404, 412),
    )
    def patch(self, request: Request, number: int) -> Response:
        change = read_body(TicketChange, request.data)
        severity = change.pop("severity", None)
        how, reason = change.pop("severity_how", ""), change.pop("severity_reason", "")
        user: User = request.user  # type: ignore[assignment]
        with self.unchanged():
            details = {name: value or "" for name, value in change.items()}
            if details:
                change_details(ticket=self.ticket, actor=user, at=self.at, side=self.side, details=details)
            if severity is not None:
                self._check_severity(severity, how)
                change_severity(
                    ticket=self.ticket,
                    actor=user,
                    at=self.at,
                    to=severity,
                    how=how,
                    reason=reason,
                    side=self.side,
                )
        return self.answer()

    @property
    def side(self) -> Side:
        return Side.SUPPORT if self.standing.is_staff else Side.CUSTOMER

    def _check_severity(self, severity: str, how: str) -> None:
        """A customer reports that it got worse; everything else about severity is support's."""
        if not self.ticket.plan.edition.severities.filter(code=severity).exists():
            raise invalid("severity", "unknown", _("The policy has no such severity."))
        if self.standing.is_staff:
            return
        if how != "raised" or self.ticket.plan.severity_rule == SeveritySetBy.SUPPORT:
            raise Refused(
                "severity_set_by_support",
                _("Support decides this about the severity."),
                _("Write a message that says what changed: support reads it and sets the severity."),
            )


def _submission(body: dict[str, Any]) -> Submission:
    impact, best_time = body.get("impact"), body.get("best_time_to_contact")
    return Submission(
        **{name: body.get(name) or "" for name in _TEXTS},  # type: ignore[arg-type]
        impact=impact and impact | ({"since": instant(impact["since"])} if "since" in impact else {}),
        best_time_to_contact=best_time and dict(best_time),
    )
