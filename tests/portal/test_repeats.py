"""Going back after sending brings the form with another key: what was sent is not sent twice unasked."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from tickets.models import Message, Ticket

NEW = "/requests/new/"


def _typed(**more: str) -> dict[str, str]:
    words = {
        "subject": "No chat",
        "description": "Since 15:00.",
        "support_type": "technical",
        "severity": "P2",
    }
    return words | {"client_key": str(uuid.uuid4())} | more


def test_the_same_words_by_a_new_form_are_asked_about_first(customer, scene) -> None:
    customer.post(NEW, _typed())
    answer = customer.post(NEW, _typed())
    page = answer.content.decode()
    sent = Ticket.objects.get()
    assert answer.status_code == 409 and "You sent the same words a short while ago." in page
    assert f"/requests/{sent.number}/" in page and "Since 15:00." in page
    customer.post(NEW, _typed(again="1"))
    assert Ticket.objects.count() == 2


def test_other_words_and_words_of_long_ago_are_another_request(customer, scene, at, now) -> None:
    customer.post(NEW, _typed())
    customer.post(NEW, _typed(description="Since 16:00."))
    now(at + timedelta(hours=2))
    customer.post(NEW, _typed())
    assert Ticket.objects.count() == 3


def test_the_same_reply_is_said_once_until_somebody_else_speaks(customer, ticket) -> None:
    page = f"/requests/{ticket.number}/reply/"
    for _ in range(2):
        answer = customer.post(page, {"body": "Any news?", "client_key": str(uuid.uuid4())}, follow=True)
    assert "This was sent already" in answer.content.decode()
    assert Message.objects.count() == 1
    file = SimpleUploadedFile("log.txt", b"x")
    customer.post(page, {"body": "Any news?", "client_key": str(uuid.uuid4()), "files": file})
    assert Message.objects.count() == 2
