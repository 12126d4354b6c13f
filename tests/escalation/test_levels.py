"""Levels open, go on and end at the instants that time decides, however late anyone looks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.models import Notice
from tests.escalation.conftest import FRIDAY, asked, scene_of, steps
from tests.tickets.conftest import utc
from tickets.actions import (
    Refused,
    Stale,
    acknowledge,
    change_severity,
    close_by_customer,
    end_escalation,
    escalate,
    merge,
    reopen,
    say,
    sweep,
)
from tickets.enums import Side
from tickets.models import Escalation, EscalationStep, Ticket, TicketEvent

DUE = FRIDAY + timedelta(minutes=30)
HOURS = timedelta(hours=1)


def by_customer(ticket: Ticket, at, **fields) -> Ticket:
    given = {"actor": ticket.requester, "reason": "Nobody answers.", "side": Side.CUSTOMER} | fields
    return escalate(ticket=ticket, at=at, **given)


def refused(code: str, verb, **fields) -> Refused:
    with pytest.raises(Refused) as raised:
        verb(**fields)
    assert raised.value.code == code
    assert raised.value.detail
    assert raised.value.next_step
    return raised.value


def test_a_missed_promise_opens_level_one_at_the_due_instant(scene, ask):
    ticket = ask()
    sweep(at=DUE)
    assert not Escalation.objects.exists()
    sweep(at=DUE + timedelta(seconds=40))
    escalation = Escalation.objects.get()
    assert (escalation.ticket, escalation.number, escalation.origin) == (ticket, 1, "breach")
    assert (escalation.opened_at, escalation.clock) == (DUE, ticket.clocks.get())
    assert escalation.next_level_at == DUE + 4 * HOURS
    assert steps(ticket) == [(1, "breach", DUE)]
    assert escalation.steps.get().acknowledge_by == DUE + 4 * HOURS
    event = TicketEvent.objects.get(kind="escalated")
    assert (event.at, event.side, event.actor) == (DUE, "system", None)
    assert event.data["name"]["en"] == "Support team lead"
    assert {"escalation": 1, "level": 1, "why": "breach", "metric": "first_response", "cycle": 1}.items() <= (
        event.data.items()
    )


def test_a_late_sweep_reaches_each_level_at_its_own_instant_once(scene, ask):
    ticket = ask()
    late = DUE + 3 * 24 * HOURS
    sweep(at=late)
    reached = [
        (1, "breach", DUE),
        (2, "unacknowledged", DUE + 4 * HOURS),
        (3, "unacknowledged", DUE + 8 * HOURS),
    ]
    assert steps(ticket) == reached
    sweep(at=late + HOURS)
    sweep(at=late)
    assert steps(ticket) == reached
    assert Escalation.objects.get().next_level_at is None
    assert list(TicketEvent.objects.filter(kind="escalated").order_by("at").values_list("at", flat=True)) == [
        at for _level, _why, at in reached
    ]


def test_a_timely_sweep_and_a_late_one_leave_the_same_record(scene):
    early, late = asked(scene), asked(scene)
    at = FRIDAY
    while at < DUE + 9 * HOURS:
        at += timedelta(minutes=7)
        sweep(at=at)
    assert steps(early) == steps(late)
    by = list(EscalationStep.objects.order_by("level").values_list("level", "acknowledge_by").distinct())
    assert by == [(1, DUE + 4 * HOURS), (2, DUE + 8 * HOURS), (3, DUE + 12 * HOURS)]


def test_levels_count_covered_time_over_a_weekend(office_scene):
    # Friday 14:00 in Chicago: 30 min run out at 14:30. Four office hours later it is Monday 09:30 (2 h 30 min
    # on Friday, 1 h 30 min on Monday), and four more end on Monday at 13:30.
    ticket = asked(office_scene)
    sweep(at=utc(2026, 12, 8, 12))
    assert steps(ticket) == [
        (1, "breach", utc(2026, 12, 4, 20, 30)),
        (2, "unacknowledged", utc(2026, 12, 7, 15, 30)),
        (3, "unacknowledged", utc(2026, 12, 7, 19, 30)),
    ]
    # The last level has its own four hours: 3 h 30 min on Monday, the rest on Tuesday from 08:00.
    last = EscalationStep.objects.get(level=3)
    assert last.acknowledge_by == utc(2026, 12, 8, 14, 30)


def test_acknowledged_it_goes_no_further(scene, ask):
    ticket = ask()
    sweep(at=DUE + HOURS)
    acknowledge(ticket=ticket, actor=scene.lead, at=DUE + 2 * HOURS, level=1)
    sweep(at=DUE + 48 * HOURS)
    assert steps(ticket) == [(1, "breach", DUE)]
    step = EscalationStep.objects.get()
    assert (step.acknowledged_at, step.acknowledged_by) == (DUE + 2 * HOURS, scene.lead)
    event = TicketEvent.objects.get(kind="acknowledged")
    assert (event.actor, event.data["level"]) == (scene.lead, 1)
    taken = refused("acknowledged_already", acknowledge, ticket=ticket, actor=scene.agent, at=DUE + 3 * HOURS)
    assert "Sofia Reyes" in taken.detail


def test_an_acknowledgement_after_the_instant_is_of_the_next_level_swept_or_not(scene, ask):
    ticket = ask()
    late = DUE + 5 * HOURS
    gone_on = refused("stale", acknowledge, ticket=ticket, actor=scene.lead, at=late, level=1)
    assert "Department manager" in gone_on.detail
    acknowledge(ticket=ticket, actor=scene.manager, at=late)
    assert steps(ticket) == [(1, "breach", DUE), (2, "unacknowledged", DUE + 4 * HOURS)]
    assert EscalationStep.objects.get(level=2).acknowledged_by == scene.manager
    assert EscalationStep.objects.get(level=1).acknowledged_by is None


def test_the_customer_asks_level_by_level_up_to_the_top(scene, ask):
    ticket = ask()
    for minutes in (5, 10, 15):
        by_customer(ticket, FRIDAY + timedelta(minutes=minutes))
    assert steps(ticket) == [(level, "request", FRIDAY + timedelta(minutes=5 * level)) for level in (1, 2, 3)]
    escalation = Escalation.objects.get()
    assert (escalation.origin, escalation.asked_by, escalation.reason) == (
        "customer",
        scene.customer,
        "Nobody answers.",
    )
    top = refused("escalation_at_top", by_customer, ticket=ticket, at=FRIDAY + timedelta(minutes=20))
    assert "Executive management" in top.detail
    assert len(steps(ticket)) == 3
    sweep(at=DUE + HOURS)
    assert Escalation.objects.count() == 1


def test_asked_again_after_an_acknowledgement_it_goes_on_and_is_told_again(scene, ask):
    ticket = ask()
    by_customer(ticket, FRIDAY + timedelta(minutes=5))
    acknowledge(ticket=ticket, actor=scene.lead, at=FRIDAY + timedelta(minutes=10))
    by_customer(ticket, FRIDAY + timedelta(minutes=20))
    assert Escalation.objects.get().next_level_at == FRIDAY + timedelta(minutes=20) + 4 * HOURS
    sweep(at=FRIDAY + 5 * HOURS)
    assert [level for level, _why, _at in steps(ticket)] == [1, 2, 3]


def test_a_request_counts_what_nobody_has_swept(scene, ask):
    ticket = ask()
    by_customer(ticket, DUE + 5 * HOURS)
    assert steps(ticket) == [
        (1, "breach", DUE),
        (2, "unacknowledged", DUE + 4 * HOURS),
        (3, "request", DUE + 5 * HOURS),
    ]
    sweep(at=DUE + 6 * HOURS)
    assert (Escalation.objects.count(), EscalationStep.objects.count()) == (1, 3)


def test_a_page_read_before_a_change_asks_nothing(scene, ask):
    ticket = ask()
    version = ticket.version
    by_customer(ticket, FRIDAY + timedelta(minutes=5), expected_version=version)
    with pytest.raises(Stale):
        by_customer(ticket, FRIDAY + timedelta(minutes=5), expected_version=version)
    assert len(steps(ticket)) == 1


def test_support_asks_with_a_reason(scene, ask):
    ticket = ask()
    refused("reason_missing", escalate, ticket=ticket, actor=scene.agent, at=FRIDAY, reason="  ")
    escalate(ticket=ticket, actor=scene.agent, at=FRIDAY, reason="Needs a decision.")
    escalation = Escalation.objects.get()
    assert (escalation.origin, escalation.asked_by) == ("staff", scene.agent)


@pytest.mark.parametrize(
    ("policy", "plan"),
    [("two-tier", "standard"), ("office-365", "base-premier"), ("nextplane", "enterprise")],
)
@pytest.mark.django_db
def test_a_plan_without_levels_refuses_both_sides(policy, plan):
    scene = scene_of(plan, policy)
    severity = {"two-tier": "high", "office-365": "B", "nextplane": "P2"}[policy]
    ticket = asked(scene, severity=severity, support_type="technical", at=utc(2026, 12, 4, 16))
    refused("escalation_not_in_plan", by_customer, ticket=ticket, at=FRIDAY)
    refused(
        "escalation_not_in_plan", escalate, ticket=ticket, actor=scene.agent, at=FRIDAY, reason="It is late."
    )
    sweep(at=FRIDAY + 30 * 24 * HOURS)
    assert not Escalation.objects.exists()


@pytest.mark.django_db
def test_one_level_on_request_alone():
    scene = scene_of("standard", "jumpcloud-msp")
    # Friday 13:00 in Denver; S2 has eight office hours, so the promise runs out on Monday at 13:00.
    ticket = asked(scene, severity="S2")
    sweep(at=utc(2026, 12, 8, 12))
    assert TicketEvent.objects.filter(ticket=ticket, kind="breach").exists()
    assert not Escalation.objects.exists()
    by_customer(ticket, utc(2026, 12, 8, 17))
    step = EscalationStep.objects.get()
    # No level follows: acknowledged within what a first response has, eight office hours from 10:00.
    assert step.acknowledge_by == utc(2026, 12, 9, 17)
    assert Escalation.objects.get().next_level_at is None
    refused("escalation_at_top", by_customer, ticket=ticket, at=utc(2026, 12, 8, 18))


def test_solved_it_ends_and_a_new_breach_or_request_begins_another(scene, ask):
    ticket = ask()
    sweep(at=DUE + HOURS)
    say(ticket=ticket, author=scene.agent, body="Solved.", at=DUE + 2 * HOURS, then="resolved")
    first = Escalation.objects.get()
    assert (first.ended_at, first.ended_why, first.next_level_at) == (DUE + 2 * HOURS, "resolved", None)
    refused("move_not_allowed", by_customer, ticket=ticket, at=DUE + 3 * HOURS)
    reopen(ticket=ticket, actor=scene.customer, at=DUE + 4 * HOURS)
    by_customer(ticket, DUE + 5 * HOURS)
    assert steps(ticket, 2) == [(1, "request", DUE + 5 * HOURS)]
    close_by_customer(ticket=ticket, actor=scene.customer, at=DUE + 6 * HOURS)
    second = Escalation.objects.get(number=2)
    assert (second.ended_at, second.ended_why) == (DUE + 6 * HOURS, "closed")
    sweep(at=DUE + 200 * HOURS)
    assert EscalationStep.objects.count() == 2


def test_what_came_by_itself_before_the_end_is_recorded_by_the_end(scene, ask):
    ticket = ask()
    say(ticket=ticket, author=scene.agent, body="Solved.", at=DUE + 5 * HOURS, then="resolved")
    assert steps(ticket) == [(1, "breach", DUE), (2, "unacknowledged", DUE + 4 * HOURS)]
    assert Escalation.objects.get().ended_at == DUE + 5 * HOURS


def test_support_ends_it_with_a_reason_and_a_breach_before_that_opens_no_other(scene, ask):
    ticket = ask()
    by_customer(ticket, FRIDAY + timedelta(minutes=5))
    refused("reason_missing", end_escalation, ticket=ticket, actor=scene.lead, at=DUE + HOURS, reason="")
    end_escalation(ticket=ticket, actor=scene.lead, at=DUE + HOURS, reason="Agreed by phone.")
    escalation = Escalation.objects.get()
    assert (escalation.ended_at, escalation.ended_why) == (DUE + HOURS, "Agreed by phone.")
    assert TicketEvent.objects.get(kind="escalation_ended").actor == scene.lead
    refused(
        "escalation_not_open", end_escalation, ticket=ticket, actor=scene.lead, at=DUE + HOURS, reason="x"
    )
    refused("escalation_not_open", acknowledge, ticket=ticket, actor=scene.lead, at=DUE + HOURS)
    sweep(at=DUE + 2 * HOURS)
    assert Escalation.objects.count() == 1


def test_a_breach_after_the_end_opens_the_next_one(scene, ask):
    ticket = ask()
    by_customer(ticket, FRIDAY + timedelta(minutes=5))
    end_escalation(ticket=ticket, actor=scene.lead, at=FRIDAY + timedelta(minutes=10), reason="A mistake.")
    sweep(at=DUE + HOURS)
    assert steps(ticket, 2) == [(1, "breach", DUE)]


def test_a_change_of_severity_leaves_the_pinned_levels(scene, ask):
    ticket = ask()
    sweep(at=DUE + HOURS)
    change_severity(
        ticket=ticket, actor=scene.agent, at=DUE + 2 * HOURS, to="low", how="lowered", reason="Less bad."
    )
    assert Escalation.objects.get().next_level_at == DUE + 4 * HOURS


def test_one_mail_a_person_for_one_event(scene, ask):
    ask()
    sweep(at=DUE + HOURS)
    mails = list(Notice.objects.exclude(event="submitted").values_list("event", "to_email"))
    # The lead has the duty of level 1 and hears of breaches too: of both once.
    assert sorted(mails) == sorted(
        [("escalated", scene.lead.email), ("escalation_news", scene.customer.email)]
        + [("warning", scene.lead.email)] * Notice.objects.filter(event="warning").count()
    )


def test_after_an_outage_each_hears_once_of_the_highest_level(scene, ask):
    ask()
    sweep(at=DUE + 24 * HOURS)
    news = Notice.objects.get(event="escalation_news")
    assert news.context["level_name"]["en"] == "Executive management"
    told = set(Notice.objects.filter(event="escalated").values_list("to_email", flat=True))
    assert told == {scene.lead.email, scene.manager.email, scene.executive.email}


def test_an_unverified_requester_hears_nothing_of_it(scene, ask):
    ticket = ask()
    Ticket.objects.filter(pk=ticket.pk).update(unverified_reason="emergency")
    sweep(at=DUE + HOURS)
    assert not Notice.objects.filter(event="escalation_news").exists()
    assert set(Notice.objects.filter(event="unverified").values_list("to_email", flat=True)) == {
        scene.customer.email
    }
    Ticket.objects.filter(pk=ticket.pk).update(shut_out_at=DUE)
    sweep(at=DUE + 5 * HOURS)
    assert Notice.objects.filter(to_email=scene.customer.email).count() == 2


@pytest.mark.parametrize("hours", [0, 5])
def test_breaches_cost_the_same_queries_for_one_and_for_many(scene, hours):
    counts = []
    for number, day in ((1, 0), (12, 1)):
        tickets = [asked(scene, at=FRIDAY + timedelta(days=day)) for _ in range(number)]
        later = DUE + timedelta(days=day, hours=hours, seconds=1)
        with CaptureQueriesContext(connection) as queries:
            sweep(at=later)
        counts.append(len(queries))
        for ticket in tickets:
            close_by_customer(ticket=ticket, actor=scene.customer, at=later)
    assert counts[0] == counts[1]
    assert Escalation.objects.count() == 13


def test_levels_cost_the_same_queries_for_one_and_for_many(scene):
    counts = []
    for number, day in ((1, 0), (12, 1)):
        tickets = [asked(scene, at=FRIDAY + timedelta(days=day)) for _ in range(number)]
        sweep(at=DUE + timedelta(days=day, seconds=1))
        later = DUE + timedelta(days=day, hours=4)
        with CaptureQueriesContext(connection) as queries:
            assert sweep(at=later)["escalated"] == number
        counts.append(len(queries))
        for ticket in tickets:
            close_by_customer(ticket=ticket, actor=scene.customer, at=later)
    assert counts[0] == counts[1]


def test_a_request_that_is_merged_away_takes_its_escalation_to_its_end(scene, ask):
    ticket, survivor = ask(), ask()
    by_customer(ticket, FRIDAY + timedelta(minutes=5))
    merge(
        ticket=ticket, into=survivor, actor=scene.agent, at=FRIDAY + timedelta(minutes=6), reason="The same."
    )
    escalation = Escalation.objects.get()
    assert (escalation.ended_at, escalation.ended_why) == (FRIDAY + timedelta(minutes=6), "merged")
    refused("merged_away", by_customer, ticket=ticket, at=FRIDAY + timedelta(minutes=7))
    sweep(at=DUE + HOURS)
    assert list(Escalation.objects.filter(ended_at=None).values_list("ticket", flat=True)) == [survivor.pk]


def test_a_level_that_comes_after_a_breach_is_reached_by_a_further_one(scene, ask):
    """Levels by hand: asked for, then a breach, then two hours."""
    ticket = ask()
    by_customer(ticket, FRIDAY + timedelta(minutes=5))
    escalation = Escalation.objects.get()
    escalation.levels[1]["after"], escalation.levels[2]["after"] = "breach", "2h"
    escalation.next_level_at = None
    escalation.save()
    sweep(at=DUE + 3 * HOURS)
    assert steps(ticket) == [
        (1, "request", FRIDAY + timedelta(minutes=5)),
        (2, "breach", DUE),
        (3, "unacknowledged", DUE + 2 * HOURS),
    ]


def test_a_level_after_a_breach_does_not_come_once_the_one_before_is_acknowledged(scene, ask):
    ticket = ask()
    by_customer(ticket, FRIDAY + timedelta(minutes=5))
    escalation = Escalation.objects.get()
    escalation.levels[1]["after"] = "breach"
    escalation.next_level_at = None
    escalation.save()
    acknowledge(ticket=ticket, actor=scene.lead, at=FRIDAY + timedelta(minutes=6))
    sweep(at=DUE + 3 * HOURS)
    assert [level for level, _why, _at in steps(ticket)] == [1]
