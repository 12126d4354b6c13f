"""Statements of real requests: the verifier takes each, and they hold no word of what was written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from plans.models import Contract
from plans.terms import terms_for
from tests.factories.plans import published
from tests.portal.conftest import Scene, ask, scene
from tests.statements.histories import statement
from tickets.actions import change_severity, close_by_customer, hear, hold, note, say
from tickets.actions.exclusions import exclude, withdraw_exclusion
from tickets.actions.merging import merge
from tickets.actions.terms import move_to_terms
from tickets.models import Clock, Ticket
from tickets.statements.document import statement_of
from tickets.statements.selection import contracts, months_of, period, usual_month
from tickets.statements.writing import as_csv, as_json
from timekeeping import Event
from timekeeping.verify import read, verify

__all__ = ["ask", "scene"]

SECRET = "Nobody outside may read this"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def written(contract: Contract, month: str, at: datetime) -> dict:
    return statement_of(contract, period(contract, month), at, Ticket.objects.all())


@pytest.fixture
def contract(scene: Scene) -> Contract:
    return contracts().get(organization=scene.organization)


@pytest.fixture
def busy_month(scene: Scene, ask: Callable[..., Ticket], at: datetime) -> datetime:
    """Requests of every fate around Monday 30 November 2026, 18:00 UTC. Returns the moment of writing."""
    answered, closed, waiting, raised, held = (ask(severity=s) for s in ("P2", "P1", "P3", "P3", "P2"))
    ask(severity="P4")
    agent, customer = scene.agent, scene.customer
    say(ticket=answered, author=agent, body=SECRET, at=at + timedelta(minutes=40))
    note(ticket=answered, author=agent, body=SECRET, at=at + timedelta(minutes=50))
    hear(ticket=answered, author=customer, body=SECRET, at=at + timedelta(hours=1))
    close_by_customer(ticket=closed, actor=customer, at=at + timedelta(hours=2), reason=SECRET)
    say(ticket=waiting, author=agent, body=SECRET, at=at + timedelta(hours=1), then="waiting")
    change_severity(
        ticket=raised, actor=customer, to="P1", how="raised", at=at + timedelta(hours=1), reason=SECRET
    )
    hold(ticket=held, actor=agent, at=at + timedelta(hours=3), reason=SECRET)
    return at + timedelta(hours=5)


def test_statements_of_real_requests_are_verified(contract: Contract, busy_month: datetime) -> None:
    for month in months_of(contract, busy_month):
        said = written(contract, month, busy_month)
        verdict = verify(read(as_json(said)))
        assert verdict.differences == ()
    said = written(contract, "2026-11", busy_month)
    assert {row["state"] for row in said["promises"]} >= {"paused"}
    assert said["withdrawn"] and said["contract"]["editions"] == [1]


def test_later_the_same_month_reads_otherwise_and_is_verified_too(
    contract: Contract, busy_month: datetime
) -> None:
    later = busy_month + timedelta(days=40)
    for month in months_of(contract, later):
        assert verify(read(as_json(written(contract, month, later)))).differences == ()
    december = written(contract, "2026-12", later)
    assert december["totals"]["all"]["missed"] > 0


def test_nothing_that_was_written_is_in_the_file(contract: Contract, busy_month: datetime) -> None:
    for month in ("2026-11", "2026-12"):
        text = as_json(written(contract, month, busy_month))
        assert SECRET not in text and '"note"' not in text


def test_notes_and_automatic_replies_are_no_events_of_a_statement(
    contract: Contract, busy_month: datetime
) -> None:
    said = written(contract, "2026-12", busy_month)
    kinds = {event["do"] for ticket in said["tickets"] for event in ticket["events"]}
    assert kinds >= {"submit", "reply", "customer"} and not kinds & {"note", "auto_reply"}
    assert all(
        set(e) <= {"at", "do", "severity", "to", "how", "by"} for t in said["tickets"] for e in t["events"]
    )


@pytest.mark.parametrize("is_whole", [False, True])
def test_exclusions_are_written_and_verified(
    contract: Contract, busy_month: datetime, scene: Scene, is_whole: bool
) -> None:
    later = busy_month + timedelta(days=40)
    plain = written(contract, "2026-12", later)
    row = next(row for row in plain["promises"] if row["state"] == "missed")
    clock = Clock.objects.get(ticket=row["ticket"], metric=row["metric"], cycle=row["cycle"])
    code = clock.ticket.plan.edition.exclusions.first().code
    note = exclude(
        ticket=clock.ticket,
        actor=scene.agent,
        at=later - timedelta(days=1),
        code=code,
        clock=None if is_whole else clock,
        text="Your line was down.",
    )
    said = written(contract, "2026-12", later)
    assert verify(read(as_json(said))).differences == ()
    total, before = said["totals"]["all"], plain["totals"]["all"]
    misses = [r for r in plain["promises"] if (r["ticket"], r["state"]) == (row["ticket"], "missed")]
    assert total["excluded"] == (len(misses) if is_whole else 1)
    assert (total["missed"], total["raw"]) == (before["missed"], before["raw"])
    assert float(total["adjusted"]) > float(before["adjusted"])
    assert [r["ticket"] for r in said["promises"]] == [r["ticket"] for r in plain["promises"]]
    lines = list(csv.DictReader(io.StringIO(as_csv(said))))
    assert {line["excluded_code"] for line in lines} == {"", code}
    assert "Your line was down." in {line["excluded_note"] for line in lines}
    # Before it was noted, and after it is withdrawn, nothing is left out.
    assert written(contract, "2026-12", later - timedelta(days=2))["totals"]["all"]["excluded"] == 0
    withdraw_exclusion(note=note, actor=scene.agent, at=later - timedelta(hours=1), reason="It was ours.")
    assert written(contract, "2026-12", later)["totals"]["all"] == before


def test_a_moved_request_is_read_under_each_of_its_terms(
    contract: Contract, scene: Scene, ask: Callable[..., Ticket], at: datetime
) -> None:
    ticket = ask(severity="P1")
    say(ticket=ticket, author=scene.agent, body="Soon.", at=at + timedelta(hours=3))
    business = ticket.plan.edition.plans.get(code="business")
    move_to_terms(
        ticket=ticket,
        to=business,
        coverage="us",
        at=at + timedelta(hours=4),
        actor=scene.lead,
        reason=SECRET,
    )
    later = at + timedelta(days=3)
    said = written(contract, "2026-11", later)
    text = as_json(said)
    assert verify(read(text)).differences == () and SECRET not in text
    # Answered within the four hours of startup, though not within business's one.
    first = next(row for row in said["promises"] if row["metric"] == "first_response")
    assert (first["target"], first["state"]) == ("4h", "met")
    (told,) = said["tickets"]
    assert said["terms"][told["terms"]]["plan"] == "startup"
    moved = next(event for event in told["events"] if event["do"] == "terms")
    assert said["terms"][moved["terms"]]["plan"] == "business"


def test_merged_requests_are_verified(
    contract: Contract, scene: Scene, ask: Callable[..., Ticket], at: datetime
) -> None:
    first = ask(severity="P1")
    second = ask(severity="P1", at=at + timedelta(hours=1))
    merge(ticket=first, into=second, actor=scene.agent, at=at + timedelta(hours=2), reason=SECRET)
    later = at + timedelta(days=3)
    said = written(contract, "2026-11", later)
    assert verify(read(as_json(said))).differences == () and SECRET not in as_json(said)
    # The survivor took the earlier due instant: four hours from the first asking.
    (row,) = said["promises"]
    assert (row["ticket"], row["due_at"], row["state"]) == (second.pk, "2026-11-30T22:00:00Z", "missed")
    assert [row["state"] for row in said["withdrawn"]] == ["merged"]


def test_csv_has_a_line_for_each_promise_and_no_formula(
    contract: Contract, ask: Callable[..., Ticket]
) -> None:
    ask(subject='=HYPERLINK("https://evil.example"), "quoted"\nand more', severity="P1")
    # Asked on Monday 30 November at 10:00 in Los Angeles: 4 h, due at 14:00 there.
    said = written(contract, "2026-11", utc(2026, 12, 1, 12))
    lines = list(csv.DictReader(io.StringIO(as_csv(said))))
    assert len(lines) == len(said["promises"]) + len(said["withdrawn"]) == 1
    assert lines[0]["subject"].startswith("'=HYPERLINK")
    assert lines[0]["due_at"] == said["promises"][0]["due_at"]
    assert (lines[0]["state"], lines[0]["target"]) == ("missed", "4h")


def test_months_go_from_the_contract_s_first_to_this_one_where_it_is(contract: Contract) -> None:
    # 2026-01-01 begins in New York at 05:00 UTC.
    assert months_of(contract, utc(2026, 3, 1, 4)) == ["2026-02", "2026-01"]
    assert months_of(contract, utc(2026, 3, 1, 5)) == ["2026-03", "2026-02", "2026-01"]
    assert usual_month(contract, utc(2026, 3, 1, 5)) == "2026-03"
    contract.ends_on = utc(2026, 2, 10).date()
    assert usual_month(contract, utc(2026, 6, 1, 5)) == "2026-02"
    assert months_of(contract, utc(2025, 6, 1)) == ["2026-01"]


@pytest.mark.parametrize(
    ("policy", "plan", "severity"),
    [
        ("nextplane", "custom", "P1"),
        ("jumpcloud-msp", "premium", "S3"),
        ("jumpcloud-msp", "standard", "S3"),
        ("office-365", "base-premier", "B"),
        ("two-tier", "standard", "high"),
        ("two-tier", "enterprise", "low"),
    ],
)
def test_each_kind_of_terms_is_written_and_read_back(
    policy: str, plan: str, severity: str, scene: Scene, at: datetime
) -> None:
    """Covered hours, business days, two calendars, every holiday set."""
    terms = terms_for(published(policy), plan, None, None, "Asia/Shanghai")
    history = [Event(at, "submit", severity=severity), Event(at + timedelta(days=3), "reply")]
    said = statement([history], month="2026-12", written_at=at + timedelta(days=30), terms=terms)
    assert verify(json.loads(json.dumps(said))).differences == ()


@pytest.mark.django_db
def test_a_statement_of_each_demo_contract_is_verified_and_one_altered_figure_refused() -> None:
    call_command("demo", "--force", verbosity=0)
    now = timezone.now().replace(microsecond=0)
    refused = 0
    for contract in contracts().filter(organization__slug__startswith="demo-"):
        for month in months_of(contract, now)[:3]:
            text = as_json(written(contract, month, now))
            assert verify(read(text)).differences == (), (contract, month)
            if '"early_seconds": 86400' in text:
                refused += 1
                assert verify(
                    read(text.replace('"early_seconds": 86400', '"early_seconds": 86399', 1))
                ).differences
    assert refused
