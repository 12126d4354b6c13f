"""Watching: people who are told what happens to a ticket besides those it concerns anyway.

Watching gives nobody a right to read: who may not see the ticket is refused here, and left out again whenever
somebody is told (``tickets.actions.telling``).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Sees
from accounts.models import Contact, User
from tickets.actions.history import locked
from tickets.actions.refusals import Refused
from tickets.models import Ticket, Watcher

MOST_WATCHERS = 30


def watch(*, ticket: Ticket, person: User, actor: User, at: datetime) -> None:
    """Let ``person`` be told from now on; twice is once.

    Customers add people of their own side, staff add staff. Raises Refused (``watcher_may_not_see``,
    ``watcher_other_side``, ``too_many_watchers``).
    """
    if person.pk != actor.pk and person.is_staff != actor.is_staff:
        raise Refused(
            "watcher_other_side",
            _("%(name)s does not stand on your side of this request.") % {"name": person},
            _("Choose somebody of your own organization."),
        )
    if not person.is_active or not Ticket.objects.visible_to(person, at).filter(pk=ticket.pk).exists():
        raise Refused(
            "watcher_may_not_see",
            _("%(name)s may not see this request.") % {"name": person},
            _("An administrator of %(organization)s sets what each contact sees. Ask for that first.")
            % {"organization": ticket.organization.name},
        )
    with transaction.atomic():
        fresh = locked(ticket)
        if fresh.watchers.filter(user=person).exists():
            return
        if fresh.watchers.count() >= MOST_WATCHERS:
            raise Refused(
                "too_many_watchers",
                _("%(n)s people watch this request, and no more may.") % {"n": MOST_WATCHERS},
                _("Somebody who no longer needs to hear of it may stop watching."),
            )
        Watcher.objects.create(ticket=fresh, user=person, added_by=actor, at=at)


def unwatch(*, ticket: Ticket, person: User, actor: User) -> None:
    """Let ``person`` not be told any more: they say so themselves, or who added them does.

    Raises Refused (``watcher_of_others``).
    """
    row = ticket.watchers.filter(user=person).first()
    if row is None:
        return
    if actor.pk not in (person.pk, row.added_by_id):
        raise Refused(
            "watcher_of_others",
            _("%(name)s watches this by their own choice, or another's.") % {"name": person},
            _("Ask %(name)s to stop watching.") % {"name": person},
        )
    row.delete()


def contacts_who_may_watch(ticket: Ticket) -> QuerySet[Contact]:
    """Approved contacts of the ticket's organization who may see it and do not watch it, by name."""
    sees = Q(is_administrator=True) | Q(sees=Sees.ORGANIZATION) | Q(user=ticket.requester_id)
    if ticket.contact_function:
        sees |= Q(sees=Sees.FUNCTIONS, functions__contains=[ticket.contact_function])
    if ticket.named_contact_id is not None:
        sees |= Q(pk=ticket.named_contact_id)
    rows = Contact.objects.filter(sees, organization=ticket.organization_id, revoked_at=None, waits_for="")
    watching = ticket.watchers.values("user")
    return rows.exclude(user__in=watching).select_related("user").order_by("user__name", "pk")
