"""The page of a request: replies, closing, reopening, follow-ups, and that it got worse."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from tickets.actions import close_by_customer, note, say
from tickets.models import Message, Ticket


def _address(ticket: Ticket, act: str = "") -> str:
    return f"/requests/{ticket.number}/" + (f"{act}/" if act else "")


def test_the_page_explains_the_promise_in_words_and_a_picture(customer: Client, ticket: Ticket) -> None:
    page = customer.get(_address(ticket)).content.decode()
    assert "First answer by" in page and "Every stretch, in words" in page
    assert '<svg class="ribbon' in page and "Los Angeles" in page


def test_internal_notes_and_what_staff_alone_see_are_absent(
    customer: Client, ticket: Ticket, scene, at
) -> None:
    note(ticket=ticket, author=scene.agent, body="They pay late.", at=at)
    say(ticket=ticket, author=scene.agent, body="We look.", at=at)
    page = customer.get(_address(ticket)).content.decode()
    assert "We look." in page and "They pay late." not in page and "nternal" not in page


def test_a_reply_is_said_once_however_often_it_is_sent(customer: Client, ticket: Ticket) -> None:
    typed = {"body": "More news", "client_key": str(uuid.uuid4())}
    for _ in range(2):
        assert customer.post(_address(ticket, "reply"), typed).status_code == 302
    assert Message.objects.get().body == "More news"


@pytest.mark.parametrize("body", ["", "   ", "a\0b", "z" * 60_000])
def test_a_reply_that_is_no_message_is_kept_and_put_right(
    customer: Client, ticket: Ticket, body: str
) -> None:
    answer = customer.post(_address(ticket, "reply"), {"body": body})
    page = answer.content.decode()
    assert answer.status_code == 422 and "<title>Error:" in page
    assert len(body) < 1000 or body in page
    assert not Message.objects.exists()


def test_an_answer_ends_the_waiting(customer: Client, ticket: Ticket, scene, at) -> None:
    say(ticket=ticket, author=scene.agent, body="Which two?", at=at, then="waiting")
    assert "Sending starts our clock again" in customer.get(_address(ticket)).content.decode()
    answer = customer.post(_address(ticket, "reply"), {"body": "These."}, follow=True)
    ticket.refresh_from_db()
    assert ticket.status == "open" and "Next news by" in answer.content.decode()


def test_closing_says_what_it_means_and_reopening_lasts_its_days(
    customer: Client, ticket: Ticket, at, now, browse, scene
) -> None:
    assert "for 14 days" in customer.get(_address(ticket, "close")).content.decode()
    customer.post(_address(ticket, "close"), {"reason": "Solved."})
    ticket.refresh_from_db()
    assert ticket.status == "closed"
    assert "Reopen (until" in customer.get(_address(ticket)).content.decode()
    now(at + timedelta(days=14))
    browse(scene.customer)
    assert customer.post(_address(ticket, "reopen"), {"reason": "It is back."}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_after_the_window_a_message_opens_a_linked_request(
    customer: Client, ticket: Ticket, scene, at, now, browse
) -> None:
    close_by_customer(ticket=ticket, actor=scene.customer, at=at)
    now(at + timedelta(days=14, seconds=1))
    browse(scene.customer)
    page = customer.get(_address(ticket)).content.decode()
    assert "opens a new request linked to this one" in page and "/reopen/" not in page
    assert customer.post(_address(ticket, "reopen"), {"reason": "Kept words"}).status_code == 409
    answer = customer.post(_address(ticket, "reply"), {"body": "It is back."}, follow=True)
    new = Ticket.objects.get(follows=ticket)
    assert new.description == "It is back." and f"#{ticket.number}" in answer.content.decode()
    assert f"#{new.number}" in customer.get(_address(ticket)).content.decode()


def test_closing_what_somebody_else_changed_asks_again_and_keeps_the_words(
    customer: Client, ticket: Ticket, scene, at
) -> None:
    form = customer.get(_address(ticket, "close")).context["form"]
    seen = {"version": form["version"].value(), "reason": "Solved by us."}
    say(ticket=ticket, author=scene.agent, body="One more thing.", at=at)
    answer = customer.post(_address(ticket, "close"), seen)
    assert answer.status_code == 409 and "Solved by us." in answer.content.decode()
    again = answer.context["form"]["version"].value()
    assert customer.post(_address(ticket, "close"), seen | {"version": again}).status_code == 302


@pytest.mark.parametrize("door", ["close", "escalate"])
def test_a_note_shows_in_no_form_of_the_customer(
    customer: Client, ticket: Ticket, scene, at, door: str
) -> None:
    seen = customer.get(_address(ticket, door)).context["form"]["version"].value()
    note(ticket=ticket, author=scene.agent, body="They are late with the fees.", at=at)
    assert customer.get(_address(ticket, door)).context["form"]["version"].value() == seen
    if door == "close":
        assert customer.post(_address(ticket, door), {"version": seen}).status_code == 302


def test_closing_twice_is_answered_in_words(customer: Client, ticket: Ticket) -> None:
    customer.post(_address(ticket, "close"))
    answer = customer.post(_address(ticket, "close"), {"reason": "Again"})
    assert answer.status_code == 409 and "Go back to the request" in answer.content.decode()


def test_it_got_worse_raises_with_a_reason(customer: Client, ticket: Ticket) -> None:
    assert customer.post(_address(ticket, "worse"), {"severity": "P1"}).status_code == 422
    for wrong in ("P3", "P9", "\0"):
        assert customer.post(_address(ticket, "worse"), {"severity": wrong, "reason": "x"}).status_code == 422
    assert (
        customer.post(_address(ticket, "worse"), {"severity": "P1", "reason": "Everybody"}).status_code == 302
    )
    ticket.refresh_from_db()
    assert ticket.severity == "P1"


@pytest.mark.parametrize("version", ["x", "\0", "9" * 30])
def test_a_damaged_version_is_no_fault_of_ours(customer: Client, ticket: Ticket, version: str) -> None:
    assert customer.post(_address(ticket, "close"), {"version": version}).status_code in (302, 409, 422)


def test_each_clock_can_be_looked_at(customer: Client, ticket: Ticket, scene, at) -> None:
    say(ticket=ticket, author=scene.agent, body="We look.", at=at)
    answer = customer.get(_address(ticket), {"clock": "first_response-1"})
    assert answer.context["clock"].metric == "first_response"
    assert customer.get(_address(ticket), {"clock": "bogus"}).context["clock"].metric == "next_update"


def test_preferences_are_kept_and_faults_said(customer: Client, scene) -> None:
    typed = {"name": "Maya O.", "phone": "+1 212 555 0142", "language": "zh-hant", "time_zone": "Asia/Taipei"}
    answer = customer.post("/profile/preferences/", typed | {"theme": "dark"})
    assert answer.status_code == 302 and answer.cookies["theme"].value == "dark"
    scene.customer.refresh_from_db()
    assert scene.customer.time_zone == "Asia/Taipei"
    for wrong in (
        {"time_zone": "Mars"},
        {"phone": "call me"},
        {"name": ""},
        {"language": "xx"},
        {"name": "\0"},
    ):
        answer = customer.post("/profile/preferences/", typed | wrong)
        assert answer.status_code == 422 and "data-error-summary" in answer.content.decode()
