"""Merging a ticket into another of the same organization (time.md, Clocks, "Merged").

The survivor keeps its terms; its clocks take the earlier of two due instants. The other one closes for good
and leads to it: what is written there from then on reaches the survivor. Nothing that was written is moved,
so that a merge shows nobody what they could not read before.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions import telling
from tickets.actions.history import check_version, locked, record
from tickets.actions.refusals import Refused, merged_away, move_not_allowed
from tickets.enums import UNSOLVED, EventKind, Side
from tickets.models import Ticket, Watcher
from tickets.reading import as_history, carried_by, reading_of, replayed_events, submitted_terms
from timekeeping import Reading, replay


def merge(
    *,
    ticket: Ticket,
    into: Ticket,
    actor: User,
    at: datetime,
    reason: str,
    expected_version: int | None = None,
) -> Ticket:
    """Merge ``ticket`` into the survivor ``into``, which is returned. ``expected_version`` is of ``ticket``.

    Who asked is told, and hears of the survivor from now on. Raises Refused: ``merge_other_organization``,
    ``merge_into_itself``, ``merged_away``, ``move_not_allowed`` (one of them is solved),
    ``merge_into_unverified``, ``merge_hides_answers``, ``reason_missing``; and Stale.
    """
    if not reason.strip():
        raise Refused(
            "reason_missing", _("A reason is missing."), _("Write why the two are one, for the record.")
        )
    check_may_be_merged(ticket, into, at)
    with transaction.atomic():
        gone, survivor = _both_locked(ticket, into)
        check_version(gone, expected_version)
        check_may_be_merged(gone, survivor, at)
        at = max(at, gone.last_event_at, survivor.last_event_at)
        carried = carried_by(reading_of(gone, at))
        gone.merged_into = survivor
        told = {"into": survivor.pk, "reason": reason.strip()}
        away = record(gone, EventKind.MERGED_AWAY, at=at, actor=actor, side=Side.SUPPORT, data=told)
        brought = {"from": gone.pk, "carried": carried, "reason": reason.strip()}
        record(survivor, EventKind.MERGE, at=at, actor=actor, side=Side.SUPPORT, data=brought)
        _take_along(gone, survivor, actor, at)
        telling.tell(gone, away, "merged", telling.customers(gone), {"into": survivor.pk})
    ticket.refresh_from_db()
    return survivor


def readings_after_merge(ticket: Ticket, into: Ticket, at: datetime) -> tuple[Reading, Reading, Reading]:
    """What the merge would do: the survivor's reading now, the same after it, and the other's now.

    Nothing is written. Raises Refused where ``merge`` would.
    """
    check_may_be_merged(ticket, into, at)
    at = max(at, ticket.last_event_at, into.last_event_at)
    other = reading_of(ticket, at)
    events = replayed_events(into)
    terms, history = submitted_terms(into, events), as_history(events)
    data = {"from": ticket.pk, "carried": carried_by(other)}
    brought = as_history([into.events.model(ticket=into, at=at, kind=EventKind.MERGE, data=data)])
    return replay(terms, history, at), replay(terms, [*history, *brought], at), other


def check_may_be_merged(ticket: Ticket, into: Ticket, at: datetime) -> None:
    """Raise Refused with the reason for which ``ticket`` can't go into ``into`` at ``at``."""
    if into.pk == ticket.pk:
        raise Refused(
            "merge_into_itself",
            _("A request can't be merged into itself."),
            _("Write the number of the request that stays."),
        )
    if into.organization_id != ticket.organization_id:
        raise Refused(
            "merge_other_organization",
            _("The two requests are of different organizations."),
            _("Merge only requests of one organization. Answer both."),
        )
    if ticket.merged_into_id is not None:
        raise merged_away()
    if into.merged_into_id is not None:
        raise Refused(
            "merged_away",
            _("#%(number)s was itself merged into another one.") % {"number": into.pk},
            _("Merge into #%(number)s instead.") % {"number": into.survivor.pk},
        )
    for one in (ticket, into):
        if one.status_at(at) not in UNSOLVED:
            refused = move_not_allowed(str(one.status_at(at).label).lower())
            raise Refused(
                refused.code,
                f"#{one.pk}: {refused.detail}",
                _("Reopen it first, or link the two instead of merging them."),
            )
    if into.is_unverified:
        raise Refused(
            "merge_into_unverified",
            _("It is not known yet who asked in #%(number)s, so nobody is told of it.") % {"number": into.pk},
            _("Merge the other way round, or record first who asked."),
        )
    _check_nobody_loses_sight(ticket, into, at)


def _check_nobody_loses_sight(ticket: Ticket, into: Ticket, at: datetime) -> None:
    """Who asked and reads the one that goes must be able to read the one that stays (decision 14)."""
    hidden = [
        person.name
        for person in telling.customers(ticket)
        if not ticket.is_unverified and _sees(person, ticket, at) and not _sees(person, into, at)
    ]
    if hidden:
        raise Refused(
            "merge_hides_answers",
            _("%(names)s could not read the answers in #%(number)s: they see their own requests alone.")
            % {"names": ", ".join(hidden), "number": into.pk},
            _("Link the two and answer both, or have an administrator let them see more."),
        )


def _sees(person: User, ticket: Ticket, at: datetime) -> bool:
    return Ticket.objects.visible_to(person, at).filter(pk=ticket.pk).exists()


def _both_locked(ticket: Ticket, into: Ticket) -> tuple[Ticket, Ticket]:
    """Both rows, locked in the order of their numbers: two merges at once wait for each other."""
    rows = {row.pk: locked(row) for row in sorted((ticket, into), key=lambda row: row.pk)}
    return rows[ticket.pk], rows[into.pk]


def _take_along(gone: Ticket, survivor: Ticket, actor: User, at: datetime) -> None:
    """Who was told of the one that went is told of the survivor, as far as they may read it."""
    people = [] if gone.is_unverified else telling.customers(gone)
    watching = [watcher.user for watcher in gone.watchers.select_related("user")]
    Watcher.objects.bulk_create(
        [
            Watcher(ticket=survivor, user=person, added_by=actor, at=at)
            for person in {person.pk: person for person in (*people, *watching)}.values()
            if person.pk != survivor.requester_id and _sees(person, survivor, at)
        ],
        ignore_conflicts=True,
    )
