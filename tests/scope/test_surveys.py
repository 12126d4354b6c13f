"""Surveys: one for each closing however it came, asked once, answered while the window lasts."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Sees
from notices.models import Notice
from notices.rendering import render_mail
from tests.factories.accounts import ContactFactory, StaffFactory
from tests.factories.plans import POLICIES, published_text
from tests.scope.conftest import contract_for, mails
from tickets.actions import Refused, close_by_customer, hear, reopen, say, submit, sweep
from tickets.actions.merging import merge
from tickets.actions.submit import Submission
from tickets.actions.surveys import rate
from tickets.enums import EventKind
from tickets.models import Survey, Ticket


@pytest.fixture
def closed(scene, ask, at) -> Ticket:
    ticket = ask()
    close_by_customer(ticket=ticket, actor=scene.customer, at=at + timedelta(hours=1))
    return ticket


@pytest.fixture
def survey(closed) -> Survey:
    return closed.surveys.get()


def page_of(survey: Survey) -> str:
    return f"/requests/{survey.ticket_id}/survey/{survey.cycle}/"


def at_time(moment):
    return time_machine.travel(moment, tick=False)


# --- asked


def test_a_closing_is_asked_about_once_by_mail(scene, closed, survey, at):
    assert (survey.cycle, survey.closed_at, survey.until) == (1, closed.closed_at, closed.reopen_until)
    (notice,) = mails("survey")
    assert notice.to_email == scene.customer.email
    assert page_of(survey) in render_mail(notice).body
    sweep(at=at + timedelta(days=30))
    assert len(mails("survey")) == Survey.objects.count() == 1


def test_support_s_closing_and_one_by_itself_are_asked_about(scene, ask, at):
    by_support, by_itself = ask(), ask()
    say(ticket=by_support, author=scene.agent, body="Done.", at=at, then="closed")
    say(ticket=by_itself, author=scene.agent, body="Done.", at=at, then="resolved")
    assert Survey.objects.count() == 1
    for _again in range(2):
        sweep(at=at + timedelta(days=7, hours=1))
    asked = by_itself.surveys.get()
    assert (asked.closed_at, asked.until) == (at + timedelta(days=7), at + timedelta(days=21))
    assert len(mails("survey")) == 2


def test_a_closing_by_itself_that_no_sweep_saw_is_asked_about_too(scene, ask, at):
    ticket = ask()
    say(ticket=ticket, author=scene.agent, body="Done.", at=at, then="resolved")
    hear(ticket=ticket, author=scene.customer, body="It is back.", at=at + timedelta(days=8))
    assert ticket.surveys.get().closed_at == at + timedelta(days=7)
    sweep(at=at + timedelta(days=9))
    assert Survey.objects.count() == 1


def test_closing_again_is_a_cycle_of_its_own(scene, closed, survey, at):
    rate(survey=survey, actor=scene.customer, at=at + timedelta(hours=2), score=2)
    reopen(ticket=closed, actor=scene.customer, at=at + timedelta(days=1))
    close_by_customer(ticket=closed, actor=scene.customer, at=at + timedelta(days=2))
    first, second = closed.surveys.order_by("cycle")
    assert (first.cycle, first.score, second.cycle, second.score) == (1, 2, 2, None)
    assert len(mails("survey")) == 2


def test_where_nobody_is_asked(scene, ask, at):
    """Not after a merge; and no mail to whom it is not known who they are."""
    gone, survivor, unverified = ask(), ask(), ask()
    merge(ticket=gone, into=survivor, actor=scene.agent, at=at + timedelta(hours=1), reason="The same.")
    assert not Survey.objects.exists()
    Ticket.objects.filter(pk=unverified.pk).update(unverified_reason="emergency")
    close_by_customer(ticket=unverified, actor=scene.customer, at=at)
    assert unverified.surveys.exists() and not mails("survey")


def test_a_plan_without_surveys_asks_nothing(db, at):
    text = (POLICIES / "two-tier.yaml").read_text().replace("policy: two-tier", "policy: unasked")
    published_text(text.replace("survey: true", "survey: false"))
    contact = ContactFactory()
    contract_for(contact.organization, "unasked", "standard")
    ticket = submit(
        person=contact.user,
        organization=contact.organization,
        submission=Submission(subject="A question", severity="low", support_type="technical"),
        at=at,
    )
    close_by_customer(ticket=ticket, actor=contact.user, at=at)
    assert not Survey.objects.exists() and not mails("survey")


def test_asking_costs_the_same_for_one_and_three(scene, ask, at):
    counts = set()
    for more in (1, 3):
        for _ in range(more):
            say(ticket=ask(), author=scene.agent, body="Done.", at=at, then="resolved")
        with CaptureQueriesContext(connection) as queries:
            sweep(at=at + timedelta(days=8))
        counts.add(len([q for q in queries if "survey" in q["sql"] or "tickets_ticket" in q["sql"]]))
    assert Survey.objects.count() == 4 and len(counts) == 1, counts


# --- answered


def test_answered_and_changed_up_to_the_window_s_last_second(scene, closed, survey):
    rate(survey=survey, actor=scene.customer, at=survey.closed_at, score=4, comment=" Quick. ")
    survey.refresh_from_db()
    assert (survey.score, survey.comment, survey.answered_at, survey.changed_at) == (
        4,
        "Quick.",
        survey.closed_at,
        None,
    )
    rate(survey=survey, actor=scene.customer, at=survey.until, score=5, comment="Quick.")
    survey.refresh_from_db()
    assert (survey.score, survey.changed_at) == (5, survey.until)
    with pytest.raises(Refused) as error:
        rate(survey=survey, actor=scene.customer, at=survey.until + timedelta(seconds=1), score=1)
    assert error.value.code == "survey_over"
    events = list(closed.events.filter(kind=EventKind.SURVEYED).values_list("data", flat=True))
    assert events == [{"cycle": 1, "score": 4}, {"cycle": 1, "score": 5}]


@pytest.mark.parametrize("score", [0, 6, -1])
def test_no_other_score(scene, survey, score):
    with pytest.raises(Refused) as error:
        rate(survey=survey, actor=scene.customer, at=survey.closed_at, score=score)
    assert error.value.code == "no_score"


def test_the_customer_rates_on_the_portal(scene, closed, survey, as_user):
    client = as_user(scene.customer)
    with at_time(survey.closed_at + timedelta(hours=1)):
        assert page_of(survey) in client.get(f"/requests/{closed.pk}/").content.decode()
        page = client.get(page_of(survey)).content.decode()
        assert "Very good" in page and 'type="radio"' in page
        assert client.post(page_of(survey), {"score": "", "comment": "Kept"}).status_code == 422
        assert client.post(page_of(survey), {"score": "9"}).status_code == 422
        assert client.post(page_of(survey), {"score": "4", "comment": "Quick."}).status_code == 302
        page = client.get(f"/requests/{closed.pk}/").content.decode()
        assert "Rated: Good." in page and "Quick." not in page
        staff = as_user(scene.agent).get(f"/admin/tickets/ticket/{closed.pk}/change/").content.decode()
        assert "4/5 Good" in staff and "Quick." in staff
    with at_time(survey.until + timedelta(seconds=1)):
        client = as_user(scene.customer)
        assert page_of(survey) not in client.get(f"/requests/{closed.pk}/").content.decode()
        late = client.post(page_of(survey), {"score": "1"})
        assert late.status_code == 409 and "The time to rate this is over" in late.content.decode()
    survey.refresh_from_db()
    assert survey.score == 4


def test_who_may_rate(scene, survey, other_customer, as_user, client):
    with at_time(survey.closed_at):
        assert client.get(page_of(survey)).status_code == 302
        assert as_user(other_customer).post(page_of(survey), {"score": "1"}).status_code == 404
        colleague = ContactFactory(
            organization=scene.organization, is_administrator=False, sees=Sees.ORGANIZATION
        )
        assert as_user(colleague.user).post(page_of(survey), {"score": "1"}).status_code == 403
        administrator = ContactFactory(organization=scene.organization)
        assert as_user(administrator.user).post(page_of(survey), {"score": "3"}).status_code == 302
        assert as_user(scene.customer).delete(page_of(survey)).status_code == 405
        nowhere = f"/requests/{survey.ticket_id}/survey/9{'9' * 12}/"
        assert as_user(scene.customer).get(nowhere).status_code == 404
    survey.refresh_from_db()
    assert (survey.score, survey.answered_by) == (3, administrator.user)


# --- staff


SATISFACTION = "/admin/tickets/survey/satisfaction/"


def test_averages_by_plan_and_month(scene, ask, at, as_user):
    for score in (5, 4, None):
        ticket = ask()
        close_by_customer(ticket=ticket, actor=scene.customer, at=at)
        if score:
            rate(survey=ticket.surveys.get(), actor=scene.customer, at=at, score=score)
    with at_time(at):
        page = as_user(scene.agent).get(SATISFACTION).content.decode()
        assert "nextplane startup" in page and "4.5" in page
        response = as_user(scene.agent).get(SATISFACTION.rstrip("/") + ".csv")
        (row,) = csv.DictReader(io.StringIO(response.content.decode()))
        assert (row["asked"], row["answered"], row["average"]) == ("3", "2", "4.5")
        assert (
            "No request closed" in as_user(scene.agent).get(SATISFACTION + "?month=2026-03").content.decode()
        )
        assert as_user(scene.agent).get("/admin/tickets/survey/").status_code == 200
        for address in (SATISFACTION, "/admin/tickets/survey/"):
            assert as_user(StaffFactory(role="")).get(address).status_code == 403
            assert as_user(scene.customer).get(address).status_code in (302, 404)


def test_the_figures_cost_the_same_at_one_and_three(scene, ask, at, as_user):
    counts = set()
    client = as_user(scene.agent)
    with at_time(at):
        for more in (1, 2):
            for _ in range(more):
                ticket = ask()
                close_by_customer(ticket=ticket, actor=scene.customer, at=at)
            with CaptureQueriesContext(connection) as queries:
                client.get(SATISFACTION)
                client.get("/admin/tickets/survey/")
            counts.add(len(queries))
    assert len(counts) == 1, counts
    assert Notice.objects.filter(event="survey").count() == 3


def test_a_comment_stays_out_of_the_events(scene, survey):
    rate(survey=survey, actor=scene.customer, at=survey.closed_at, score=4, comment="Between us.")
    assert not survey.ticket.events.filter(data__icontains="Between us").exists()


def test_a_comment_is_shown_to_its_writer_and_lost_to_nobody(scene, survey, as_user):
    """ "People of support read it, nobody else": an administrator who changes the score does not, either."""
    clerk = ContactFactory(organization=scene.organization, is_administrator=False).user
    Ticket.objects.filter(pk=survey.ticket_id).update(requester=clerk)
    with at_time(survey.closed_at):
        as_user(clerk).post(page_of(survey), {"score": "2", "comment": "My boss was in the way."})
        assert "My boss" in as_user(clerk).get(page_of(survey)).content.decode()
        admin = as_user(scene.customer)
        assert "My boss" not in admin.get(page_of(survey)).content.decode()
        admin.post(page_of(survey), {"score": "4", "comment": ""})
        assert "My boss" not in admin.get(page_of(survey)).content.decode()
        assert "My boss" in as_user(clerk).get(page_of(survey)).content.decode()
    survey.refresh_from_db()
    assert (survey.score, survey.comment) == (4, "My boss was in the way.")
