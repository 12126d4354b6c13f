"""Mail to sort: who sees it, what it shows, and that nothing is posted in a name that is not proven."""

from __future__ import annotations

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.mailin.world import part
from tickets.enums import EventKind
from tickets.models import IncomingMail, Message, Ticket

LIST = "/admin/tickets/incomingmail/"


@pytest.fixture(autouse=True)
def _then(at, settings):
    settings.STAFF_MFA_REQUIRED = False
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def agent(world) -> Client:
    return signed_in(world.agent)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def held(world, take) -> IncomingMail:
    """An answer by Maya that was sent to the address for requests."""
    row = take(world.letter("It works now.", In_Reply_To=world.notice.message_id))
    assert row.reason == "no_address"
    return row


def page(mail: IncomingMail) -> str:
    return reverse("admin:tickets_incomingmail_change", args=[mail.pk])


def do(client: Client, mail: IncomingMail, verb: str, **given: str):
    there = reverse("admin:tickets_incomingmail_verb", args=[mail.pk, verb])
    return client.post(there, {name.replace("__", "-"): value for name, value in given.items()}, follow=True)


def test_the_list_says_why_and_the_rail_leads_there(agent, held):
    text = agent.get(LIST).content.decode()
    assert "Mail to sort" in text
    assert held.subject in text
    assert "It answers a mail of ours, but was not sent to its reply address" in text


def test_the_list_costs_the_same_for_one_and_for_three(agent, world, take, held):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert agent.get(LIST).status_code == 200
        assert all('"raw"' not in query["sql"] for query in queries.captured_queries)
        return len(queries)

    cost()
    one = cost()
    for n in range(2):
        take(world.letter(From=f"eve{n}@evil.example"))
    assert cost() == one


@pytest.mark.parametrize("state", ["", "?state=stopped", "?state=all", "?q=maya", "?state=nonsense"])
def test_other_states_are_found(agent, world, take, held, state):
    take(world.reply(Auto_Submitted="auto-replied", Subject="Away"))
    response = agent.get(LIST + state)
    assert response.status_code == 200
    assert ("Away" in response.content.decode()) is (state in ("?state=stopped", "?state=all"))


def test_the_page_shows_text_without_anything_from_elsewhere(agent, world, take):
    html = "<script>alert(1)</script><img src='http://tracker.example/x'>Seen &lt;b&gt;"
    raw = world.letter(
        html, From="eve@evil.example", Content_Type="text/html", Subject="=?utf-8?q?=3Cscript=3Ex?="
    )
    response = agent.get(page(take(raw)))
    text = response.content.decode()
    assert "Seen &lt;b&gt;" in text
    assert "tracker.example" not in text
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text


@pytest.mark.parametrize("size", [1, 3])
def test_the_page_costs_the_same_for_one_part_and_for_three(agent, world, take, size):
    files = [part("x", "text/csv", Content_Disposition=f"attachment; filename=f{n}.csv") for n in range(size)]
    mail = take(world.parts(part("See."), *files, From="eve@evil.example"))
    agent.get(page(mail))
    with CaptureQueriesContext(connection) as queries:
        text = agent.get(page(mail)).content.decode()
    assert len(queries) <= 12
    assert f"f{size - 1}.csv" in text


def test_the_mail_as_it_came_is_saved_and_never_shown(agent, held):
    response = agent.get(reverse("admin:tickets_incomingmail_raw", args=[held.pk]))
    assert response.content == bytes(IncomingMail.objects.get(pk=held.pk).raw)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_what_is_left_of_an_old_mail_is_shown_and_that_it_was_deleted(agent, held, at):
    IncomingMail.objects.filter(pk=held.pk).update(state="stopped", raw=b"", emptied_at=at)
    text = agent.get(page(held)).content.decode()
    assert held.subject in text and "What it said was deleted" in text
    assert "Add it to a request" not in text and "Save the mail" not in text
    assert agent.get(reverse("admin:tickets_incomingmail_raw", args=[held.pk])).status_code == 404
    assert do(agent, held, "again").status_code == 409


def test_added_in_its_senders_name_it_says_who_entered_it(agent, world, held):
    do(agent, held, "add", add__request_number=str(world.ticket.pk), add__how="customer")
    message = Message.objects.get()
    assert (message.ticket, message.author, message.side) == (world.ticket, world.maya, "customer")
    event = message.events.get()
    assert (event.kind, event.actor, event.data) == (
        EventKind.CUSTOMER,
        world.agent,
        {"entered_by": "Idris Bell"},
    )
    held.refresh_from_db()
    assert (held.state, held.posted, held.handled_by) == ("posted", message, world.agent)
    seen = signed_in(world.agent).get(reverse("admin:tickets_ticket_change", args=[world.ticket.pk]))
    assert "entered by Idris Bell" in seen.content.decode()


@pytest.mark.parametrize("sender", ["eve@evil.example", "jo@harrow.example", "idris@support.example"])
def test_never_in_the_name_of_somebody_who_may_not_write_there(agent, world, take, sender):
    assert world.stranger.email == "jo@harrow.example"
    mail = take(world.letter("Pay here.", From=sender, To="elsewhere@x.example"))
    number = str(world.ticket.pk)
    response = do(agent, mail, "add", add__request_number=number, add__how="customer")
    assert response.status_code == 409
    assert "may not write on this request" in response.content.decode()
    assert not Message.objects.exists()
    do(agent, mail, "add", add__request_number=number, add__how="note")
    message = Message.objects.get()
    assert (message.author, message.visibility) == (world.agent, "internal")
    assert message.body.startswith(f"Mail from {sender}")


