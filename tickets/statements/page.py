"""A statement as its page shows it: the figures of the document in the reader's language, none counted anew.

All times are written in the contract's zone, which decides to which month a promise belongs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts import moments
from accounts.punctuation import listed, strung
from plans.hours import hours_in_words
from plans.models import Contract, Edition
from plans.templatetags.texts import target_length
from plans.terms import terms_for
from tickets.clock_views import label
from tickets.enums import EventKind
from tickets.exclusion_views import promise_words
from tickets.statements.strip import Strip, kind_of, strip
from timekeeping import parse_target
from timekeeping.statement import written


@dataclass(frozen=True)
class Row:
    """One promise; ``kind`` is met, missed, excluded, running, paused, withdrawn or merged."""

    ticket: int
    subject: str
    url: str
    why_url: str
    promise: str
    severity: str
    target: str
    started: SafeString | str
    due: SafeString | str
    done: SafeString | str
    kind: str
    words: str
    note: str
    events: int


@dataclass(frozen=True)
class Line:
    """One line of the table of totals."""

    title: str
    tally: dict[str, Any]


@dataclass(frozen=True)
class Recorded:
    """The recorded events of a ticket, as moment and words."""

    ticket: int
    subject: str
    events: list[tuple[SafeString | str, str]]


@dataclass(frozen=True)
class LeftOut:
    """A miss that an exclusion stands beside: what its terms leave out, and what became of the note."""

    ticket: int
    url: str
    promise: str
    text: str
    noted: SafeString | str
    became: str


class Page:
    """What the templates read. ``address`` gives the page of a ticket, ``why`` that of a promise of it."""

    def __init__(
        self,
        statement: dict[str, Any],
        contract: Contract,
        *,
        for_staff: bool,
        address: Callable[[int], str],
        why: Callable[[int, str, int], str],
    ) -> None:
        self.statement = statement
        self.contract = contract
        self.for_staff = for_staff
        self._address, self._why = address, why
        self.language = get_language() or "en"
        self.zone = ZoneInfo(statement["month"]["zone"])
        self.written_at = _instant(statement["written_at"])
        self._tickets = {ticket["number"]: ticket for ticket in statement["tickets"]}
        self.totals = statement["totals"]
        self.all = self.totals["all"]
        self.fell_due = self.all["met"] + self.all["missed"]

    @property
    def month(self) -> str:
        """``October 2026``."""
        return month_words(self.statement["month"]["name"])

    @property
    def is_over(self) -> bool:
        """Whether the month had ended when the statement was written."""
        return bool(self.statement["month"]["until"] <= self.statement["written_at"])

    @property
    def city(self) -> str:
        return moments.city(self.zone, self.language)

    @property
    def written(self) -> SafeString | str:
        return written_tag(self.written_at, self.zone, self.language)

    @cached_property
    def _edition(self) -> Edition | None:
        return self.contract.edition_now()

    @property
    def terms(self) -> str:
        """Plan and editions: of the requests that are listed, else what the contract reads now."""
        edition = self._edition
        plan = edition.plans.filter(code=self.contract.plan_code).first() if edition else None
        numbers = self.statement["contract"]["editions"] or ([edition.number] if edition else [])
        names = {
            "policy": edition.title() if edition else self.contract.policy.slug,
            "plan": plan.title() if plan else self.contract.plan_code,
            "numbers": listed(numbers),
        }
        return (
            ngettext(
                "%(policy)s, %(plan)s, edition %(numbers)s",
                "%(policy)s, %(plan)s, editions %(numbers)s",
                len(numbers),
            )
            % names
        )

    @property
    def hours(self) -> list[str]:
        """The contract's hours at the moment of writing."""
        if self._edition is None:
            return []
        terms = terms_for(
            self._edition,
            self.contract.plan_code,
            self.contract.coverage_option,
            None,
            self.contract.organization.time_zone,
        )
        return hours_in_words(terms.coverage_at(self.written_at), self.language)

    @cached_property
    def strip(self) -> Strip:
        title = _("%(met)s met, %(missed)s missed, %(running)s running") % self.all
        return strip(self.statement["promises"], title)

    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(row) for row in self.statement["promises"]]

    @cached_property
    def withdrawn(self) -> list[Row]:
        return [self._row(row) for row in self.statement["withdrawn"]]

    @property
    def lines(self) -> list[Line]:
        """Totals of everything, by promise and by severity (the most severe first)."""
        by_metric, by_severity = self.totals["by_metric"], self.totals["by_severity"]
        ranks = [code for terms in self.statement["terms"].values() for code in terms["severities"]]
        lines = [Line(_("All promises"), self.all)]
        lines += [Line(label(metric, self.for_staff), tally) for metric, tally in by_metric.items()]
        lines += [Line(code, by_severity[code]) for code in sorted(by_severity, key=ranks.index)]
        return lines

    @property
    def left_out(self) -> list[LeftOut]:
        """The excluded misses, in order of due."""
        return [self._left_out(row) for row in self.statement["promises"] if row["excluded"]]

    def _left_out(self, row: dict[str, Any]) -> LeftOut:
        notes = self._tickets[row["ticket"]]["exclusions"]
        beside = {(note["metric"], note["cycle"]): note for note in notes}
        note = beside.get((row["metric"], row["cycle"])) or beside[(None, None)]
        if note["answered_at"]:
            became = _("you objected, and support upheld it")
        elif note["objected_at"]:
            became = _("you objected; the answer is to come")
        else:
            became = _("no objection")
        return LeftOut(
            ticket=row["ticket"],
            url=self._address(row["ticket"]) + "#h-scope",
            promise=promise_words(row["metric"], row["cycle"], self.for_staff),
            text=note["note"],
            noted=self.moment(note["noted_at"]),
            became=became,
        )

    @property
    def recorded(self) -> list[Recorded]:
        return [
            Recorded(
                ticket["number"],
                ticket["subject"],
                [(self.moment(event["at"]), _event_words(event)) for event in ticket["events"]],
            )
            for ticket in self.statement["tickets"]
        ]

    @property
    def event_count(self) -> int:
        return sum(len(ticket["events"]) for ticket in self.statement["tickets"])

    def moment(self, value: str | None) -> SafeString | str:
        """A ``<time>`` to the second; the year only where it is not the statement's."""
        if value is None:
            return ""
        return time_tag(_instant(value), _instant(self.statement["month"]["from"]), self.zone, self.language)

    def _row(self, row: dict[str, Any]) -> Row:
        number, metric, cycle = row["ticket"], row["metric"], row["cycle"]
        ticket = self._tickets[number]
        name = label(metric, self.for_staff)
        return Row(
            ticket=number,
            subject=ticket["subject"],
            url=self._address(number),
            why_url=self._why(number, metric, cycle),
            promise=f"{name} {cycle}" if cycle > 1 else name,
            severity=row["severity"],
            target=target_length(parse_target(row["target"])),
            started=self.moment(row["started_at"]),
            due=self.moment(row["due_at"]),
            done=self.moment(row["met_at"]),
            kind=row["state"] if row["state"] not in ("met", "missed", "running") else kind_of(row),
            words=self._margin(row),
            note=row["excluded"]["note"] if row["excluded"] else "",
            events=len(ticket["events"]),
        )

    def _margin(self, row: dict[str, Any]) -> str:
        """By how much it was early or late, in the time that counts for it."""
        if row["state"] == "met":
            early = row["early_seconds"]
            return _("%(length)s early") % {"length": self._length(early)} if early else _("on time")
        if row["state"] != "missed":
            return ""
        late = row["late_seconds"]
        if late:
            return _("by %(length)s") % {"length": self._length(late)}
        ended = _instant(row["met_at"] or self.statement["written_at"])
        wall = (ended - _instant(row["due_at"])).total_seconds()
        return _("by %(length)s, outside support hours") % {"length": self._length(wall)}

    def _length(self, seconds: float) -> str:
        return moments.length(seconds, self.language)

    @property
    def median(self) -> str:
        """The median time to a first answer; nothing where none was given."""
        seconds = self.totals["median_first_response_seconds"]
        return "" if seconds is None else self._length(seconds)

    @property
    def paused(self) -> str:
        seconds = self.totals["paused_seconds"]
        return self._length(seconds) if seconds else ""


