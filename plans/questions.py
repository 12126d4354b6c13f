"""What is due when, and what the clocks of a history read: the questions of `due`, `replay` and the API."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from plans.enums import Metric
from plans.lines import (
    Case,
    LineError,
    instant_of,
    optional_flag,
    optional_text,
    text_of,
    written_instant,
)
from plans.models import Edition
from plans.policyfile.shapes import ZONES
from plans.terms import PolicyTerms, policy_terms
from timekeeping import Coverage, Event, Explanation, HistoryError, Terms, due_at, explain, replay

Book = Callable[[Case], PolicyTerms]

ACTS = frozenset(
    {
        *("submit", "reply", "ask", "note", "auto_reply", "customer", "hold", "unhold"),
        *("no_reply_needed", "severity", "resolve", "close", "reopen"),
    }
)
EVENT_TEXTS = ("severity", "to", "how", "by")
DUE_RESULTS = ("due_at", "counted", "skipped", "counted_seconds", "error")

# Counting needs no search, so the horizon does not bound it; but centuries of it would hold up everybody.
MOST_COUNTED_DAYS = 36_600


def book_of_file(terms: PolicyTerms) -> Book:
    """Answers from one file that is not imported; a case that names another policy is refused."""

    def look_up(case: Case) -> PolicyTerms:
        slug = optional_text(case, "policy")
        if slug is not None and slug != terms.slug:
            raise LineError(f"no such policy in this file: {slug}")
        return terms

    return look_up


def book_of_database() -> Book:
    """Answers from the published editions, or from the one that a case names by number; each read once."""
    read: dict[tuple[str, int | None], PolicyTerms] = {}

    def look_up(case: Case) -> PolicyTerms:
        slug, number = text_of(case, "policy"), case.get("edition")
        if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
            raise LineError("edition is no whole number")
        if (slug, number) not in read:
            read[slug, number] = policy_terms(_edition(slug, number))
        return read[slug, number]

    return look_up


def _edition(slug: str, number: int | None) -> Edition:
    if "\x00" in slug:
        raise LineError("no such policy")
    editions = Edition.objects.filter(policy__slug=slug).select_related("policy")
    if number is None:
        found = editions.published().first()
    else:
        found = editions.filter(number=number).first() if 0 < number < 2**31 else None
    if found is None:
        raise LineError(f"no such policy: {slug}" if number is None else f"no edition {number} of {slug}")
    return found


def answer_due(case: Case, book: Book) -> Case:
    """The case with when it is due, and why or how much was counted where it asks. See the command `due`.

    Raises ValueError (LineError, TermsError, HorizonError) in words for whoever asked.
    """
    terms, source = _terms_of(case, book)
    severity, metric = text_of(case, "severity"), text_of(case, "metric")
    if severity not in source.severities:
        raise LineError(f"no such severity: {severity}")
    if metric not in Metric.values:
        raise LineError(f"no such metric: {metric}")
    at = instant_of(case, "at")
    target = terms.targets.get(metric, {}).get(severity)
    coverage = terms.coverage_at(at)
    due = None if target is None else due_at(target, coverage, at)
    results: Case = {"due_at": written_instant(due)}
    if optional_flag(case, "explain"):
        explained = Explanation() if target is None or due is None else explain(target, coverage, at, due)
        results |= written_explanation(explained)
    if case.get("until") is not None:
        results["counted_seconds"] = counted_seconds(coverage, at, instant_of(case, "until"))
    return {key: value for key, value in case.items() if key not in DUE_RESULTS} | results


def counted_seconds(coverage: Coverage, at: datetime, until: datetime) -> int:
    """The covered seconds between two instants; 0 without coverage."""
    if (until - at).days > MOST_COUNTED_DAYS:
        raise LineError(f"until lies more than {MOST_COUNTED_DAYS} days after at")
    return coverage.counted_seconds(at, until) if coverage.calendars else 0


def written_explanation(explained: Explanation) -> dict[str, list[dict[str, Any]]]:
    """An explanation as the interfaces write it: `counted` and `skipped`, in order."""
    counted = [
        {
            "from": written_instant(piece.start),
            "to": written_instant(piece.end),
            "seconds": piece.seconds,
            "calendar": piece.calendar,
        }
        for piece in explained.counted
    ]
    skipped = []
    for gap in explained.skipped:
        item = {"from": written_instant(gap.start), "to": written_instant(gap.end), "why": gap.why}
        skipped.append(item | ({"name": gap.name} if gap.name is not None else {}))
    return {"counted": counted, "skipped": skipped}


def answer_replay(case: Case, book: Book) -> Case:
    """The case with the status and the clocks that its history reads at `now`. See the command `replay`.

    Raises HistoryError with the event's index, and ValueError as `answer_due`.
    """
    terms, _ = _terms_of(case, book)
    now = instant_of(case, "now")
    listed = case.get("events")
    if not isinstance(listed, list):
        raise LineError("events is no list")
    events, fault = _events(listed, now)
    if fault is not None and not events:
        raise fault
    if not events and listed:
        return _read(case, None, [])
    reading = replay(terms, events, now)
    if fault is not None:
        raise fault
    clocks = [
        {
            "metric": clock.metric,
            "cycle": clock.cycle,
            "started_at": written_instant(clock.started_at),
            "due_at": written_instant(clock.due_at),
            "state": clock.state,
            "met_at": written_instant(clock.met_at),
            "paused_since": written_instant(clock.paused_since),
        }
        for clock in reading.clocks
    ]
    return _read(case, reading.status, clocks)


def _read(case: Case, status: str | None, clocks: list[Case]) -> Case:
    kept = {key: value for key, value in case.items() if key not in ("status", "clocks", "error", "index")}
    return kept | {"status": status, "clocks": clocks}


def _events(listed: list[Any], now: datetime) -> tuple[list[Event], HistoryError | None]:
    """Events up to `now`, and the fault of the first that is none: earlier ones may be refused before it."""
    events: list[Event] = []
    for index, item in enumerate(listed):
        try:
            if not isinstance(item, dict):
                raise LineError("the event is no JSON object")
            at = instant_of(item, "at")
            if at > now:
                break
            act = text_of(item, "do")
            if act not in ACTS:
                raise LineError(f"no such event: {act}")
            severity, to, how, by = (optional_text(item, key) for key in EVENT_TEXTS)
            events.append(Event(at, act, severity, to, how, by))
        except (ValueError, OverflowError) as error:
            return events, HistoryError(str(error), index)
    return events, None


def _terms_of(case: Case, book: Book) -> tuple[Terms, PolicyTerms]:
    source = book(case)
    zone = optional_text(case, "time_zone")
    if zone is not None and zone not in ZONES:
        raise LineError(f"no such time zone: {zone}")
    coverage, support_type = optional_text(case, "coverage"), optional_text(case, "support_type")
    return source.terms(text_of(case, "plan"), coverage, support_type, zone), source