def test_a_revoked_contact_is_nobody_by_hand_either(agent, world, held):
    number = str(world.ticket.pk)
    world.revoke(world.maya)
    assert do(agent, held, "add", add__request_number=number, add__how="customer").status_code == 409
    assert not Message.objects.exists()


@pytest.mark.parametrize("number", ["", "0", "999999", "x", "-1", "9" * 30, "١"])
def test_a_number_that_is_none_is_said(agent, held, number):
    response = do(agent, held, "add", add__request_number=number, add__how="note")
    assert response.status_code == 409
    assert "There is no request with this number" in response.content.decode()
    assert "Write why it needs nothing" not in response.content.decode()


def test_a_request_is_opened_from_it_with_words_and_files(agent, world, take):
    file = part("a,b", "text/csv", Content_Disposition="attachment; filename=log.csv")
    mail = take(world.parts(part("It stopped."), file, To="elsewhere@x.example", Subject="Stopped"))
    assert mail.state == "held"
    contact = world.maya.contacts.get()
    there = reverse("admin:tickets_ticket_add") + f"?contact={contact.pk}&mail={mail.pk}"
    assert there.replace("&", "&amp;") in agent.get(page(mail)).content.decode()
    form = agent.get(there).context["form"]
    assert (form["subject"].value(), form["description"].value()) == ("Stopped", "It stopped.")
    given = {field.html_name: field.value() for field in form if field.value() is not None}
    given["files"] = SimpleUploadedFile("more.txt", b"more")
    response = agent.post(there, given)
    assert response.status_code == 302, response.content.decode()
    ticket = Ticket.objects.get(subject="Stopped")
    assert (ticket.requester, ticket.entered_by, ticket.channel) == (world.maya, world.agent, "email")
    assert sorted(ticket.attachments.values_list("name", flat=True)) == ["log.csv", "more.txt"]
    mail.refresh_from_db()
    assert (mail.state, mail.ticket, mail.handled_by) == ("opened", ticket, world.agent)


def test_choosing_whose_it_is_keeps_the_mail(agent, world, held):
    text = agent.get(reverse("admin:tickets_ticket_add") + f"?mail={held.pk}&who=maya").content.decode()
    assert f"?contact={world.maya.contacts.get().pk}&amp;mail={held.pk}" in text


def test_dismissing_takes_a_reason_and_keeps_the_mail(agent, world, held):
    assert do(agent, held, "dismiss", dismiss__reason=" ").status_code == 409
    do(agent, held, "dismiss", dismiss__reason="Answered by phone.")
    held.refresh_from_db()
    assert (held.state, held.note, held.handled_by) == ("dismissed", "Answered by phone.", world.agent)
    assert "Answered by phone." in agent.get(page(held)).content.decode()


def test_what_was_sorted_is_not_sorted_again(agent, world, held):
    do(agent, held, "dismiss", dismiss__reason="No.")
    response = do(agent, held, "add", add__request_number=str(world.ticket.pk), add__how="note")
    assert response.status_code == 409
    assert not Message.objects.exists()


def test_trying_again_after_the_cause_is_gone(agent, world, take):
    mail = take(world.letter(From=world.invited.email))
    assert mail.reason == "address_not_confirmed"
    world.invited.emailaddress_set.update(verified=True)
    text = do(agent, mail, "again").content.decode()
    assert "Tried again: Opened a request" in text
    mail.refresh_from_db()
    assert mail.ticket.requester == world.invited


def test_a_stopped_mail_may_be_taken_up_again(agent, world, take):
    mail = take(world.reply("I wrote this myself.", Precedence="bulk"))
    assert mail.state == "stopped"
    do(agent, mail, "add", add__request_number=str(world.ticket.pk), add__how="customer")
    assert Message.objects.get().author == world.maya


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe rubbish", b"From: a@b.example\r\n" + b"X: y\r\n" * 90_000])
def test_the_page_stands_whatever_came(agent, take, raw):
    assert agent.get(page(take(raw))).status_code == 200


def test_who_may_see_and_who_may_sort(world, held):
    auditor, customer = signed_in(world.auditor), signed_in(world.maya)
    assert auditor.get(page(held)).status_code == 200
    assert "Dismiss it" not in auditor.get(page(held)).content.decode()
    assert do(auditor, held, "dismiss", dismiss__reason="x").status_code == 403
    editor = world.agent
    editor.role = "policy_editor"
    editor.save()
    for client, status in ((customer, 302), (Client(), 302), (signed_in(editor), 403)):
        for there in (LIST, page(held), reverse("admin:tickets_incomingmail_raw", args=[held.pk])):
            assert client.get(there).status_code == status, there
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "there", ["999999/change/", "x/change/", "999999/raw/", "99999999999999999999/change/"]
)
def test_what_is_not_there_is_not_found(agent, there):
    assert agent.get(LIST + there).status_code == 404


def test_verbs_are_posted(agent, held):
    there = reverse("admin:tickets_incomingmail_verb", args=[held.pk, "dismiss"])
    assert agent.get(there).status_code == 405
    assert agent.post(there.replace("dismiss", "nonsense")).status_code == 404