def time_tag(at: datetime, month: datetime, zone: ZoneInfo, language: str) -> SafeString:
    """A ``<time>`` to the second in a zone; the year only where it is not that of ``month``."""
    return format_html(
        '<time datetime="{}" title="{}"><span class="nowrap">{}</span> <span>{}</span></time>',
        written(at),
        moments.full_moment(at, zone, language),
        moments.day(at, month, zone, language),
        at.astimezone(zone).strftime("%H:%M:%S"),
    )


def written_tag(at: datetime, zone: ZoneInfo, language: str) -> SafeString:
    """When a paper was written: with its year, because paper lies about for years."""
    return time_tag(at, datetime.min.replace(tzinfo=zone) + timedelta(days=2), zone, language)


def month_words(month: str) -> str:
    """``2026-10`` as ``October 2026``, ``2026年10月``."""
    # Translators: the format of a month with its year, as Django's date filter takes it.
    return date_format(date.fromisoformat(f"{month}-01"), pgettext("month", "F Y"))


def _kind(do: str) -> EventKind:
    return EventKind.MOVED if do == "moved_away" else EventKind(do)


def _event_words(event: dict[str, Any]) -> str:
    """What happened, with what the clocks need of it."""
    words = str(_("Moved to other terms") if event["do"] == "terms" else _kind(event["do"]).label)
    how = {"raised": _("it got worse"), "corrected": _("corrected"), "lowered": _("lowered")}
    by = {"support": _("by support"), "customer": _("by the customer")}
    more = [
        event.get("severity"),
        event.get("to"),
        f"#{event['into']}" if "into" in event else "",
        how.get(event.get("how", "")),
        by.get(event.get("by", "")),
    ]
    return strung([words, *more])


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value)
