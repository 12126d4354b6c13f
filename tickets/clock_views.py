"""Clocks as pages show them: the plain values that ribbons, chips and words are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from plans.pictures.clockview import ClockView, from_explanation
from plans.promised import promised
from plans.terms import PolicyTerms
from tickets.enums import ClockState, Metric
from tickets.models import Clock, Ticket
from tickets.reading import counted_between, reading_of, seconds_left, sources_of, terms_of
from timekeeping import (
    ClockReading,
    Coverage,
    Reading,
    Target,
    Terms,
    explain_clock,
    parse_target,
)

_COUNTING = {"covered": "covered", "elapsed": "elapsed"}


def clock_views(ticket: Ticket, at: datetime, *, for_staff: bool = False) -> list[ClockView]:
    """Every clock of a ticket at ``at``, explained; the promise to look at first comes first. One query.

    Order: owed ones (overdue first, then by due instant), paused ones, then the rest, newest first.
    """
    return views_of_reading(ticket, reading_of(ticket, at), at, for_staff=for_staff)


def views_of_reading(
    ticket: Ticket, reading: Reading, at: datetime, *, for_staff: bool = False
) -> list[ClockView]:
    """The views of clocks that were read already."""
    return [_view(ticket, clock, at, for_staff) for clock in sorted(reading.clocks, key=_importance)]


def preview_view(
    terms: Terms, *, metric: str, severity: str, at: datetime, for_staff: bool = False
) -> ClockView | None:
    """The promise that would start at ``at``; None where these terms promise nothing."""
    return promised(terms, metric=metric, label=label(metric, for_staff), severity=severity, at=at)


def row_clocks(tickets: Iterable[Ticket], at: datetime) -> list[Clock]:
    """What rows show of clocks, by due instant: those owed or paused, and of done tickets all that ended.

    One query.
    """
    rows = list(tickets)
    going = [ticket.pk for ticket in rows if _is_owing(ticket, at)]
    done = [ticket.pk for ticket in rows if not _is_owing(ticket, at)]
    owed = Q(ticket__in=going, met_at=None) & ~Q(state__in=(ClockState.WITHDRAWN, ClockState.MERGED))
    ended = Q(ticket__in=done, state__in=(ClockState.MET, ClockState.MISSED))
    return list(Clock.objects.filter(owed | ended).order_by("due_at", "pk"))


def row_views(
    tickets: Iterable[Ticket],
    at: datetime,
    *,
    for_staff: bool = False,
    clocks: list[Clock] | None = None,
    sources: Mapping[int, PolicyTerms] | None = None,
) -> dict[int, ClockView | None]:
    """The next promise of each ticket of a list, by ticket number, without its stretches. Two queries.

    Owed promises come before paused ones; None where a ticket owes nothing. Tickets are given with
    ``plan__edition__policy`` selected; ``clocks`` are their ``row_clocks`` and ``sources`` the terms of
    their editions where the caller has them.
    """
    by_number = {ticket.pk: ticket for ticket in tickets}
    best: dict[int, Clock] = {}
    for clock in row_clocks(by_number.values(), at) if clocks is None else clocks:
        held = best.get(clock.ticket_id)
        if held is None or (held.due_at is None and clock.due_at is not None):
            best[clock.ticket_id] = clock
    sources = sources_of(by_number.values()) if sources is None else sources
    views: dict[int, ClockView | None] = dict.fromkeys(by_number)
    for number, clock in best.items():
        ticket = by_number[number]
        if _is_owing(ticket, at):
            terms = terms_of(ticket, sources[ticket.plan.edition_id])
            views[number] = _row_view(clock, terms, at, for_staff)
    return views


def label(metric: str, for_staff: bool) -> str:
    """What a promise is called: the customer's word, or the word of support."""
    if for_staff:
        words = {
            Metric.FIRST_RESPONSE: _("First response"),
            Metric.NEXT_UPDATE: _("Update"),
            Metric.NEXT_REPLY: _("Reply"),
            Metric.RESOLUTION: _("Resolution"),
        }
    else:
        words = {
            Metric.FIRST_RESPONSE: _("First answer"),
            Metric.NEXT_UPDATE: _("Next news"),
            Metric.NEXT_REPLY: _("Answer to your message"),
            Metric.RESOLUTION: _("Solution"),
        }
    return words[Metric(metric)]


