"""Verbs of escalations: ask, acknowledge, end; and the sweep's step that reaches levels by itself."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from notices.adding import among
from plans.texts import text_in
from tickets.actions import ladder, telling
from tickets.actions.due import Step
from tickets.actions.history import locked, mark_breaches, record
from tickets.actions.refusals import Refused, merged_away, move_not_allowed
from tickets.enums import UNSOLVED, EventKind, Origin, Side, Why
from tickets.models import Escalation, Ticket, TicketEvent
from tickets.reading import sources_of, terms_of


def escalate(
    *,
    ticket: Ticket,
    actor: User,
    at: datetime,
    reason: str,
    side: Side = Side.SUPPORT,
    expected_version: int | None = None,
    level: int | None = None,
) -> Ticket:
    """Bring the ticket before the first level, or from the level it has reached before the next one.

    ``level`` is the one reached that the actor saw, 0 for none: of a double click the second finds another.
    Raises Refused: ``escalation_not_in_plan``, ``reason_missing``, ``merged_away``, ``move_not_allowed`` on a
    solved ticket, ``escalation_at_top`` where no level is above the one reached, ``stale`` or
    ``escalation_not_open`` where another level than ``level`` is reached now; and Stale.
    """
    with transaction.atomic():
        fresh = locked(ticket, expected_version, side)
        levels = [ladder.pinned(row) for row in fresh.plan.escalation_levels.all()]
        if not levels or (side == Side.CUSTOMER and not fresh.plan.customer_may_escalate):
            raise not_in_plan()
        if not reason.strip():
            raise _reason_missing()
        if fresh.merged_into_id is not None:
            raise merged_away()
        if (status := fresh.status_at(at)) not in UNSOLVED:
            raise move_not_allowed(str(status.label).lower())
        climb = _as_of(fresh, at) or ladder.new_climb(
            fresh,
            terms_of(fresh),
            levels,
            number=fresh.escalations.count() + 1,
            origin=Origin.CUSTOMER if side == Side.CUSTOMER else Origin.STAFF,
            asked_by=actor,
            reason=reason.strip(),
            opened_at=max(at, fresh.last_event_at),
        )
        if level is not None and level != climb.escalation.level:
            raise _gone_on(climb) if climb.escalation.level else _nothing_open()
        if climb.escalation.level == climb.top:
            raise at_top(text_in(climb.escalation.levels[-1]["name"]))
        data = climb.data(climb.escalation.level + 1) | {"why": Why.REQUEST.value, "reason": reason.strip()}
        event = record(fresh, EventKind.ESCALATED, at=at, actor=actor, side=side, data=data)
        climb.reach(event.at, Why.REQUEST, event)
        ladder.write([climb], event.at)
    return _renewed(ticket)


def acknowledge(*, ticket: Ticket, actor: User, at: datetime, level: int | None = None) -> Ticket:
    """Take over the level that was reached: the next one does not come by itself any more.

    ``level`` is the one that the actor saw. Raises Refused where nothing is open, another level has been
    reached meanwhile (``stale``), or somebody was first.
    """
    with transaction.atomic():
        fresh = locked(ticket)
        climb = _as_of(fresh, at)
        if climb is None:
            raise _nothing_open()
        escalation = climb.escalation
        if level is not None and level != escalation.level:
            raise _gone_on(climb)
        step = escalation.steps.select_related("acknowledged_by").get(level=escalation.level)
        if step.acknowledged_by is not None:
            raise _acknowledged_already(step.acknowledged_by)
        data = climb.data(escalation.level)
        event = record(fresh, EventKind.ACKNOWLEDGED, at=at, actor=actor, side=Side.SUPPORT, data=data)
        step.acknowledged_at, step.acknowledged_by = event.at, actor
        step.save(update_fields=["acknowledged_at", "acknowledged_by"])
        escalation.next_level_at = None
        escalation.save(update_fields=["next_level_at"])
        _tell_news(fresh, event, "acknowledged")
    return _renewed(ticket)


def end_escalation(*, ticket: Ticket, actor: User, at: datetime, reason: str) -> Ticket:
    """End the open escalation while the ticket goes on.

    Raises Refused where no reason is given, or nothing is open.
    """
    with transaction.atomic():
        fresh = locked(ticket)
        if not reason.strip():
            raise _reason_missing()
        climb = _as_of(fresh, at)
        if climb is None:
            raise _nothing_open()
        data = climb.data(climb.escalation.level) | {"why": "ended", "reason": reason.strip()}
        event = record(fresh, EventKind.ESCALATION_ENDED, at=at, actor=actor, side=Side.SUPPORT, data=data)
        ladder.end(fresh, event.at, reason.strip(), event)
        _tell_news(fresh, event, "ended")
    return _renewed(ticket)


def _due(at: datetime) -> QuerySet[Escalation]:
    """Escalations whose next level has come, with what a climb needs of their tickets."""
    joined = (f"ticket__{name}" for name in ladder.JOINED)
    return Escalation.objects.due(at).select_related(*joined).order_by("next_level_at", "pk")


def _reach(found: list[Escalation], at: datetime) -> int:
    """Levels that come by themselves, each at its own instant, however late it is noticed."""
    sources = sources_of(row.ticket for row in found)
    climbs = [
        ladder.Climb(row, row.ticket, terms_of(row.ticket, sources[row.ticket.plan.edition_id]))
        for row in found
    ]
    for climb in climbs:
        climb.advance(at)
    ladder.write(climbs, at)
    touched = Ticket.objects.filter(pk__in=among(row.ticket_id for row in found))
    touched.update(updated_at=at, version=F("version") + 1)
    return len(found)


LEVELS = Step("escalated", _due, _reach, attrgetter("ticket_id"), ("ticket",))


def _as_of(ticket: Ticket, at: datetime) -> ladder.Climb | None:
    """The open escalation of a locked ticket with all that came by itself up to ``at``, swept or not."""
    mark_breaches(list(ticket.clocks.breached(at)), at)
    climb = ladder.open_climb(ticket)
    if climb is not None:
        climb.advance(at)
        ladder.write([climb], at)
        climb.steps, climb.events = [], []
    return climb


def _tell_news(ticket: Ticket, event: TicketEvent, kind: str) -> None:
    """The customer: somebody has taken it over, or it is over."""
    facts = {
        "kind": kind,
        "level_name": event.data["name"],
        "since_at": event.at.isoformat(),
        "reason": event.data.get("reason", ""),
        "author": event.actor.name if event.actor else "",
    }
    telling.tell(ticket, event, "escalation_news", telling.customers(ticket), facts)


def _renewed(ticket: Ticket) -> Ticket:
    ticket.refresh_from_db()
    return ticket


def not_in_plan() -> Refused:
    """The plan has no levels, or none that a customer may ask for."""
    return Refused(
        "escalation_not_in_plan",
        _("The plan of this request has no escalation that you can ask for."),
        _("Write a message that says what is wrong, or ask for a plan with escalation."),
    )


def _reason_missing() -> Refused:
    return Refused(
        "reason_missing",
        _("An escalation needs a reason."),
        _("Write why, in a sentence that both sides may read."),
    )


def at_top(name: str) -> Refused:
    """No level is above the one reached, which is called ``name``."""
    return Refused(
        "escalation_at_top",
        _("It is with %(name)s already, the highest level.") % {"name": name},
        _("Write what they should know as a message: they read this request."),
    )


def _nothing_open() -> Refused:
    return Refused(
        "escalation_not_open",
        _("No escalation of this request is open."),
        _("Look at the request again: it may have ended since you opened the page."),
    )


def _gone_on(climb: ladder.Climb) -> Refused:
    name = text_in(climb.escalation.levels[climb.escalation.level - 1]["name"])
    return Refused(
        "stale",
        _("Meanwhile it has gone on to %(name)s.") % {"name": name},
        _("Look at the request again, and acknowledge that level."),
    )


def _acknowledged_already(person: User) -> Refused:
    return Refused(
        "acknowledged_already",
        _("%(name)s has acknowledged it already.") % {"name": person.name},
        _("There is nothing more to do here; agree with them who does what."),
    )
