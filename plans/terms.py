"""From rows, or from a file, to the values that `timekeeping` counts with.

Both ways lead through a document (`plans.policyfile`), so that a policy answers the same whether it is
imported or not.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from django.db.models import Count, Max

from plans.holidays import HolidayTerms, HolidayUnion
from plans.models import BusinessCalendar as CalendarRow
from plans.models import Edition, HolidayDay, Plan, SpecialDay
from plans.policyfile import Document
from plans.policyfile.from_rows import document_of
from timekeeping import BusinessCalendar, Coverage, HorizonError, Target, Terms, due_at, parse_target
from timekeeping.instants import HORIZON_DAYS

CACHED_TERMS = 512
CACHED_EDITIONS = 64


class TermsError(ValueError):
    """A question that the policy has no place for, in words: no such plan, a zone that is missing."""


class _Cache:
    """The values used last, up to a number of them. Safe between threads."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.values: OrderedDict[Hashable, Any] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable) -> Any:
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
            return self.values.get(key)

    def put(self, key: Hashable, value: Any) -> None:
        with self.lock:
            self.values[key] = value
            while len(self.values) > self.size:
                self.values.popitem(last=False)


@dataclass(frozen=True, eq=False)
class PolicyTerms:
    """The terms of one edition, or of a file (`edition` None). Read-only; may be shared between threads.

    `frozen` has, for sets of a country or market, the days that were frozen at publishing and their years.
    """

    document: Document
    edition: int | None = None
    frozen: Mapping[str, tuple[Mapping[date, str], range]] = field(default_factory=dict)
    _plans: dict[str, dict[str, Any]] = field(init=False, repr=False)
    _cache: _Cache = field(init=False, repr=False, default_factory=lambda: _Cache(CACHED_TERMS))

    def __post_init__(self) -> None:
        object.__setattr__(self, "_plans", {plan["code"]: plan for plan in self.document["plans"]})

    @property
    def slug(self) -> str:
        """The policy's slug."""
        return str(self.document["policy"])

    @property
    def severities(self) -> tuple[str, ...]:
        """Codes of the severities, most severe first."""
        return tuple(severity["code"] for severity in self.document["severities"])

    @property
    def metrics(self) -> tuple[str, ...]:
        """Metrics that a target may be for."""
        return ("first_response", "next_update", "next_reply", "resolution")

    def plan(self, code: str) -> dict[str, Any]:
        """What the document says of a plan. Raises TermsError where there is none."""
        try:
            return self._plans[code]
        except KeyError:
            raise TermsError(f"no such plan: {code}") from None

    def has_plan(self, code: str) -> bool:
        """Whether there is such a plan."""
        return code in self._plans

    def terms(
        self,
        plan: str,
        coverage: str | None = None,
        support_type: str | None = None,
        time_zone: str | None = None,
        own_targets: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Terms:
        """Terms of a plan for `timekeeping`. See `terms_for`."""
        own = json.dumps(own_targets, sort_keys=True) if own_targets else ""
        key = (plan, coverage, support_type, time_zone, own)
        found = self._cache.get(key)
        if found is None:
            found = self._terms(plan, coverage, support_type, time_zone, own_targets or {})
            self._cache.put(key, found)
        return found  # type: ignore[no-any-return]

    def calendar_names(self, plan: str, coverage: str | None, support_type: str | None) -> tuple[str, ...]:
        """Codes of the calendars that count, in order; none where the plan has no coverage."""
        offer = self.plan(plan)
        options: dict[str, list[str]] = offer["coverage"]
        if coverage is not None and coverage not in options:
            raise TermsError(f"no such coverage in plan {plan}: {coverage}")
        if support_type is not None and support_type not in offer["support_types"]:
            raise TermsError(f"no such support type in plan {plan}: {support_type}")
        if support_type is not None and support_type in offer["coverage_for"]:
            return tuple(offer["coverage_for"][support_type])
        if coverage is None:
            return tuple(next(iter(options.values()), ()))
        return tuple(options[coverage])

    def coverage_of(self, names: tuple[str, ...], time_zone: str | None = None) -> Coverage:
        """A coverage of these calendars as they were published. Raises TermsError where a zone is missing."""
        return self._coverage(names, time_zone, None)

    def _terms(
        self,
        plan: str,
        coverage: str | None,
        support_type: str | None,
        time_zone: str | None,
        own_targets: Mapping[str, Mapping[str, Any]],
    ) -> Terms:
        offer = self.plan(plan)
        names = self.calendar_names(plan, coverage, support_type)
        return Terms(
            severities=self.severities,
            targets=_targets(offer["targets"], own_targets),
            coverage=self._coverage(names, time_zone, None),
            pause_on_hold=offer["pause_on_hold"],
            reopen_days=offer["reopen_days"],
            auto_close_days=offer["auto_close_days"],
            warn_share=offer["warn_at"] / 100,
            amendments=tuple((at, self._coverage(names, time_zone, at)) for at in self._amended(names)),
        )

    def _amended(self, names: tuple[str, ...]) -> list[datetime]:
        calendars = [self.document["calendars"][name] for name in names]
        return sorted({amendment["at"] for calendar in calendars for amendment in calendar["amendments"]})

    def _coverage(self, names: tuple[str, ...], time_zone: str | None, at: datetime | None) -> Coverage:
        """Amendments up to and including `at` are in force; None is before all of them."""
        is_customers = any(
            self.document["calendars"][n]["time_zone"] == CalendarRow.CUSTOMER_ZONE for n in names
        )
        key = ("coverage", names, time_zone if is_customers else None, at)
        found = self._cache.get(key)
        if found is None:
            found = Coverage(tuple(self._calendar(name, time_zone, at) for name in names))
            self._cache.put(key, found)
        return found  # type: ignore[no-any-return]

    def _calendar(self, name: str, time_zone: str | None, at: datetime | None) -> BusinessCalendar:
        item = self.document["calendars"][name]
        zone = item["time_zone"]
        if zone == CalendarRow.CUSTOMER_ZONE:
            if not time_zone:
                raise TermsError(f"calendar {name} runs in the customer's time zone: say which (time_zone)")
            zone = time_zone
        special = dict(item["special_days"])
        for amendment in item["amendments"]:
            if at is not None and amendment["at"] <= at:
                special |= amendment["days"]
        try:
            return BusinessCalendar(
                name,
                zone,
                tuple(minutes_of(spans) for spans in item["hours"]),
                holidays=HolidayUnion(tuple(self._holidays(code) for code in item["holidays"])),
                special_days={day: minutes_of(spans) for day, spans in special.items()},
            )
        except ValueError as error:
            raise TermsError(str(error)) from None

    def _holidays(self, code: str) -> HolidayTerms:
        item = self.document["holiday_sets"][code]
        frozen, years = self.frozen.get(code, ({}, range(0)))
        return HolidayTerms(
            item["country"], item["subdivision"], item["market"], item["dates"] or {}, frozen, years
        )


def never_open(source: PolicyTerms, at: datetime) -> list[str]:
    """What is wrong with calendars that have no open second in a year from `at`, each with its path."""
    year = at + timedelta(days=365)
    return [
        f"calendars.{code}: no open second in a year"
        for code in source.document["calendars"]
        if not source.coverage_of((code,), "UTC").counted_seconds(at, year)
    ]


def never_due(source: PolicyTerms) -> list[str]:
    """Targets that no calendar has the time for within the horizon of a search, each with its path."""
    return [
        f"plans[{number}].targets.{metric}.{severity}: {parse_target(cell)} is more than 3,660 days"
        for number, plan in enumerate(source.document["plans"])
        for metric, cells in plan["targets"].items()
        for severity, cell in cells.items()
        if _days(parse_target(cell)) > HORIZON_DAYS
    ]


def _days(target: Target) -> float:
    return target.days or target.seconds / 86_400


def hardly_due(source: PolicyTerms, at: datetime) -> list[str]:
    """Targets that, started at `at`, find too little time in a coverage of their plan: words of warning."""
    found = []
    for number, plan in enumerate(source.document["plans"]):
        ways = [source.terms(plan["code"], option, None, "UTC") for option in plan["coverage"] or [None]]
        ways += [source.terms(plan["code"], None, kind, "UTC") for kind in plan["coverage_for"]]
        for metric, cells in ways[0].targets.items():
            for severity, target in cells.items():
                if not all(_falls_due(target, way.coverage, at) for way in ways):
                    place = f"plans[{number}].targets.{metric}.{severity}"
                    found.append(f"warning: {place}: {target} does not fall due within 3,660 days")
    return found


def _falls_due(target: Target, coverage: Coverage, at: datetime) -> bool:
    try:
        due_at(target, coverage, at)
    except HorizonError:
        return False
    return True


def minutes_of(spans: list[str]) -> tuple[tuple[int, int], ...]:
    """`HH:MM-HH:MM` spans as minutes from midnight."""
    return tuple(
        (int(span[0:2]) * 60 + int(span[3:5]), int(span[6:8]) * 60 + int(span[9:11])) for span in spans
    )


def _targets(
    written: Mapping[str, Mapping[str, Any]], own: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Target]]:
    """The plan's targets, where a contract's own do not say otherwise; own ones of null promise nothing."""
    found: dict[str, dict[str, Target]] = {}
    for metric in dict.fromkeys([*written, *own]):
        cells = {**written.get(metric, {}), **own.get(metric, {})}
        found[metric] = {severity: parse_target(cell) for severity, cell in cells.items() if cell is not None}
    return found


