"""What people hear of is theirs to choose, save what always comes."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.bounces import record_bounce
from notices.enums import How
from notices.models import Notice, Preference
from notices.outbox import send_due
from notices.preferences import choices_of, choose, next_daily
from tests.mailout.conftest import utc
from tickets.actions import say

PAGE = "/profile/notices/"


def chosen(person) -> dict[str, str]:
    return {kind: str(how) for kind, how in choices_of(f"user:{person.pk}").items()}


def test_a_customer_chooses_and_it_holds_for_the_next_mail(scene, ask, at, browse, now):
    client = browse(scene.customer)
    page = client.get(PAGE).content.decode()
    assert "Changes of your requests" in page and "Answers to your requests" in page
    assert 'name="changes"' in page and 'name="answers"' not in page and 'name="clocks"' not in page
    answer = client.post(PAGE, {"changes": "never", "watched": "digest", "contracts": "at_once"})
    assert answer.status_code == 302
    assert chosen(scene.customer) == {"changes": "never", "watched": "digest", "contracts": "at_once"}
    page = client.get(PAGE).content.decode()
    assert re.search(r'<input[^>]*name="changes"[^>]*value="never"[^>]*checked', page)
    ticket = ask()
    say(ticket=ticket, author=scene.agent, body="We look.", at=at)
    send_due(at)
    assert ["We look." in message.body for message in mail.outbox].count(True) == 1
    unwanted = Notice.objects.filter(state="unwanted", last_error="not_wanted")
    assert list(unwanted.values_list("event", flat=True)) == ["submitted"]


def test_staff_choose_of_their_own_groups(scene, browse, now):
    client = browse(scene.agent)
    page = client.get(PAGE).content.decode()
    assert 'name="clocks"' in page and 'name="work"' in page and 'name="changes"' not in page
    wishes = {"clocks": "digest", "work": "at_once", "watched": "never", "contracts": "never"}
    assert client.post(PAGE, wishes).status_code == 302
    assert chosen(scene.agent) == wishes


@pytest.mark.parametrize("wish", ["", "sometimes"])
def test_a_choice_that_is_none_is_said_at_its_place(scene, browse, now, wish):
    answer = browse(scene.customer).post(PAGE, {"changes": wish, "watched": "never", "contracts": "never"})
    assert answer.status_code == 422 and "Choose" in answer.content.decode()
    assert not Preference.objects.exists()


def test_what_is_essential_can_not_be_turned_off(scene, ask, at, browse, now):
    wishes = {"changes": "never", "watched": "never", "contracts": "never", "answers": "never"}
    browse(scene.customer).post(PAGE, wishes | {"account": "never"})
    choose(recipient_key=f"user:{scene.customer.pk}", wishes={"answers": How.NEVER})
    assert "answers" not in chosen(scene.customer)
    # Not even by a row that came into the table some other way.
    Preference.objects.create(recipient_key=f"user:{scene.customer.pk}", kind="answers", how="never")
    say(ticket=ask(), author=scene.agent, body="We look.", at=at)
    send_due(at)
    assert any("We look." in message.body for message in mail.outbox)


def test_nobody_and_other_methods(client, scene, browse, now):
    assert client.get(PAGE).status_code == 302 and "/account/login/" in client.get(PAGE)["Location"]
    assert browse(scene.customer).put(PAGE).status_code == 405


def test_each_has_their_own(scene, other_customer, browse, now):
    browse(scene.customer).post(PAGE, {"changes": "never", "watched": "never", "contracts": "never"})
    assert chosen(other_customer) == {} and chosen(scene.lead) == {}


def test_the_page_says_that_mail_comes_back(scene, at, browse, now):
    email = scene.customer.email
    record_bounce(email=email, notice=None, is_permanent=True, status="5.1.1", text="no", at=at)
    assert "has come back since" in browse(scene.customer).get(PAGE).content.decode()


def test_the_page_costs_the_same_whatever_was_chosen(scene, browse, now):
    client = browse(scene.customer)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return len(queries)

    before = cost()
    client.post(PAGE, {"changes": "never", "watched": "never", "contracts": "never"})
    client.get(PAGE)
    assert cost() == before


def test_eight_in_the_morning_over_a_change_of_clocks():
    assert next_daily(utc(2026, 11, 30, 7), "Europe/Berlin") == utc(2026, 12, 1, 7)
    assert next_daily(utc(2026, 11, 30, 6, 59), "Europe/Berlin") == utc(2026, 11, 30, 7)
    assert next_daily(utc(2026, 10, 24, 12), "Europe/Berlin") == utc(2026, 10, 25, 7)
    assert next_daily(utc(2026, 10, 23, 12), "Europe/Berlin") == utc(2026, 10, 24, 6)
