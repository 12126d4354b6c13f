"""Each door is tried by the right person, another organization, nobody, staff, and with the wrong method."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tickets.actions import hear, note
from tickets.models import Attachment, Message, Ticket

PAGES = ("portal:home", "tickets:list", "tickets:new", "plans:your_support", "accounts:preferences")
OF_A_TICKET = ("detail", "close", "reopen", "worse")


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_for_a_customer_and_ask_others_to_sign_in(customer: Client, name: str) -> None:
    assert customer.get(reverse(name)).status_code == 200
    answer = Client().get(reverse(name))
    assert answer.status_code == 302 and "/account/login/" in answer["Location"]


@pytest.mark.parametrize("name", PAGES[:4])
def test_staff_are_led_to_their_own_pages(scene, browse, now, name: str) -> None:
    answer = browse(scene.agent).get(reverse(name))
    assert answer.status_code == 302 and answer["Location"].startswith("/admin/")


@pytest.mark.parametrize("name", OF_A_TICKET)
def test_a_request_of_another_organization_does_not_exist(
    other_customer, browse, now, ticket: Ticket, name: str
) -> None:
    theirs = browse(other_customer)
    address = reverse(f"tickets:{name}", args=[ticket.number])
    never = reverse(f"tickets:{name}", args=[ticket.number + 1000])
    assert theirs.get(address).status_code == theirs.get(never).status_code == 404
    assert theirs.post(address).status_code in (404, 405)
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", OF_A_TICKET)
def test_pages_of_a_request_answer_its_customer(customer: Client, ticket: Ticket, name: str) -> None:
    answer = customer.get(reverse(f"tickets:{name}", args=[ticket.number]))
    assert answer.status_code == (409 if name == "reopen" else 200)


def test_numbers_beyond_every_ticket_are_not_found(customer: Client) -> None:
    assert customer.get(f"/requests/{2**70}/").status_code == 404


@pytest.mark.parametrize(
    ("method", "name", "args"),
    [
        ("post", "tickets:list", []),
        ("post", "portal:home", []),
        ("get", "tickets:preview", []),
        ("put", "tickets:new", []),
        ("delete", "tickets:detail", [1]),
        ("get", "tickets:reply", [1]),
        ("post", "tickets:export_csv", []),
        ("post", "plans:your_support", []),
    ],
)
def test_other_methods_are_refused(customer: Client, method: str, name: str, args: list[int]) -> None:
    assert getattr(customer, method)(reverse(name, args=args)).status_code == 405


def test_forms_need_their_token(scene, now, ticket: Ticket) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(scene.customer, backend="django.contrib.auth.backends.ModelBackend")
    answer = strict.post(reverse("tickets:reply", args=[ticket.number]), {"body": "Hello"})
    assert answer.status_code == 403 and not Message.objects.exists()


def test_a_partner_with_a_mandate_to_read_sees_and_may_not_act(
    browse, now, ticket: Ticket, reading_partner
) -> None:
    theirs = browse(reading_partner)
    page = theirs.get(reverse("tickets:detail", args=[ticket.number]))
    assert page.status_code == 200
    assert b'name="body"' not in page.content
    for name in ("reply", "close", "worse"):
        answer = theirs.post(reverse(f"tickets:{name}", args=[ticket.number]), {"body": "x", "reason": "y"})
        assert answer.status_code == 403
        assert "read the requests of Aster Freight" in answer.content.decode()
    asked = theirs.get(reverse("tickets:new"), {"organization": ticket.organization.slug})
    assert asked.status_code in (403, 404)
    ticket.refresh_from_db()
    assert ticket.status == "new" and not Message.objects.exists()


def test_files_go_to_those_who_see_the_request_and_always_as_a_download(
    scene, other_customer, browse, now, ticket: Ticket, at, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    page = SimpleUploadedFile("page.html", b"<script>alert(1)</script>")
    hear(ticket=ticket, author=scene.customer, body="See this", at=at, files=[page])
    note(
        ticket=ticket, author=scene.agent, body="Ours", at=at, files=[SimpleUploadedFile("n.txt", b"secret")]
    )
    public, internal = Attachment.objects.order_by("pk")

    def address(attachment: Attachment) -> str:
        return reverse("tickets:file", args=[ticket.number, attachment.key])

    own = browse(scene.customer)
    answer = own.get(address(public), {"inline": "1"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"
    assert own.get(address(internal)).status_code == 404
    assert own.get(reverse("tickets:file", args=[ticket.number, uuid.uuid4()])).status_code == 404
    assert b"Ours" not in own.get(reverse("tickets:detail", args=[ticket.number])).content
    assert browse(other_customer).get(address(public)).status_code == 404


def test_nothing_inline_stands_in_the_pages(customer: Client, ticket: Ticket) -> None:
    """A strict content security policy holds: no style attributes, no handlers, no scripts in the page."""
    for address in ("/", "/requests/", "/requests/new/", f"/requests/{ticket.number}/", "/your-support/"):
        answer = customer.get(address)
        page = answer.content.decode()
        assert " style=" not in page and "<style" not in page and " onclick=" not in page
        assert "unsafe-inline" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_pages_are_written_in_chinese(scene, customer: Client, ticket: Ticket, language: str) -> None:
    scene.customer.language = language
    scene.customer.save()
    for address in ("/", "/requests/", "/requests/new/", f"/requests/{ticket.number}/", "/your-support/"):
        answer = customer.get(address)
        assert answer.status_code == 200
        assert f'lang="{language}"' in answer.content.decode().lower()
