"""The ticket page: what it shows, what each verb does, and what happens to text that can't be sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from tests.backoffice.conftest import QUEUE, START, answer, page_of, verb_of
from tests.backoffice.test_pages import assert_no_inline
from tickets.actions import close_by_customer, hear, note, say
from tickets.admin.verbs import VERBS
from tickets.enums import Status
from tickets.models import Attachment, Message, Ticket


def html(response) -> str:
    return response.content.decode()


def test_everything_of_a_request_on_one_page(ticket, staff, signed_in):
    worker = staff()
    say(ticket=ticket, author=worker, body="Which **two** accounts?", at=START, then="waiting")
    note(ticket=ticket, author=worker, body="Same as last week.", at=START)
    text = html(signed_in(worker).get(page_of(ticket)))
    assert_no_inline(text)
    for words in (
        "Which <strong>two</strong>",
        "Same as last week.",
        "Internal, staff only",
        "met the first response",
        "Asked the customer",
        "decision",
        "Maya Okafor",
        "Aster Freight",
        "edition 1",
    ):
        assert words in text, words


def test_what_sending_does_is_said_for_each_choice(ticket, agent):
    told = dict(agent.get(page_of(ticket)).context["effects"])
    assert told["open"].startswith("Meets the first response, 3 h early.")
    assert "becomes waiting" in told["waiting"]
    assert "becomes resolved" in told["resolved"] and "closes by itself" in told["resolved"]
    assert "becomes closed" in told["closed"]


def test_a_late_answer_is_told_as_late(ticket, agent, clock):
    clock.move_to(START + timedelta(days=2))
    told = dict(agent.get(page_of(ticket)).context["effects"])
    assert "late; the breach stays" in told["open"]


def test_an_answer_a_question_and_a_resolution(ticket, agent):
    for then, status in (("", Status.OPEN), ("waiting", Status.WAITING), ("resolved", Status.RESOLVED)):
        ticket.refresh_from_db()
        response = agent.post(verb_of(ticket, "say"), answer(ticket, then=then))
        assert response.status_code == 302
        ticket.refresh_from_db()
        assert ticket.status == status
    assert agent.post(verb_of(ticket, "close"), {}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED
    agent.post(verb_of(ticket, "reopen"), {"reason-reason": "It came back"})
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


def test_a_note_meets_nothing_and_is_no_ones_but_staffs(ticket, agent):
    agent.post(verb_of(ticket, "say"), answer(ticket, visibility="internal", body="Look at the gateway."))
    assert Message.objects.get().visibility == "internal"
    assert ticket.clocks.get(metric="first_response").state == "running"


def test_pressed_twice_it_is_said_once(ticket, agent):
    same = answer(ticket)
    assert [agent.post(verb_of(ticket, "say"), same).status_code for _ in range(2)] == [302, 302]
    assert Message.objects.count() == 1


def test_a_stale_page_shows_both_texts_and_sends_nothing(ticket, agent):
    stale = answer(ticket, body="My long answer")
    hear(ticket=ticket, author=ticket.requester, body="It works again", at=START)
    response = agent.post(verb_of(ticket, "say"), stale)
    assert response.status_code == 409
    assert "My long answer" in html(response) and "It works again" in html(response)
    assert Message.objects.filter(side="support").count() == 0
    form = response.context["answer_form"]
    again = stale | {"version": form["version"].value(), "seen": form["seen"].value()}
    assert agent.post(verb_of(ticket, "say"), again).status_code == 302


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"body": "  "}, "Write the answer first"),
        ({"then": "nowhere", "body": "kept text"}, "Select a valid choice"),
        ({"visibility": "secret", "body": "kept text"}, "Select a valid choice"),
        ({"body": "x" * 50_001}, "too long"),
    ],
)
def test_bad_input_keeps_the_text_and_says_what_to_do(changes, said, ticket, agent):
    response = agent.post(verb_of(ticket, "say"), answer(ticket, **changes))
    assert response.status_code == 400
    assert said in html(response)
    assert changes.get("body", "").strip() in html(response)
    assert "<title>Error:" in html(response)
    assert not Message.objects.exists()


def test_a_closed_request_takes_notes_only(ticket, agent, customer):
    close_by_customer(ticket=ticket, actor=customer, at=START)
    response = agent.post(verb_of(ticket, "say"), answer(ticket, body="One more thing"))
    assert response.status_code == 409
    assert "One more thing" in html(response) and "Nothing was sent" in html(response)
    response = agent.post(verb_of(ticket, "say"), answer(ticket, visibility="internal"))
    assert response.status_code == 302


def test_the_severity_changes_with_a_way_and_a_reason(ticket, agent):
    bad = agent.post(
        verb_of(ticket, "severity"), {"severity-to": "S3", "severity-how": "raised", "severity-reason": "why"}
    )
    assert bad.status_code == 409 and "Only a more severe one" in html(bad)
    assert agent.post(verb_of(ticket, "severity"), {"severity-to": "S3"}).status_code == 400
    assert (
        agent.post(verb_of(ticket, "severity"), {"severity-to": "X", "severity-how": "lowered"}).status_code
        == 400
    )
    good = {"severity-to": "S3", "severity-how": "corrected", "severity-reason": "One person only"}
    assert agent.post(verb_of(ticket, "severity"), good).status_code == 302
    ticket.refresh_from_db()
    assert ticket.severity == "S3"
    assert ticket.events.get(kind="severity").data["how"] == "corrected"


def test_a_severity_from_a_stale_page_is_asked_again_with_what_was_typed(ticket, agent):
    seen = {"severity-to": "S3", "severity-how": "corrected", "severity-reason": "One person only"}
    seen["severity-version"] = ticket.version
    hear(ticket=ticket, author=ticket.requester, body="It is everybody now.", at=START)
    response = agent.post(verb_of(ticket, "severity"), seen)
    assert response.status_code == 409 and "Somebody changed the request" in html(response)
    assert "One person only" in html(response)
    ticket.refresh_from_db()
    assert ticket.severity == "S1"
    again = seen | {"severity-version": response.context["severity_form"]["version"].value()}
    assert agent.post(verb_of(ticket, "severity"), again).status_code == 302


def test_hold_confirm_assign_and_no_answer_needed(ticket, staff, signed_in):
    worker = staff()
    client = signed_in(worker)
    client.post(verb_of(ticket, "confirm"))
    client.post(verb_of(ticket, "assign"), {"assign-assigned_to": worker.pk})
    client.post(verb_of(ticket, "hold"), {"reason-reason": "Carrier"})
    ticket.refresh_from_db()
    assert ticket.severity_confirmed_at == START
    assert (ticket.assigned_to, ticket.status) == (worker, Status.ON_HOLD)
    client.post(verb_of(ticket, "unhold"))
    client.post(verb_of(ticket, "no_reply"))
    client.post(verb_of(ticket, "assign"), {"take": 1})
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert "can&#x27;t be done" in html(client.post(verb_of(ticket, "unhold"), follow=True))


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_verb_is_for_those_who_may_and_by_post(verb, ticket, staff, signed_in, customer, client):
    there = verb_of(ticket, verb)
    for role in (Role.AUDITOR, Role.POLICY_EDITOR, ""):
        assert signed_in(staff(role)).post(there, answer(ticket)).status_code == 403, role
    assert signed_in(customer).post(there, answer(ticket), follow=True).status_code == 404
    assert client.post(there, answer(ticket)).status_code == 302
    assert signed_in(staff()).get(there).status_code == 405
    assert (
        signed_in(staff()).post(verb_of(ticket, verb).replace(f"/{ticket.pk}/", "/999/"), {}).status_code
        == 404
    )
    ticket.refresh_from_db()
    assert (ticket.status, ticket.events.count()) == (Status.NEW, 1)


def test_no_row_of_a_request_is_edited_as_a_row(ticket, staff, signed_in):
    root = signed_in(staff("root"))
    assert root.post(page_of(ticket), {"status": "closed"}).status_code == 405
    assert root.post(QUEUE, {"action": "delete_selected"}).status_code == 405
    assert root.post(f"{QUEUE}{ticket.pk}/delete/", {"post": "yes"}).status_code == 403
    assert root.get(f"{QUEUE}x/change/").status_code == 404
    assert root.get(f"{QUEUE}{10**30}/change/").status_code == 404
    assert root.post(f"{QUEUE}{ticket.pk}/do/delete/").status_code == 404


def test_an_auditor_reads_and_finds_no_form(ticket, staff, signed_in):
    text = html(signed_in(staff(Role.AUDITOR)).get(page_of(ticket)))
    assert "You may read this request" in text and "Send answer" not in text


def test_files_of_notes_are_for_staff(ticket, agent, signed_in, customer):
    file = SimpleUploadedFile("log.txt", b"a line", "text/plain")
    agent.post(verb_of(ticket, "say"), answer(ticket, visibility="internal", files=file))
    attachment = Attachment.objects.get()
    there = f"{QUEUE}{ticket.pk}/files/{attachment.key}/"
    response = agent.get(there)
    assert b"".join(response.streaming_content) == b"a line"
    assert "attachment" in response["Content-Disposition"]
    assert signed_in(customer).get(there, follow=True).status_code == 404


# --- take a call or mail


def intake(ticket: Ticket) -> str:
    contact = ticket.requester.contacts.get()
    return f"{QUEUE}add/?contact={contact.pk}"


def a_call(**changes):
    fields = {
        "subject": "Printer on fire",
        "description": "Called from the road.",
        "severity": "S1",
        "category": "other",
        "channel": "email",
        "received_at": "",
        "contact_from": "09:00",
        "contact_to": "12:00",
    }
    return fields | changes


def test_find_the_person_first(ticket, agent):
    text = html(agent.get(f"{QUEUE}add/?who=aster"))
    assert "Maya Okafor" in text
    assert_no_inline(text)
    assert "Nobody is found" in html(agent.get(f"{QUEUE}add/?who=zzz"))
    assert agent.get(f"{QUEUE}add/?contact=999999").status_code == 200


def test_a_mail_that_came_earlier_counts_from_then(ticket, staff, signed_in):
    worker = staff(time_zone="UTC")
    response = signed_in(worker).post(intake(ticket), a_call(received_at="2026-12-02T16:30"))
    assert response.status_code == 302, html(response)[-3000:]
    entered = Ticket.objects.get(subject="Printer on fire")
    assert entered.submitted_at == START - timedelta(minutes=30)
    assert (entered.entered_by, entered.requester, entered.channel) == (worker, ticket.requester, "email")


def test_what_can_not_be_entered_is_said_and_kept(ticket, agent):
    late = agent.post(intake(ticket), a_call(received_at="2027-01-01T10:00"))
    assert late.status_code == 400
    assert "This time has not come yet" in html(late) and "Printer on fire" in html(late)
    refused = agent.post(intake(ticket), a_call(channel="phone"))
    assert refused.status_code == 409
    assert "Printer on fire" in html(refused) and "channel_not_in_plan" in html(refused)
    assert agent.post(intake(ticket), {}).status_code == 400
