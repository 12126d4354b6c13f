"""Under which headings people choose what they hear of requests, and which notice falls under which."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notices.preferences import Group
from tickets.models import Ticket

ANSWERS, CHANGES, WATCHED, WORK, CLOCKS, ESCALATIONS = (
    "answers",
    "changes",
    "watched",
    "work",
    "clocks",
    "escalations",
)

GROUPS = (
    Group(
        ANSWERS,
        _("Answers to your requests"),
        _("What support writes to you, its questions and solutions, and who asks in your company's name."),
        place=10,
        is_essential=True,
        for_customers=True,
    ),
    Group(
        CHANGES,
        _("Changes of your requests"),
        _("That a request has arrived, was closed, reopened or got another severity."),
        place=20,
        for_customers=True,
    ),
    Group(
        WORK,
        _("Your requests"),
        _("Requests that you are given, and what customers write and change on them."),
        place=20,
        for_staff=True,
    ),
    Group(
        CLOCKS,
        _("Promises due soon or missed"),
        _("On your requests; for leads on all of them."),
        place=30,
        for_staff=True,
    ),
    Group(
        WATCHED,
        _("Requests that you watch"),
        _("Requests of others that you chose to follow."),
        for_staff=True,
        place=40,
        for_customers=True,
    ),
    Group(
        ESCALATIONS,
        _("Escalations"),
        _("You are on duty for one, or have to answer an objection."),
        place=10,
        is_essential=True,
        for_staff=True,
    ),
)

_BY_EVENT = {
    "answered": ANSWERS,
    "asked": ANSWERS,
    "resolved": ANSWERS,
    "closed": ANSWERS,
    "brought_in": ANSWERS,
    "customer_message": WORK,
    "assigned": WORK,
    "warning": CLOCKS,
    "breach": CLOCKS,
    "escalated": ESCALATIONS,
    "escalation_news": ESCALATIONS,
    "objected": ESCALATIONS,
    "worse": ESCALATIONS,
}


def group_of(event: str, ticket: Ticket, person: User) -> str:
    """The group of the notice ``emails/<event>/`` to a person; empty where it is not known who they are."""
    if person.is_staff:
        return _group_of_staff(event, ticket, person)
    named = ticket.named_contact
    if person.pk != ticket.requester_id and (named is None or named.user_id != person.pk):
        return WATCHED
    if event == "unverified":
        return ""
    return ANSWERS if _BY_EVENT.get(event) == ANSWERS else CHANGES


def _group_of_staff(event: str, ticket: Ticket, person: User) -> str:
    group = _BY_EVENT.get(event, WORK)
    if group in (CLOCKS, ESCALATIONS):
        return group
    # Where nobody works on a request, the leads hear in that person's place.
    is_theirs = ticket.assigned_to_id in (person.pk, None)
    return WORK if is_theirs else WATCHED