def _importance(clock: ClockReading) -> tuple[int, float]:
    due = clock.due_at or clock.would_be_due or clock.started_at
    if clock.met_at is None and clock.state in ("running", "missed"):
        return 0, due.timestamp()
    if clock.state == "paused":
        return 1, due.timestamp()
    return 2, -clock.started_at.timestamp()


def _view(ticket: Ticket, clock: ClockReading, at: datetime, for_staff: bool) -> ClockView:
    target, coverage = clock.target, clock.coverage
    explanation = from_explanation(explain_clock(clock, at))
    explained = sum(stretch.seconds for stretch in explanation)
    # Merged: it goes on from the merge to the earlier due instant, which is less than the target.
    goes_on = target.seconds and clock.counting_from > clock.started_at and clock.due_at is not None
    promised_seconds = min(target.seconds, explained) if goes_on else target.seconds
    total = promised_seconds or explained
    left = seconds_left(clock, at) if clock.is_live else None
    return ClockView(
        metric=clock.metric,
        label=label(clock.metric, for_staff),
        state=_state(clock.state, clock.warn_at, at),
        started_at=clock.started_at,
        zone=_zone(coverage),
        due_at=clock.due_at,
        met_at=clock.met_at,
        paused_since=clock.paused_since,
        warn_at=clock.warn_at,
        target_written=str(target),
        target_seconds=promised_seconds or None,
        counted_seconds=_counted(clock, total, left),
        remaining_seconds=left,
        over_seconds=_over(clock.state, clock.due_at, clock.met_at, target, coverage, at),
        explanation=explanation,
        counting=_COUNTING.get(target.kind, "days"),
        calendar=coverage.calendars[0].name if coverage.calendars else "",
        cycle=clock.cycle,
        severity=clock.severity,
        terms=_("%(plan)s, edition %(number)s")
        % {"plan": ticket.plan.title(), "number": ticket.plan.edition.number},
    )


def _counted(clock: ClockReading, total: int, left: int | None) -> int:
    """Seconds counted up to now, or up to the answer."""
    if left is not None:
        return max(0, total - left)
    if clock.met_at is not None and clock.due_at is not None and clock.met_at <= clock.due_at:
        return max(0, total - counted_between(clock.target, clock.coverage, clock.met_at, clock.due_at))
    return total if clock.state == "missed" else 0


def _over(
    state: str, due: datetime | None, met: datetime | None, target: Target, coverage: Coverage, at: datetime
) -> int | None:
    """Time past a missed clock's due instant, counted as its target is, else on the wall."""
    if state != "missed" or due is None:
        return None
    end = met or at
    return counted_between(target, coverage, due, end) or int((end - due).total_seconds())


def _row_view(clock: Clock, terms: Terms, at: datetime, for_staff: bool) -> ClockView:
    target = parse_target(clock.target)
    coverage = terms.coverage_at(clock.started_at)
    state = clock.state_at(at)
    left = clock.left_seconds
    if clock.due_at is not None:
        left = counted_between(target, coverage, at, clock.due_at)
    total = target.seconds or counted_between(target, coverage, clock.started_at, clock.due_at or at)
    return ClockView(
        metric=clock.metric,
        label=label(clock.metric, for_staff),
        state=_state(state, clock.warn_at, at),
        started_at=clock.started_at,
        zone=_zone(coverage),
        due_at=clock.due_at,
        paused_since=clock.paused_since,
        warn_at=clock.warn_at,
        target_written=str(target),
        target_seconds=total,
        counted_seconds=max(0, total - (left or 0)),
        remaining_seconds=left,
        over_seconds=_over(state, clock.due_at, None, target, coverage, at),
        counting=_COUNTING.get(target.kind, "days"),
        cycle=clock.cycle,
        severity=clock.severity,
    )


def _is_owing(ticket: Ticket, at: datetime) -> bool:
    return ticket.status_at(at) not in ("resolved", "closed")


def _state(state: str, warn_at: datetime | None, at: datetime) -> str:
    return "soon" if state == "running" and warn_at is not None and warn_at <= at else str(state)


def _zone(coverage: Coverage) -> ZoneInfo:
    """The contract's zone: that of the first calendar."""
    return ZoneInfo(coverage.calendars[0].time_zone if coverage.calendars else "UTC")
