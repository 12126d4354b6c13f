"""What is typed and not sent is kept, for its writer alone, and never overwrites something newer unseen."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest

from tests.factories.accounts import ContactFactory, StaffFactory
from tickets.actions import Place, forget_draft, hear, keep_draft
from tickets.actions.tidying import tidy
from tickets.models import DecisionRecord, Draft, Message, Ticket

NEW, NEW_DRAFT = "/requests/new/", "/requests/new/draft/"


def _reply(ticket: Ticket, part: str = "draft") -> str:
    return f"/requests/{ticket.pk}/{part}/"


def _work(ticket: Ticket, part: str = "draft/") -> str:
    return f"/admin/tickets/ticket/{ticket.pk}/{part}"


def _typed(scene, **fields: str) -> dict[str, str]:
    return {"organization": scene.organization.slug, "client_key": str(uuid.uuid4())} | fields


@pytest.mark.django_db
def test_a_new_request_is_saved_while_typed_and_stands_there_later(customer, scene) -> None:
    saved = customer.post(
        NEW_DRAFT, _typed(scene, subject="Half a thought", description="<b>Since</b> ...", severity="P3")
    )
    assert saved.status_code == 200 and saved.json()["words"] == "Draft saved 13:00" and saved.json()["seen"]
    page = customer.get(NEW).content.decode()
    assert 'value="Half a thought"' in page and "&lt;b&gt;Since&lt;/b&gt;" in page
    assert "Discard the draft" in page and 'value="P3" checked' in page
    for address in ("/", "/requests/"):
        assert "New request: Half a thought" in customer.get(address).content.decode()


@pytest.mark.django_db
def test_an_empty_form_leaves_no_draft(customer, scene) -> None:
    customer.post(NEW_DRAFT, first := _typed(scene, subject="A"))
    assert Draft.objects.count() == 1
    cleared = customer.post(NEW_DRAFT, first | {"subject": " ", "severity": "P2"})
    assert cleared.json() == {"words": "", "seen": ""} and not Draft.objects.exists()


@pytest.mark.django_db
def test_sending_ends_the_draft_and_a_late_save_does_not_bring_it_back(customer, ticket, scene) -> None:
    typed = {"body": "It is back.", "client_key": str(uuid.uuid4())}
    customer.post(_reply(ticket), typed)
    customer.post(_reply(ticket, "reply"), typed)
    assert Message.objects.get().body == "It is back." and not Draft.objects.exists()
    assert customer.post(_reply(ticket), typed).json()["words"] == ""
    assert not Draft.objects.exists()

    asked = _typed(
        scene, subject="Another", description="Since noon.", support_type="technical", severity="P2"
    )
    customer.post(NEW_DRAFT, asked)
    assert customer.post(NEW, asked).status_code == 302
    assert not Draft.objects.exists() and Ticket.objects.filter(subject="Another").exists()


@pytest.mark.django_db
def test_without_scripts_a_button_saves_and_faults_keep(customer, ticket, scene) -> None:
    saved = customer.post(_reply(ticket, "reply"), {"body": "Half an ans", "save_draft": "1"}, follow=True)
    assert (
        "The draft is saved." in saved.content.decode() and "Half an ans</textarea>" in saved.content.decode()
    )
    assert not Message.objects.exists()

    faulty = customer.post(NEW, _typed(scene, subject="", description="No subject yet"))
    assert faulty.status_code == 422 and "Draft saved 13:00" in faulty.content.decode()
    assert "No subject yet" in customer.get(NEW).content.decode()
    again = customer.post(
        NEW, _typed(scene, subject="", description="No subject yet", save_draft="1"), follow=True
    )
    assert again.status_code == 200 and "No subject yet" in again.content.decode()


@pytest.mark.django_db
def test_a_refused_request_is_kept_and_so_is_its_decision(customer, scene) -> None:
    asked = _typed(scene, subject="Down", description="All of it.", support_type="technical", severity="P1")
    contract = scene.organization.contracts.get()
    contract.ends_on = contract.starts_on
    contract.save()
    refused = customer.post(NEW, asked)
    assert refused.status_code == 403 and Draft.objects.get().data["fields"]["subject"] == "Down"
    assert DecisionRecord.objects.get().code == "contract_expired"
    assert customer.post(NEW, asked).status_code == 403
    assert DecisionRecord.objects.count() == 1, "one of a day, however often it is sent"


@pytest.mark.django_db
def test_of_two_windows_the_older_text_never_overwrites_the_newer(customer, ticket) -> None:
    one = {"body": "First", "client_key": str(uuid.uuid4()), "draft_seen": ""}
    two = {"body": "Second", "client_key": str(uuid.uuid4()), "draft_seen": ""}
    one["draft_seen"] = customer.post(_reply(ticket), one).json()["seen"]
    stale = customer.post(_reply(ticket), two)
    assert stale.status_code == 409 and "Another window saved a newer draft" in stale.json()["words"]
    assert Draft.objects.get().data["fields"]["body"] == "First"

    page = customer.post(_reply(ticket, "reply"), two | {"save_draft": "1"})
    assert page.status_code == 409 and "Second</textarea>" in page.content.decode()
    seen = re.search(r'name="draft_seen" value="(\w+)"', page.content.decode())
    assert seen is not None
    customer.post(_reply(ticket, "reply"), two | {"save_draft": "1", "draft_seen": seen[1]})
    assert Draft.objects.get().data["fields"]["body"] == "Second"

    # What the first window sends is not what the second has kept.
    customer.post(_reply(ticket, "reply"), one)
    assert Message.objects.get().body == "First" and Draft.objects.get().data["fields"]["body"] == "Second"


@pytest.mark.django_db
def test_an_answer_whose_reply_was_lost_is_no_conflict(customer, ticket) -> None:
    typed = {"body": "A", "client_key": str(uuid.uuid4()), "draft_seen": ""}
    customer.post(_reply(ticket), typed)
    assert customer.post(_reply(ticket), typed | {"body": "A B"}).status_code == 200


@pytest.mark.django_db
def test_nobody_else_sees_or_touches_it(
    customer, ticket, scene, other_customer, reading_partner, browser_of, client
) -> None:
    customer.post(_reply(ticket), {"body": "For my eyes", "client_key": str(uuid.uuid4())})
    colleague = ContactFactory(organization=scene.organization).user
    for person, answer in ((colleague, 200), (other_customer, 404), (reading_partner, 404)):
        window = browser_of(person)
        assert window.post(_reply(ticket), {"body": "x"}).status_code == answer
        assert "For my eyes" not in window.get("/").content.decode()
        assert window.post(NEW_DRAFT, _typed(scene, subject="x")).status_code == answer
    assert "For my eyes" not in browser_of(colleague).get(f"/requests/{ticket.pk}/").content.decode()
    assert client.__class__().post(_reply(ticket), {"body": "x"}).status_code == 302
    assert customer.get(_reply(ticket)).status_code == 405
    assert Draft.objects.get(user=scene.customer).data["fields"]["body"] == "For my eyes"


@pytest.mark.django_db
def test_it_hides_with_its_request_and_comes_back_with_it(customer, ticket, scene) -> None:
    customer.post(_reply(ticket), {"body": "Kept", "client_key": str(uuid.uuid4())})
    assert "Reply to #" in customer.get("/").content.decode()
    ContactFactory(organization=scene.organization)
    contact = scene.customer.contacts.get()
    contact.waits_for = "customer"
    contact.save()
    assert "Reply to #" not in customer.get("/").content.decode() and Draft.objects.exists()


@pytest.mark.django_db
def test_discarding_takes_a_post_and_only_ones_own(customer, ticket) -> None:
    customer.post(_reply(ticket), {"body": "Away", "client_key": str(uuid.uuid4())})
    gone = customer.post(_reply(ticket), {"discard": "1"}, follow=True)
    assert "The draft is gone." in gone.content.decode() and not Draft.objects.exists()


@pytest.mark.django_db
def test_too_long_a_draft_is_refused_in_words(customer, scene) -> None:
    refused = customer.post(NEW_DRAFT, _typed(scene, subject="A", description="x" * 120_000))
    assert refused.status_code == 413 and "too long" in refused.json()["words"] and not Draft.objects.exists()


@pytest.mark.django_db
def test_a_note_of_staff_stays_a_note(agent, ticket, scene, browser_of) -> None:
    typed = {"body": "Between us", "visibility": "internal", "then": "", "client_key": str(uuid.uuid4())}
    assert agent.post(_work(ticket), typed).status_code == 200
    page = agent.get(_work(ticket, "change/")).content.decode()
    box = page[page.index('id="reply"') :]
    assert "Between us</textarea>" in box
    assert re.search(r'value="internal"\s+checked', box) and not re.search(r'value="public"\s+checked', box)
    other = browser_of(StaffFactory())
    assert "Between us" not in other.get(_work(ticket, "change/")).content.decode()
    assert agent.post(_work(ticket, "do/say/"), typed).status_code == 302
    assert Message.objects.get().visibility == "internal" and not Draft.objects.exists()


@pytest.mark.django_db
def test_staff_find_their_drafts_among_their_requests(agent, ticket, browser_of, scene) -> None:
    agent.post(_work(ticket), {"body": "Half", "visibility": "public", "client_key": str(uuid.uuid4())})
    line = f"Reply to #{ticket.pk} "
    assert line in agent.get("/admin/tickets/ticket/mine/").content.decode()
    assert line not in browser_of(scene.lead).get("/admin/tickets/ticket/mine/").content.decode()


@pytest.mark.django_db
def test_a_stale_answer_of_staff_is_kept_as_a_draft(agent, ticket, scene, at) -> None:
    version = ticket.version
    hear(ticket=ticket, author=scene.customer, body="One more thing", at=at)
    typed = {"body": "My answer", "visibility": "public", "then": "", "version": version, "seen": 0}
    assert agent.post(_work(ticket, "do/say/"), typed).status_code == 409
    assert Draft.objects.get().data["fields"]["body"] == "My answer"


@pytest.mark.django_db
def test_old_drafts_are_tidied_away(scene, ticket, at) -> None:
    place = Place(user=scene.customer, ticket=ticket)
    keep_draft(place=place, fields={"body": "Old"}, key=None, seen="", at=at - timedelta(days=90))
    assert tidy(at=at)["drafts"] == 0
    assert tidy(at=at + timedelta(seconds=1))["drafts"] == 1
    forget_draft(place=place, key=None, seen="")
