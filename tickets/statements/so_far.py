"""How the promises of a contract are kept this month: the figures of its statement, from the stored clocks.

The statement itself reads every event anew; a page that is looked at all day takes the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.punctuation import strung
from plans.models import Contract
from tickets.enums import ClockState
from tickets.models import Clock, ExclusionNote
from tickets.statements.page import month_words
from tickets.statements.selection import period
from tickets.statements.strip import Strip, strip

# Beyond these the picture says nothing more, and the statement has the figures.
MOST = 2000
COUNTED = (ClockState.RUNNING, ClockState.MET, ClockState.MISSED)


@dataclass(frozen=True)
class SoFar:
    """``missed`` counts excluded ones too; ``last_missed`` is the request of the newest miss."""

    name: str
    month: str
    met: int
    missed: int
    excluded: int
    running: int
    last_missed: int | None
    strip: Strip

    @property
    def fell_due(self) -> int:
        return self.met + self.missed

    @property
    def words(self) -> str:
        """All of it in a sentence: for those who do not see the picture, and below it."""
        return _sentence(self.met, self.missed, self.excluded, self.running)


def so_far(contract: Contract, at: datetime) -> SoFar | None:
    """This month in the contract's zone; None without a promise in it. Three queries.

    A promise stands in the month in which it falls due, a paused one in the month that it is.
    """
    name = f"{at.astimezone(ZoneInfo(contract.zone)):%Y-%m}"
    month = period(contract, name)
    clocks = Clock.objects.filter(contract=contract).order_by("due_at", "pk")
    due = clocks.filter(state__in=COUNTED, due_at__gte=month.start, due_at__lt=month.end)
    paused = clocks.filter(state=ClockState.PAUSED)
    rows = list(due[: MOST + 1])
    # One after the other: many that fall due end the matter before the paused ones are read.
    rows += paused[: MOST + 1 - len(rows)] if len(rows) <= MOST else []
    if not rows or len(rows) > MOST:
        return None
    excluded = set(
        ExclusionNote.objects.in_force().filter(ticket__contract=contract).values_list("ticket", "clock")
    )
    told: list[dict[str, Any]] = [
        {
            "ticket": clock.ticket_id,
            "state": (state := clock.state_at(at)).value,
            "excluded": state == ClockState.MISSED
            and bool(excluded & {(clock.ticket_id, None), (clock.ticket_id, clock.pk)}),
        }
        for clock in rows
    ]
    met = sum(row["state"] == ClockState.MET for row in told)
    missed = [row for row in told if row["state"] == ClockState.MISSED]
    left_out = sum(bool(row["excluded"]) for row in missed)
    running = len(told) - met - len(missed)
    return SoFar(
        name=name,
        month=month_words(name),
        met=met,
        missed=len(missed),
        excluded=left_out,
        running=running,
        last_missed=missed[-1]["ticket"] if missed else None,
        strip=strip(told, _sentence(met, len(missed), left_out, running)),
    )


def _sentence(met: int, missed: int, excluded: int, running: int) -> str:
    words = [_("%(n)s met") % {"n": met}]
    if missed:
        words.append(_("%(n)s missed") % {"n": missed})
    if excluded:
        words.append(_("%(n)s of them excluded") % {"n": excluded})
    if running:
        words.append(_("%(n)s still running") % {"n": running})
    return strung(words)
