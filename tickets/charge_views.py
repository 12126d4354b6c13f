"""Charges as pages and files show them: in the reader's language, none counted anew."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min
from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import moments
from accounts.models import Organization
from plans.wording import rate_words
from tickets.cells import safe_cell
from tickets.charges import Case, Line, totals
from tickets.models import TicketQuerySet
from tickets.statements.page import month_words, time_tag, written_tag
from timekeeping.statement import Period, written

COLUMNS = (
    *("ticket", "subject", "worked_until", "seconds", "counted_seconds", "person", "what_was_done"),
    *("case_billed_seconds", "case_amount", "currency"),
)


@dataclass(frozen=True)
class CaseView:
    """A case as its page shows it."""

    case: Case
    url: str
    rate: str
    worked: str
    counted: str
    billed: str
    before: str
    amount: str
    lines: list[tuple[Line, SafeString, str, str]]


@dataclass(frozen=True)
class Sheet:
    """A month's charges of an organization; times in the organization's zone."""

    organization: Organization
    period: Period
    cases: list[Case]
    at: datetime
    address: Callable[[int], str]

    @property
    def month(self) -> str:
        return month_words(self.period.month)

    @property
    def is_over(self) -> bool:
        return self.period.end <= self.at

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.period.zone)

    @property
    def city(self) -> str:
        return moments.city(self.zone, language())

    @property
    def written(self) -> SafeString:
        return written_tag(self.at, self.zone, language())

    @property
    def totals(self) -> list[str]:
        return [money(currency, amount) for currency, amount in totals(self.cases)]

    @property
    def rows(self) -> list[CaseView]:
        return [self._row(case) for case in self.cases]

    def _row(self, case: Case) -> CaseView:
        return CaseView(
            case=case,
            url=self.address(case.ticket.pk),
            rate=rate_words(case.told),
            worked=length(case.worked),
            counted=length(case.counted),
            billed=length(case.billed),
            before=length(case.billed_before) if case.billed_before else "",
            amount=money(case.rate.currency, case.amount),
            lines=[
                (
                    line,
                    self._moment(line.entry.worked_until),
                    length(line.entry.seconds),
                    length(line.counted),
                )
                for line in case.lines
            ],
        )

    def _moment(self, at: datetime) -> SafeString:
        return time_tag(at, self.period.start, ZoneInfo(self.period.zone), language())


def month_choices(tickets: TicketQuerySet, zone: str, at: datetime) -> list[str]:
    """The months since the first request at a rate, the newest first; this one alone without any."""
    first = tickets.exclude(rate_code="").aggregate(first=Min("submitted_at"))["first"] or at
    month = _first_day(at, zone)
    found = []
    while month >= _first_day(min(first, at), zone):
        found.append(f"{month:%Y-%m}")
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def charged_words(case: Case) -> str:
    """What a request has cost by now, with its rate: for the page of the request."""
    words = {"rate": rate_words(case.told), "amount": money(case.rate.currency, case.amount)}
    if not case.lines:
        return _("Charged at %(rate)s. Nothing is charged so far.") % words
    words["length"] = length(case.counted)
    return _("Charged at %(rate)s: so far %(length)s, %(amount)s.") % words


def money(currency: str, amount: Decimal) -> str:
    """USD 500.00: a currency's code and an exact amount."""
    return f"{currency} {amount:.2f}"


def length(seconds: float) -> str:
    return moments.length(seconds, language())


def language() -> str:
    return get_language() or "en"


def as_csv(cases: Sequence[Case]) -> str:
    """One line an entry; the case's sums stand on its first line alone. Instants in UTC."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for case in cases:
        sums: tuple[Any, ...] = (case.billed, f"{case.amount:.2f}", case.rate.currency)
        for line in case.lines:
            entry = line.entry
            facts = (case.ticket.pk, case.ticket.subject, written(entry.worked_until), entry.seconds)
            cells = (*facts, line.counted, str(entry.person), entry.text, *sums)
            writer.writerow([safe_cell(cell) for cell in cells])
            sums = ("", "", "")
    return file.getvalue()


def download(organization: Organization, period: Period, cases: Sequence[Case]) -> HttpResponse:
    # The mark tells spreadsheets that this is UTF-8.
    response = HttpResponse("\ufeff" + as_csv(cases), content_type="text/csv; charset=utf-8")
    name = f"charges-{organization.slug}-{period.month}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _first_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date().replace(day=1)
