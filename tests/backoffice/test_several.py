"""What is done to several requests of the queue at once: the same verbs, and of each what came of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import Team
from tests.backoffice.conftest import QUEUE, START, asked
from tests.backoffice.test_queue import queries
from tickets.actions import assign, close_by_customer, hear
from tickets.models import CannedReply, Message, Ticket

SEVERAL = f"{QUEUE}several/"


@pytest.fixture
def three(customer, organization) -> list[Ticket]:
    return [asked(customer, organization, f"request {n}", START - timedelta(hours=1), "S2") for n in range(3)]


def page_for(act: str, tickets, **more) -> str:
    numbers = ",".join(str(ticket.pk) for ticket in tickets)
    return f"{SEVERAL}{act}/?n={numbers}" + "".join(f"&{name}={value}" for name, value in more.items())


def seen(tickets) -> dict[str, int]:
    """The versions that the page showed."""
    return {f"version-{ticket.pk}": ticket.version for ticket in tickets}


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_what_is_ticked_leads_to_the_page_of_the_act(three, agent):
    there = f"{QUEUE}?tab=mine"
    response = agent.post(
        SEVERAL, {"act": "assign", "number": [three[0].pk, "x", three[2].pk], "next": there}
    )
    page = agent.get(response["Location"])
    assert page.context["tickets"] == [three[0], three[2]]
    assert page.context["back_url"] == there
    nothing = agent.post(SEVERAL, {"act": "assign", "next": "https://evil.example/admin/tickets/ticket/"})
    assert nothing["Location"] == QUEUE
    assert agent.post(SEVERAL, {"act": "delete", "number": [three[0].pk]}).status_code == 404


def test_to_a_person_and_a_team_at_once(three, agent, staff):
    worker, team = staff(), Team.objects.create(name="Federation")
    fields = {"person": worker.pk, "team": team.pk} | seen(three)
    assert agent.post(page_for("assign", three), fields).status_code == 302
    for ticket in Ticket.objects.all():
        assert (ticket.assigned_to, ticket.team) == (worker, team)
        assert [event.kind for event in ticket.events.order_by("pk")][1:] == ["assigned", "team"]
    assert agent.post(page_for("assign", three), seen(three)).status_code == 400


def test_one_that_changed_meanwhile_is_named_and_left_alone(three, agent, staff):
    worker = staff()
    versions = seen(three)
    hear(ticket=three[1], author=three[1].requester, body="Any news?", at=START)
    response = agent.post(page_for("assign", three), {"person": worker.pk} | versions)
    text = text_of(response)
    assert response.status_code == 200
    assert "2 done, 1 refused" in text
    assert f"#{three[1].pk} request 1 Somebody changed it after you opened this page." in text
    assert Ticket.objects.filter(assigned_to=worker).count() == 2


def test_a_severity_with_its_reason_and_what_does_not_fit_is_refused(three, agent):
    page = page_for("severity", three)
    assert agent.post(page, {"severity-to": "S1"} | seen(three)).status_code == 400
    fields = {"severity-to": "S1", "severity-how": "raised", "severity-reason": "All sites are down."}
    close_by_customer(ticket=three[0], actor=three[0].requester, at=START)
    response = agent.post(page, fields | seen(three))
    assert "2 done, 1 refused" in text_of(response)
    assert list(Ticket.objects.order_by("pk").values_list("severity", flat=True)) == ["S2", "S1", "S1"]
    again = agent.post(page, fields | seen([Ticket.objects.get(pk=ticket.pk) for ticket in three[1:]]))
    assert again.status_code == 409
    assert "It is S1 already." in text_of(again)


def test_an_answer_is_filled_in_for_each_shown_and_sent_once(three, agent):
    CannedReply.objects.create(title="Known", body="Hello {requester}, about {number}: {next_promise}.")
    page = page_for("reply", three)
    fields = {"canned": "Known", "then": "", "client_key": "6f1a6f0e-0c3b-4a6e-9a3e-2f2f5d6f8f11"} | seen(
        three
    )
    preview = agent.post(page, fields)
    assert Message.objects.count() == 0
    for ticket in three:
        assert f"Hello Maya Okafor, about #{ticket.pk}:" in text_of(preview)
    assert agent.post(page, fields | {"send": 1}).status_code == 302
    assert agent.post(page, fields | {"send": 1}).status_code == 302
    assert Message.objects.count() == 3
    assert set(Message.objects.values_list("side", "visibility")) == {("support", "public")}


def test_an_answer_needs_one_text_and_known_placeholders(three, agent):
    CannedReply.objects.create(title="Known", body="Hello.")
    page = page_for("reply", three)
    for wrong in ({}, {"canned": "Known", "body": "Hi"}, {"body": "Hi {nobody}"}, {"canned": "Unknown"}):
        assert agent.post(page, wrong | seen(three)).status_code == 400
    sent = agent.post(page, {"body": "Hi {requester}", "send": 1} | seen(three[:2]))
    assert sent.status_code == 302
    assert set(Message.objects.values_list("body", flat=True)) == {"Hi Maya Okafor"}


def test_without_canned_replies_a_text_is_written(three, agent):
    page = page_for("reply", three)
    assert "Canned reply" not in text_of(agent.get(page))
    assert agent.post(page, seen(three)).status_code == 400
    assert agent.post(page, {"body": "Done.", "then": "resolved", "send": 1} | seen(three)).status_code == 302
    assert set(Ticket.objects.values_list("status", flat=True)) == {"resolved"}


def test_several_are_merged_into_one_after_a_look(three, agent):
    page = page_for("merge", three, into=three[0].pk)
    preview = agent.get(page)
    assert [one["ticket"] for one in preview.context["previews"]] == three[1:]
    assert all(one["preview"] for one in preview.context["previews"])
    assert agent.post(page, seen(three)).status_code == 400
    assert agent.post(page, {"reason": "The same outage."} | seen(three)).status_code == 302
    assert Ticket.objects.filter(merged_into=three[0]).count() == 2
    again = agent.post(page, {"reason": "The same outage."} | seen(three))
    assert again.status_code == 409
    assert "merged into another one" in text_of(again) or "Somebody changed it" in text_of(again)
    assert agent.get(page_for("merge", three[:1])).context["trouble"]


def test_taking_a_request_takes_it_from_nobody(three, staff, signed_in):
    first, second = staff(name="Sofia Reyes"), staff()
    ticket = three[0]
    signed_in(first).post(f"{QUEUE}take/", {"take": ticket.pk})
    response = signed_in(second).post(f"{QUEUE}take/", {"take": ticket.pk, "next": QUEUE}, follow=True)
    assert "Sofia Reyes took it meanwhile." in text_of(response)
    assert Ticket.objects.get(pk=ticket.pk).assigned_to == first
    assign(ticket=ticket, actor=second, at=START, to=second)
    assert Ticket.objects.get(pk=ticket.pk).assigned_to == second


def test_only_who_may_act_and_only_by_the_right_method(three, staff, signed_in, client):
    reader = signed_in(staff(Role.AUDITOR))
    for act in ("assign", "severity", "reply", "merge"):
        assert reader.get(page_for(act, three)).status_code == 403
        assert reader.post(page_for(act, three), seen(three)).status_code == 403
        assert client.get(page_for(act, three)).status_code == 302
    assert reader.post(SEVERAL, {"act": "assign", "number": [three[0].pk]}).status_code == 403
    assert reader.post(f"{QUEUE}take/", {"take": three[0].pk}).status_code == 403
    worker = signed_in(staff())
    assert worker.get(SEVERAL).status_code == 405
    assert worker.get(f"{QUEUE}take/").status_code == 405
    assert worker.get(f"{SEVERAL}delete/").status_code == 404
    assert worker.get(f"{SEVERAL}assign/?n=x,99999999999999999999,").status_code == 302


@pytest.mark.parametrize("act", ["assign", "severity", "reply"])
def test_the_page_of_an_act_costs_the_same_for_any_number(act, customer, organization, agent):
    tickets, counts = [], []
    for wanted in (1, 3, 12):
        while len(tickets) < wanted:
            tickets.append(asked(customer, organization, "one", START, "S2"))
        counts.append(queries(agent, page_for(act, tickets))[0])
    assert len(set(counts)) == 1, counts
