"""Escalations as pages show them: the levels as a ladder, and whether a lead may be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.punctuation import listed
from plans.level_words import how_reached
from plans.texts import text_in
from tickets.enums import UNSOLVED, Why
from tickets.models import Escalation, EscalationStep, Ticket


@dataclass(frozen=True)
class Rung:
    """A level. ``state``: done (left behind), now, or ahead. ``how`` says how a level ahead is reached.

    ``told`` is who heard, for staff alone; ``next_at`` the instant at which a level ahead comes by itself.
    """

    level: int
    name: str
    state: str
    why: str = ""
    since: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    acknowledge_by: datetime | None = None
    next_at: datetime | None = None
    how: str = ""
    told: str = ""


@dataclass(frozen=True)
class Ladder:
    """An open escalation at one instant, from its first level up."""

    number: int
    reason: str
    rungs: tuple[Rung, ...]
    is_overdue: bool

    @property
    def now(self) -> Rung:
        """The level that was reached."""
        return next(rung for rung in self.rungs if rung.state == "now")

    @property
    def next(self) -> Rung | None:
        """The level above; None at the top."""
        return next((rung for rung in self.rungs if rung.state == "ahead"), None)


def ladder_of(ticket: Ticket, at: datetime) -> Ladder | None:
    """The ticket's open escalation; None where none is. Two queries, one without."""
    escalation = ticket.escalations.open().first()
    if escalation is None:
        return None
    steps = escalation.steps.select_related("acknowledged_by")
    return ladder(escalation, {step.level: step for step in steps}, at)


def ladder(escalation: Escalation, steps: dict[int, EscalationStep], at: datetime) -> Ladder:
    """The ladder of an escalation whose steps are known."""
    step = steps[escalation.level]
    rungs = [_rung(escalation, level, steps.get(level["level"])) for level in escalation.levels]
    return Ladder(escalation.number, escalation.reason, tuple(rungs), is_overdue(step, at))


def is_overdue(step: EscalationStep, at: datetime) -> bool:
    """Whether the level ought to have been acknowledged before ``at``."""
    return step.acknowledged_at is None and step.acknowledge_by is not None and step.acknowledge_by < at


def _rung(escalation: Escalation, written: dict[str, Any], step: EscalationStep | None) -> Rung:
    level, name = written["level"], text_in(written["name"])
    if step is None:
        next_at = escalation.next_level_at if level == escalation.level + 1 else None
        goes_on = escalation.next_level_at is not None
        return Rung(level, name, "ahead", next_at=next_at, how=how_reached(written["after"], goes_on=goes_on))
    return Rung(
        level,
        name,
        "now" if level == escalation.level else "done",
        why=str(Why(step.why).label),
        since=step.reached_at,
        acknowledged_at=step.acknowledged_at,
        acknowledged_by=step.acknowledged_by.name if step.acknowledged_by else "",
        acknowledge_by=step.acknowledge_by,
        told=said_told(step.told),
    )


def why_no_lead(ticket: Ticket, ladder: Ladder | None, at: datetime) -> str:
    """Why the customer can't ask for a lead, in words; empty where they can. Two queries at most."""
    if ticket.status_at(at) not in UNSOLVED:
        return _("The request is solved. Open it again first.")
    if not ticket.plan.customer_may_escalate or not ticket.plan.escalation_levels.exists():
        return _(
            "Your plan has no escalation. Write what is wrong: the people who work on the request read it."
        )
    if ladder is not None and ladder.next is None:
        return _("It is with %(name)s already, the highest level.") % {"name": ladder.now.name}
    return ""


def next_level(ticket: Ticket, ladder: Ladder | None) -> str:
    """The name of the level that asking now leads to; empty where there is none."""
    if ladder is not None:
        return ladder.next.name if ladder.next else ""
    first = ticket.plan.escalation_levels.first()
    return text_in(first.name) if first else ""


def said_told(told: list[dict[str, Any]]) -> str:
    """Who heard, for staff: "Ana Costa (for Sofia Reyes), Idris Bell"."""
    return listed(
        _("%(name)s (for %(away)s)") % {"name": one["name"], "away": one["instead_of"]}
        if one.get("instead_of")
        else str(one["name"])
        for one in told
    )