_editions = _Cache(CACHED_EDITIONS)


def policy_terms(edition: Edition) -> PolicyTerms:
    """The terms of an edition; of a published one, read once and kept until a special day is added."""
    return policy_terms_of([edition])[edition.pk]


def policy_terms_of(editions: Iterable[Edition]) -> dict[int, PolicyTerms]:
    """The terms of several editions by their keys: one query, and more only for those not read before."""
    rows = {edition.pk: edition for edition in editions}
    added = SpecialDay.objects.filter(calendar__edition__in=rows, amended_at__isnull=False)
    marks = added.values_list("calendar__edition").annotate(Count("id"), Max("id"))
    amended = {pk: (count, last) for pk, count, last in marks.order_by()}
    return {pk: _kept(edition, amended.get(pk)) for pk, edition in rows.items()}


def _kept(edition: Edition, amended: tuple[int, int] | None) -> PolicyTerms:
    if edition.is_draft:
        return _read(edition)
    key = (edition.pk, edition.policy_id, edition.published_at, amended)
    found: PolicyTerms | None = _editions.get(key)
    if found is None:
        found = _read(edition)
        _editions.put(key, found)
    return found


def _read(edition: Edition) -> PolicyTerms:
    frozen: dict[str, tuple[dict[date, str], range]] = {}
    if edition.frozen_from_year is not None and edition.frozen_until_year is not None:
        years = range(edition.frozen_from_year, edition.frozen_until_year + 1)
        frozen = {row.code: ({}, years) for row in edition.holiday_sets.all() if row.country or row.market}
        days = HolidayDay.objects.filter(holiday_set__edition=edition, holiday_set__code__in=frozen)
        for code, day, name in days.values_list("holiday_set__code", "date", "name"):
            frozen[code][0][day] = name
    return PolicyTerms(document_of(edition), edition.number, frozen)


def terms_for(
    source: Edition | PolicyTerms | Plan,
    plan: str | None = None,
    coverage: str | None = None,
    support_type: str | None = None,
    time_zone: str | None = None,
    own_targets: Mapping[str, Mapping[str, Any]] | None = None,
) -> Terms:
    """Terms of a plan, ready for `timekeeping.replay` and `due_at`.

    `source` is an edition, or terms read before, and `plan` a code in it; or it is the plan itself.
    `coverage` None takes the plan's first option; `support_type` None is no type in particular. `time_zone`
    is the customer's, needed where a calendar says `customer`. `own_targets` are a contract's own, as
    `{metric: {severity: target}}`. Raises TermsError for a plan, coverage or type that is not there and for a
    zone that is missing.
    """
    if isinstance(source, Plan):
        return terms_for(source.edition, source.code, coverage, support_type, time_zone, own_targets)
    values = source if isinstance(source, PolicyTerms) else policy_terms(source)
    if plan is None:
        raise TermsError("say which plan")
    return values.terms(plan, coverage or None, support_type or None, time_zone or None, own_targets)
