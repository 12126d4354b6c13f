"""Replaying recorded requests under a draft, with due times worked out by hand.

Startup's office is open Mon-Fri 09:00-17:00 in Los Angeles. A P2 asked on Monday at 10:00 there has twelve
hours: seven on Monday, five on Tuesday, to 14:00 (22:00 UTC). With eight, it is Tuesday 10:00 (18:00 UTC).
"""

from __future__ import annotations

import io
from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.policyfile.from_rows import document_of
from plans.policyfile.writing import to_yaml
from plans.terms import policy_terms
from tests.tickets.conftest import utc
from tickets.actions import change_severity, say
from tickets.what_if import what_if


def test_a_shorter_promise_moves_due_times_sooner(ask, change, at):
    ticket = ask("P2")
    found = what_if(policy_terms(change("8h")), at + timedelta(hours=1))
    assert (found.found, found.looked_at, found.clocks) == (1, 1, 1)
    (moved,) = found.changes
    assert (moved.ticket.pk, moved.metric) == (ticket.pk, "first_response")
    assert (moved.due_before, moved.due_after) == (utc(2026, 12, 1, 22, 0), utc(2026, 12, 1, 18, 0))
    assert moved.moved_seconds == -4 * 3600
    assert (moved.length_before, moved.length_after) == (12 * 3600, 8 * 3600)
    assert not (moved.appears or moved.vanishes)


def test_a_breach_appears_where_the_answer_came_between(ask, change, scene, at):
    ticket = ask("P2")
    # Tuesday, noon in Los Angeles: after ten counted hours.
    say(ticket=ticket, author=scene.agent, body="Found it.", at=utc(2026, 12, 1, 20, 0))
    found = what_if(policy_terms(change("8h")), utc(2026, 12, 1, 21, 0))
    (moved,) = found.appears
    assert found.vanishes == []
    assert (moved.length_answered, moved.length_after) == (10 * 3600, 8 * 3600)
    assert (found.met_before, found.missed_before) == (1, 0)
    assert (found.met_after, found.missed_after) == (0, 1)
    assert (found.kept_before, found.kept_after) == (100.0, 0.0)
    # The update promise (24 h) says the same in both, and is counted as running.
    assert (found.clocks, found.running) == (2, 1)
    (row,) = found.rows()
    assert (row.plan, row.severity, row.change) == ("startup", "P2", "12h → 8h")
    assert (row.clocks, row.sooner, row.later, row.appears, row.vanishes) == (1, 1, 0, 1, 0)


def test_a_breach_vanishes_under_a_longer_promise(ask, change, scene, at):
    ticket = ask("P2")
    # Wednesday, 09:30 in Los Angeles: 7 h + 8 h + 30 min.
    say(ticket=ticket, author=scene.agent, body="Found it.", at=utc(2026, 12, 2, 17, 30))
    found = what_if(policy_terms(change("16h")), utc(2026, 12, 2, 18, 0))
    (moved,) = found.vanishes
    assert moved.due_after == utc(2026, 12, 2, 18, 0)
    assert moved.length_answered == 15 * 3600 + 1800


def test_a_request_at_night_counts_from_the_opening(ask, change):
    # Friday 18:00 in Los Angeles: counting begins on Monday at 09:00.
    ask("P2", at=utc(2026, 12, 5, 2, 0))
    (moved,) = what_if(policy_terms(change("8h")), utc(2026, 12, 5, 3, 0)).changes
    # 12 h: Monday 8, Tuesday 4. 8 h end with Monday's closing.
    assert moved.due_before == utc(2026, 12, 8, 21, 0)
    assert moved.due_after == utc(2026, 12, 8, 1, 0)


def test_an_update_that_paused_keeps_its_pause(ask, change, scene, at):
    ticket = ask("P2")
    say(ticket=ticket, author=scene.agent, body="Which version?", at=at, then="waiting")
    found = what_if(policy_terms(change("12h", metric="next_update")), at + timedelta(hours=1))
    (moved,) = found.changes
    # Asked at 10:00, read at 11:00: 24 h would end on Thursday 11:00, 12 h on Tuesday 15:00.
    assert (moved.due_before, moved.due_after) == (utc(2026, 12, 3, 19, 0), utc(2026, 12, 1, 23, 0))


def test_other_plans_and_the_same_terms_differ_in_nothing(ask, draft, at):
    ask("P2")
    found = what_if(policy_terms(draft), at)
    assert (found.looked_at, found.changes, found.unreadable) == (1, [], [])


def test_a_severity_that_is_gone_is_said_and_stops_nothing(ask, draft, at):
    gone, stays = ask("P4"), ask("P1")
    for plan in draft.plans.all():
        plan.targets.filter(severity__code="P4").delete()
        plan.targets.filter(severity__code="P1", metric="first_response").update(written="1h")
    draft.impact_rules.all().delete()
    draft.severities.filter(code="P4").delete()
    found = what_if(policy_terms(draft), at)
    assert [(item.ticket.pk, item.reason) for item in found.unreadable] == [(gone.pk, "no such severity: P4")]
    assert stays.pk in {moved.ticket.pk for moved in found.changes}


def test_only_open_requests_and_the_last_ninety_days_are_looked_at(ask, change, scene, at):
    old = ask("P2", at=at - timedelta(days=120))
    say(ticket=old, author=scene.agent, body="Done.", at=at - timedelta(days=119), then="closed")
    still_open = ask("P2", at=at - timedelta(days=110))
    recent = ask("P2")
    found = what_if(policy_terms(change("8h")), at)
    assert {moved.ticket.pk for moved in found.changes} == {still_open.pk, recent.pk}
    assert found.found == 2


def test_a_limit_is_said(ask, change, at):
    for _ in range(3):
        ask("P2")
    found = what_if(policy_terms(change("8h")), at, limit=2)
    assert (found.looked_at, found.found) == (2, 3)


def test_contracts_of_a_pinned_policy_stay_and_others_follow(scene, draft, at):
    found = what_if(policy_terms(draft), at)
    assert (found.follow, found.stay) == (0, 1)
    scene.organization.contracts.update(edition=None)
    found = what_if(policy_terms(draft), at)
    assert (found.follow, found.stay) == (1, 0)


def test_queries_do_not_grow_with_requests(ask, change, scene, at):
    terms = policy_terms(change("8h"))
    counts = set()
    for more in (1, 2, 47):
        for _ in range(more):
            ticket = ask("P2")
            change_severity(
                ticket=ticket,
                actor=scene.agent,
                at=at + timedelta(minutes=1),
                to="P1",
                how="raised",
                reason="x",
            )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            what_if(terms, at + timedelta(hours=1))
        counts.add(len(queries))
    assert len(counts) == 1, counts


def test_the_command_says_the_same(ask, change, tmp_path, monkeypatch, at):
    ask("P2")
    file = tmp_path / "next.yaml"
    file.write_text(to_yaml(document_of(change("8h"))))
    monkeypatch.setattr("plans.management.commands.policy.timezone.now", lambda: at)
    out = io.StringIO()
    call_command("policy", "preview", str(file), stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "plans.startup.targets.first_response.P2: 12h -> 8h"
    assert "replayed 1 of 1 requests" in lines[1]
    assert "due times that would differ: 1 of 1" in lines
    assert "new breaches: 0; breaches gone: 0" in lines
    assert any(line.startswith("startup first_response P2 (12h → 8h): 1 clocks, 1 sooner") for line in lines)
    assert "contracts that follow it: 0; that stay with theirs: 1" in lines
