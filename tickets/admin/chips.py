"""The filter row of the queue: its menus, what is set in them, and the order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Team, User
from plans.enums import EditionState
from plans.models import Plan
from tickets.desk.asked import SEVERAL, Asked
from tickets.desk.tabs import ORDERS, statuses_of

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Choice:
    """One line of a menu; ``url`` leads to the view with this alone."""

    value: str
    words: str
    url: str
    current: bool


@dataclass(frozen=True)
class Chip:
    """A filter. ``takes_several``: more than one choice at once; ``hidden`` is the rest of the view."""

    name: str
    label: str
    value: str
    clear_url: str
    choices: list[Choice]
    takes_several: bool
    hidden: list[tuple[str, str]]


def chips_of(
    asked: Asked, codes: Iterable[str], staff: list[User], user: User, teams: list[Team]
) -> list[Chip]:
    """The filters in their order. ``codes`` are those of severities. One query, for the plans."""
    rows = (
        Plan.objects.filter(edition__state=EditionState.PUBLISHED)
        .select_related("edition__policy")
        .order_by("edition__policy__slug", "position")
    )
    people = [("me", _("Me")), ("nobody", _("Nobody"))]
    people += [(str(person.pk), str(person)) for person in staff if person.pk != user.pk]
    offered: list[tuple[str, str, Choices]] = [
        ("team", _("Team"), _teams(teams)),
        ("status", _("Status"), [(status.value, str(status.label)) for status in statuses_of(asked.tab)]),
        ("severity", _("Severity"), [(code, code) for code in codes]),
        ("plan", _("Plan"), [(plan_value(plan), plan_words(plan)) for plan in rows]),
        ("assigned", _("Assigned"), people),
    ]
    return [_chip(asked, *one) for one in offered if one[2]]


def organization_chip(asked: Asked) -> Chip:
    """There may be thousands of organizations: one is typed, not chosen."""
    return _chip(asked, "organization", _("Organization"), [])


def sortings(asked: Asked) -> list[Choice]:
    """The orders that the tab leaves to choose; none where it has its own."""
    if not asked.tab.may_be_sorted:
        return []
    return [
        Choice(
            name, str(sorting.title), f"?{replace(asked, order_name=name).query()}", asked.order.name == name
        )
        for name, sorting in ORDERS.items()
    ]


def plan_value(plan: Plan) -> str:
    """A plan in an address: policy and plan, whatever the edition."""
    return f"{plan.edition.policy.slug}/{plan.code}"


def plan_words(plan: Plan) -> str:
    return f"{plan.edition.title()}: {plan.title()}"


def _teams(teams: list[Team]) -> Choices:
    return [*((str(team.pk), team.name) for team in teams), ("none", _("No team"))] if teams else []


def _chip(asked: Asked, name: str, label: str, choices: Choices) -> Chip:
    values = asked.wanted.get(name, ())
    words = dict(choices)
    rest = asked.with_filter(name).kept()
    return Chip(
        name,
        label,
        ", ".join(words.get(value, value) for value in values),
        f"?{asked.with_filter(name).query()}",
        [
            Choice(code, said, f"?{asked.with_filter(name, code).query()}", code in values)
            for code, said in choices
        ],
        name in SEVERAL,
        [(key, text) for key, value in rest.items() for text in _texts(value)],
    )


def _texts(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
