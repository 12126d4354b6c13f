"""Panels of the ticket page: what is out of scope, what was worked, and how content the customer is."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from tickets.charge_views import charged_words
from tickets.charges import so_far
from tickets.enums import ClockState
from tickets.exclusion_views import note_views, promise_words
from tickets.forms.scope import ExcludeForm, WorkForm
from timekeeping import Reading

if TYPE_CHECKING:
    from tickets.admin.page import TicketPage

ANSWER = "tickets.change_exclusionnote"
_MAY_BE_EXCLUDED = (ClockState.MISSED, ClockState.RUNNING, ClockState.PAUSED)


def panels(page: TicketPage, reading: Reading) -> dict[str, Any]:
    """What the page says of exclusions and of work, and the forms to add some. Seven queries at most."""
    notes = note_views(page.ticket, for_staff=True)
    taken = {_key(view.note.clock) for view in notes if view.note.is_in_force}
    return {
        "notes": notes,
        "exclude_form": page.forms.get("exclude") or exclude_form(page, reading, taken=taken),
        "may_answer_objections": page.user.has_perm(ANSWER),
        "surveys": list(page.ticket.surveys.select_related("answered_by")),
        **_work(page),
    }


def _key(clock: Any) -> str:
    """What the form calls a clock, or the whole request."""
    return f"{clock.metric}-{clock.cycle}" if clock else ExcludeForm.WHOLE


def work_form(page: TicketPage, data: Any = None) -> WorkForm:
    """The log's form; charging is offered where the customer agreed to a rate."""
    return WorkForm(data, is_charged=bool(page.ticket.rate_code), prefix="work")


def _work(page: TicketPage) -> dict[str, Any]:
    """The log, the oldest first; an entry that was taken back has the one that did as ``voided_by``."""
    entries = list(page.ticket.work.select_related("person", "voids", "voided_by__person"))
    standing = [entry for entry in entries if entry.voids_id is None and not hasattr(entry, "voided_by")]
    case = so_far(page.ticket) if page.ticket.rate_code else None
    return {
        "work": [entry for entry in entries if entry.voids_id is None],
        "worked_seconds": sum(entry.seconds for entry in standing),
        "charged": charged_words(case) if case else "",
        "work_form": page.forms.get("work") or work_form(page),
    }


def exclude_form(
    page: TicketPage, reading: Reading, data: Any = None, taken: Collection[str] = ()
) -> ExcludeForm | None:
    """Over the missed promises first, then those that run; nothing where the terms exclude nothing.

    ``taken`` have a note already, and are not offered.
    """
    exclusions = list(page.ticket.plan.edition.exclusions.all())
    if not exclusions:
        return None
    clocks = [clock for clock in reading.clocks if clock.state in _MAY_BE_EXCLUDED]
    clocks.sort(key=lambda clock: _MAY_BE_EXCLUDED.index(ClockState(clock.state)))
    promises = [
        (_key(clock), promise_words(clock.metric, clock.cycle, True))
        for clock in clocks
        if _key(clock) not in taken
    ]
    return ExcludeForm(
        data,
        promises=promises,
        exclusions=exclusions,
        language=page.ticket.requester.language,
        prefix="exclude",
    )
