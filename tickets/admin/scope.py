"""Panels of the ticket page: what is out of scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tickets.enums import ClockState
from tickets.exclusion_views import note_views, promise_words
from tickets.forms.scope import ExcludeForm
from timekeeping import Reading

if TYPE_CHECKING:
    from tickets.admin.page import TicketPage

ANSWER = "tickets.change_exclusionnote"
_MAY_BE_EXCLUDED = (ClockState.MISSED, ClockState.RUNNING, ClockState.PAUSED)


def panels(page: TicketPage, reading: Reading) -> dict[str, Any]:
    """What the page says of exclusions, and the form to note one. Three queries at most."""
    return {
        "notes": note_views(page.ticket, for_staff=True),
        "exclude_form": page.forms.get("exclude") or exclude_form(page, reading),
        "may_answer_objections": page.user.has_perm(ANSWER),
    }


def exclude_form(page: TicketPage, reading: Reading, data: Any = None) -> ExcludeForm | None:
    """Over the missed promises first, then those that run; nothing where the terms exclude nothing."""
    exclusions = list(page.ticket.plan.edition.exclusions.all())
    if not exclusions:
        return None
    clocks = [clock for clock in reading.clocks if clock.state in _MAY_BE_EXCLUDED]
    clocks.sort(key=lambda clock: _MAY_BE_EXCLUDED.index(ClockState(clock.state)))
    promises = [
        (f"{clock.metric}-{clock.cycle}", promise_words(clock.metric, clock.cycle, True)) for clock in clocks
    ]
    return ExcludeForm(
        data,
        promises=promises,
        exclusions=exclusions,
        language=page.ticket.requester.language,
        prefix="exclude",
    )
