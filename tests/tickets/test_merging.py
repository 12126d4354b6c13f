"""Merging real requests: due times reckoned by hand, what reaches whom, and what is refused.

Nextplane's startup plan counts Monday to Friday, 09:00 to 17:00 in Los Angeles (17:00 to 01:00 UTC). Its
first answers are due after 4 (P1), 12 (P2) and 24 (P3) covered hours, its news after 24 (P2) and 36 (P3).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Sees
from accounts.models import Contact
from notices.models import Notice
from tests.factories.accounts import ContactFactory
from tests.tickets.conftest import Scene, utc
from tickets.actions import (
    Refused,
    Stale,
    Submission,
    change_severity,
    close_by_customer,
    follow_up,
    hear,
    hold,
    merge,
    reopen,
    say,
    submit,
    sweep,
)
from tickets.actions.merging import readings_after_merge
from tickets.clock_views import clock_views
from tickets.enums import EventKind
from tickets.models import Clock, Ticket, Watcher
from tickets.verifying import verify


def clock(ticket: Ticket, metric: str, cycle: int = 1) -> Clock:
    return ticket.clocks.get(metric=metric, cycle=cycle)


@pytest.fixture
def joined(scene: Scene) -> Callable[..., Ticket]:
    """``joined(ticket, into, at=...)``: merged by the agent."""

    def _joined(ticket: Ticket, into: Ticket, at: datetime) -> Ticket:
        merged = merge(ticket=ticket, into=into, actor=scene.agent, at=at, reason="The same fault.")
        into.refresh_from_db()
        return merged

    return _joined


def test_the_earlier_of_two_due_instants_goes_on(ask, joined, at):
    stays = ask("P2")  # Tue 22:00
    goes = ask("P1", at=at + timedelta(hours=2))  # Mon 20:00 + 4 h = Tue 00:00
    assert clock(goes, "first_response").due_at == utc(2026, 12, 1, 0, 0)
    joined(goes, stays, at + timedelta(hours=3))
    kept = clock(stays, "first_response")
    assert (kept.due_at, kept.started_at) == (utc(2026, 12, 1, 0, 0), at)
    assert stays.next_due_at == kept.due_at
    assert clock(goes, "first_response").state == "merged"
    assert (goes.status, goes.closed_at, goes.reopen_until) == ("closed", at + timedelta(hours=3), None)
    assert goes.next_due_at is None and goes.merged_into == stays
    assert not list(verify())


def test_the_survivors_own_due_instant_stays_where_it_is_earlier(ask, joined, at):
    stays, goes = ask("P1"), ask("P3")
    before = clock(stays, "first_response").due_at
    joined(goes, stays, at + timedelta(hours=1))
    assert clock(stays, "first_response").due_at == before == utc(2026, 11, 30, 22, 0)


def test_two_promises_on_both_each_take_the_earlier(scene, ask, joined, at):
    """First answers were given; both owe news, and both customers wrote again."""
    stays, goes = ask("P3"), ask("P2")
    say(ticket=stays, author=scene.agent, body="We look.", at=at + timedelta(hours=1))
    say(ticket=goes, author=scene.agent, body="We look.", at=at + timedelta(hours=2))
    # 24 covered hours (P2) from Monday 12:00 in Los Angeles: 5 + 8 + 8 + 3 on Thursday.
    assert clock(goes, "next_update").due_at == utc(2026, 12, 3, 20, 0)
    own = clock(stays, "next_update").due_at
    assert own > utc(2026, 12, 3, 20, 0)
    joined(goes, stays, at + timedelta(hours=3))
    assert clock(stays, "next_update").due_at == utc(2026, 12, 3, 20, 0)
    assert clock(stays, "first_response").state == clock(goes, "first_response").state == "met"


def test_a_promise_of_the_other_alone_starts_on_the_survivor_as_it_was(scene, ask, joined, at):
    stays, goes = ask("P2"), ask("P2", at=at + timedelta(hours=1))
    say(ticket=stays, author=scene.agent, body="We look.", at=at + timedelta(hours=1))
    due = clock(goes, "first_response").due_at
    joined(goes, stays, at + timedelta(hours=2))
    brought = clock(stays, "first_response", 2)
    assert (brought.started_at, brought.due_at, brought.state) == (at + timedelta(hours=1), due, "running")
    # What support says on the survivor answers who asked on the other.
    say(ticket=stays, author=scene.agent, body="Found.", at=at + timedelta(hours=4))
    brought.refresh_from_db()
    assert (brought.state, brought.met_at) == ("met", at + timedelta(hours=4))


def test_a_paused_clock_is_taken_as_if_its_pause_ended_at_the_merge(scene, ask, joined, at):
    stays, goes = ask("P2"), ask("P2")
    say(ticket=stays, author=scene.agent, body="We look.", at=at + timedelta(hours=1))
    say(ticket=goes, author=scene.agent, body="Which log?", at=at + timedelta(hours=1), then="waiting")
    # Both owe news in 24 covered hours from 11:00; the other one has waited for two of them at the merge.
    joined(goes, stays, at + timedelta(hours=3))
    assert clock(stays, "next_update").due_at == utc(2026, 12, 3, 19, 0)
    # The other way round: the survivor waits, and what the other brought has less time.
    asked = ask("P2")
    say(ticket=asked, author=scene.agent, body="Which log?", at=at + timedelta(hours=3), then="waiting")
    later = utc(2026, 12, 1, 18, 0)  # Tuesday 10:00; 6 covered hours of waiting until then
    joined(stays, asked, later)
    assert clock(asked, "next_update").state == "paused"
    hear(ticket=asked, author=scene.customer, body="This one.", at=later + timedelta(hours=2))
    # Due Thursday 19:00 as it was brought, and two hours later for the pause after the merge.
    assert clock(asked, "next_update").due_at == utc(2026, 12, 3, 21, 0)


def test_a_breach_before_the_merge_stays_counted_and_is_not_carried(scene, ask, joined, at):
    stays, goes = ask("P2"), ask("P1")
    due = clock(goes, "first_response").due_at
    joined(goes, stays, due + timedelta(hours=1))
    assert (clock(goes, "first_response").state, clock(goes, "first_response").due_at) == ("missed", due)
    assert goes.events.get(kind=EventKind.BREACH).at == due
    assert clock(stays, "first_response").due_at == utc(2026, 12, 1, 22, 0)
    assert sweep(at=due + timedelta(hours=2))["breached"] == 0
    assert not list(verify())


def test_a_correction_after_the_merge_never_moves_past_what_was_promised(scene, ask, joined, at):
    stays, goes = ask("P2"), ask("P1")
    joined(goes, stays, at + timedelta(hours=1))
    change = {"actor": scene.agent, "reason": "One person only."}
    change_severity(ticket=stays, at=at + timedelta(hours=2), to="P4", how="corrected", **change)
    assert clock(stays, "first_response").due_at == utc(2026, 11, 30, 22, 0)
    assert not list(verify())


def test_a_swept_outage_leaves_the_same_record(ask, joined, at):
    stays, goes = ask("P1"), ask("P1")
    joined(goes, stays, at + timedelta(hours=1))
    due = clock(stays, "first_response").due_at
    assert sweep(at=due + timedelta(days=20))["breached"] == 1
    assert sweep(at=due + timedelta(days=40))["windows_ended"] == 0
    assert not list(verify())


def test_the_preview_says_what_the_merge_then_does(scene, ask, joined, at):
    stays, goes = ask("P2"), ask("P1")
    now = at + timedelta(hours=1)
    before, after, other = readings_after_merge(goes, stays, now)
    assert before.clock("first_response", 1).due_at == utc(2026, 12, 1, 22, 0)
    assert other.clock("first_response", 1).due_at == utc(2026, 11, 30, 22, 0)
    joined(goes, stays, now)
    assert after.clock("first_response", 1).due_at == clock(stays, "first_response").due_at


def test_a_clock_that_goes_on_from_the_merge_counts_what_is_left_of_it(scene, ask, joined, at):
    stays, goes = ask("P2"), ask("P1")
    joined(goes, stays, at + timedelta(hours=1))
    [view] = clock_views(stays, at + timedelta(hours=2))
    # Three covered hours from the merge to P1's due instant, one of them gone.
    assert (view.target_seconds, view.counted_seconds, view.remaining_seconds) == (10800, 3600, 7200)


# --- what is written to the merged one


def test_what_anybody_writes_there_reaches_the_survivor(scene, ask, joined, at):
    stays, goes, last = ask(), ask(), ask()
    joined(goes, stays, at + timedelta(minutes=1))
    joined(stays, last, at + timedelta(minutes=2))
    told = hear(ticket=goes, author=scene.customer, body="Any news?", at=at + timedelta(minutes=3))
    assert told.ticket == last
    said = say(ticket=goes, author=scene.agent, body="Found.", at=at + timedelta(minutes=4))
    assert said.ticket == last and clock(last, "first_response").state == "met"
    assert Ticket.objects.get(pk=goes.pk).messages.count() == 0
    assert not list(verify())


def test_a_message_reopens_the_survivor_and_after_its_window_follows_it(scene, ask, joined, at):
    stays, goes = ask(), ask()
    joined(goes, stays, at)
    close_by_customer(ticket=stays, actor=scene.customer, at=at)
    hear(ticket=goes, author=scene.customer, body="It is back.", at=at + timedelta(days=14))
    stays.refresh_from_db()
    assert stays.status == "open"
    close_by_customer(ticket=stays, actor=scene.customer, at=at + timedelta(days=14))
    late = at + timedelta(days=29)
    with pytest.raises(Refused) as refused:
        hear(ticket=goes, author=scene.customer, body="Again.", at=late)
    assert refused.value.code == "reopen_window_closed"
    new = follow_up(ticket=goes, person=scene.customer, body="Again.", at=late)
    assert new.follows == stays


def test_the_merged_one_takes_no_other_act(scene, ask, joined, at):
    stays, goes = ask(), ask()
    joined(goes, stays, at)
    for act in (
        lambda: reopen(ticket=goes, actor=scene.customer, at=at),
        lambda: close_by_customer(ticket=goes, actor=scene.customer, at=at),
        lambda: hold(ticket=goes, actor=scene.agent, at=at),
        lambda: merge(ticket=goes, into=ask(), actor=scene.agent, at=at, reason="Twice."),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "merged_away"


def test_a_page_from_before_the_merge_sends_nothing(scene, ask, joined, at):
    stays, goes = ask(), ask()
    seen = goes.version
    joined(goes, stays, at)
    with pytest.raises(Stale):
        say(ticket=goes, author=scene.agent, body="Old news.", at=at, expected_version=seen)


# --- who reads what


def test_who_asked_is_told_and_hears_of_the_survivor_from_then_on(scene, ask, joined, at):
    colleague = ContactFactory(organization=scene.organization, user__name="Tom Lindgren").user
    stays = ask()
    goes = _asked_by(colleague, scene, at)
    joined(goes, stays, at)
    assert list(Notice.objects.filter(event="merged").values_list("to_email", flat=True)) == [colleague.email]
    assert Watcher.objects.get(ticket=stays).user == colleague
    say(ticket=stays, author=scene.agent, body="Found.", at=at + timedelta(hours=1))
    answered = Notice.objects.filter(event="answered").values_list("to_email", flat=True)
    assert set(answered) == {scene.customer.email, colleague.email}


def test_no_merge_puts_answers_where_who_asked_may_not_read_them(scene, ask, joined, at):
    contact = ContactFactory(organization=scene.organization, is_administrator=False, sees=Sees.OWN)
    stays = ask()
    goes = _asked_by(contact.user, scene, at)
    with pytest.raises(Refused) as refused:
        joined(goes, stays, at)
    assert refused.value.code == "merge_hides_answers" and contact.user.name in refused.value.detail
    assert not list(Ticket.objects.visible_to(contact.user, at).filter(pk=stays.pk))
    # The other way round everybody goes on reading: an administrator sees all of the organization.
    joined(stays, goes, at)
    # Later they see their own requests alone, and are told nothing more of what they may not read.
    ContactFactory(organization=scene.organization)
    Contact.objects.filter(user=scene.customer).update(is_administrator=False, sees=Sees.OWN)
    Notice.objects.all().delete()
    scene.customer.__dict__.pop("_standing", None)
    say(ticket=goes, author=scene.agent, body="Found.", at=at + timedelta(hours=1))
    assert list(Notice.objects.values_list("to_email", flat=True)) == [contact.user.email]


def _asked_by(person, scene, at) -> Ticket:
    submission = Submission("It stopped", "Here too.", "P2", "technical")
    return submit(person=person, organization=scene.organization, submission=submission, at=at)


# --- what is refused


def test_what_may_not_be_merged_says_why(scene, other_customer, ask, at):
    stays, solved = ask(), ask()
    say(ticket=solved, author=scene.agent, body="Done.", at=at, then="resolved")
    foreign = submit(
        person=other_customer,
        organization=other_customer.contacts.get().organization,
        submission=Submission("Theirs", "Secret.", "P2", "technical"),
        at=at,
    )
    merged = ask()
    merge(ticket=merged, into=stays, actor=scene.agent, at=at, reason="The same.")
    for into, code in (
        (stays, "merge_into_itself"),
        (foreign, "merge_other_organization"),
        (solved, "move_not_allowed"),
        (merged, "merged_away"),
    ):
        stays.refresh_from_db()
        before = stays.version, into.events.count()
        with pytest.raises(Refused) as refused:
            merge(ticket=stays, into=into, actor=scene.agent, at=at, reason="The same.")
        assert refused.value.code == code and refused.value.next_step
        stays.refresh_from_db()
        assert (stays.version, into.events.count()) == before
    with pytest.raises(Refused) as refused:
        merge(ticket=ask(), into=stays, actor=scene.agent, at=at, reason=" ")
    assert refused.value.code == "reason_missing"


def test_a_stale_reader_merges_nothing(scene, ask, at):
    stays, goes = ask(), ask()
    seen = goes.version
    hear(ticket=goes, author=scene.customer, body="More.", at=at)
    with pytest.raises(Stale):
        merge(ticket=goes, into=stays, actor=scene.agent, at=at, reason="So.", expected_version=seen)


def test_verifying_costs_the_same_for_one_and_for_three(scene, ask, joined, at):
    joined(ask(), ask(), at)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert not list(verify())
    for _ in range(3):
        joined(ask(), ask(), at)
    with CaptureQueriesContext(connection) as many:
        assert not list(verify())
    assert len(many) == len(few)
