"""The invitation: sent on approval, good once, for two weeks, for the one it was sent to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts import actions
from notices.models import Notice
from notices.outbox import send_due

PASSWORD = "kept-words-of-mine"
FORM = {"new_password1": PASSWORD, "new_password2": PASSWORD}


@pytest.fixture
def link(scene, ada, at, now) -> str:
    """The address in the mail that the approval sent."""
    actions.approve_for_vendor(contact=ada, by=scene.lead, at=at)
    send_due(at)
    return re.search(r"/invitation/[^/\s]+/", mail.outbox[-1].body)[0]


def test_the_mail_says_for_whom_and_keeps_no_link_behind(scene, ada, link):
    message = mail.outbox[-1]
    assert message.to == ["ada@aster.example"] and "Aster Freight" in message.subject
    assert link in message.alternatives[0][0]
    assert "invitation/" not in str(Notice.objects.get(event="invitation").context)


def test_a_password_is_chosen_once_and_the_person_is_in(ada, link, client):
    page = client.get(link)
    assert page.status_code == 200 and "Ada Njoku" in page.content.decode()
    bad = client.post(link, {"new_password1": "short", "new_password2": "other"})
    assert bad.status_code == 422
    done = client.post(link, FORM)
    assert done.status_code == 302 and done["Location"] == "/"
    assert client.get("/your-support/contacts/").status_code == 200
    assert EmailAddress.objects.get(user=ada.user).verified
    assert ada.events.filter(kind="joined", by=ada.user).count() == 1
    other = Client()
    again = other.get(link)
    assert again.status_code == 410 and "sign in" in again.content.decode()
    assert other.post(link, FORM).status_code == 410
    assert (
        other.post("/account/login/", {"login": "ada@aster.example", "password": PASSWORD}).status_code == 302
    )


def test_an_expired_link_sends_a_new_one_to_the_same_address(ada, link, client, at, now):
    now(at + timedelta(days=14))
    assert client.get(link).status_code == 200
    late = at + timedelta(days=14, seconds=1)
    now(late)
    page = client.get(link)
    assert page.status_code == 410 and "Send me a new invitation" in page.content.decode()
    assert client.post(link, FORM).status_code == 200
    ada.user.refresh_from_db()
    assert not ada.user.has_usable_password()
    assert send_due(late)["sent"] == 1 and mail.outbox[-1].to == ["ada@aster.example"]
    fresh = re.search(r"/invitation/[^/\s]+/", mail.outbox[-1].body)[0]
    assert client.post(fresh, FORM).status_code == 302


def test_what_is_no_link_of_ours_opens_nothing(link, client):
    token = link.split("/")[2]
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), "x", token.split(":")[0], "a" * 4000):
        page = client.get(f"/invitation/{wrong}/")
        assert page.status_code == 410 and "not complete" in page.content.decode()
        assert client.post(f"/invitation/{wrong}/", FORM).status_code == 410
    assert client.put(link).status_code == 405


def test_a_revoked_contact_can_not_use_the_invitation(scene, ada, link, client, at):
    actions.revoke(contact=ada, by=scene.customer, at=at, reason="A mistake")
    assert "taken back" in client.get(link).content.decode()
    assert client.post(link, FORM).status_code == 410
