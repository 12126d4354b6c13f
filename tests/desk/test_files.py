"""Files are what their bytes show, nothing runs, and a link is worth what its holder may see."""

from __future__ import annotations

import uuid
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actions import create_token
from accounts.enums import Role
from accounts.models import ApiToken, User
from tests.factories.accounts import ContactFactory
from tickets.actions import faults_of_files, hear, note
from tickets.models import Attachment, Message, Ticket

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 40
GIF = b"GIF89a" + b"\x01\0\x01\0\0\0\0"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
LIMIT = 25 * 1024 * 1024


def _attach(
    ticket: Ticket, name: str, content: bytes, claimed: str = "image/png", **words: object
) -> Attachment:
    file = SimpleUploadedFile(name, content, content_type=claimed)
    said = {"ticket": ticket, "author": ticket.requester, "body": "See", "at": ticket.last_event_at}
    message = hear(**(said | words), files=[file])  # type: ignore[arg-type]
    return message.attachments.get()


def _url(row: Attachment) -> str:
    return f"/requests/{row.ticket_id}/files/{row.key}/"


def _listed(user: User, ticket: Ticket, token: str) -> str:
    """The address in the API's list of files, without the host."""
    answer = Client().get(
        f"/api/v1/tickets/{ticket.pk}/attachments/", headers={"authorization": f"Bearer {token}"}
    )
    return urlsplit(answer.json()["results"][0]["url"]).path


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("x.svg", SVG, None),
        ("x.png", HTML, None),
        ("x.png.html", PNG + HTML, "image/png"),
        ("x.gif", GIF + b"/*" + HTML, "image/gif"),
        ("x.jpg", SVG, None),
        ("page.html", HTML, None),
        ("x.xml", SVG, "text/plain; charset=utf-8"),
        ("x.txt", HTML, "text/plain; charset=utf-8"),
        ("x.pdf", b"%PDF-1.7\n/JavaScript", None),
        ("x.txt", b"\0\x01binary", None),
    ],
)
def test_nothing_runs_whatever_it_is_called(customer, ticket, name, content, kind) -> None:
    row = _attach(ticket, name, content)
    answer = customer.get(_url(row) + "?inline")
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == content
    assert answer["Content-Type"] == (kind or "application/octet-stream")
    assert answer["Content-Disposition"].startswith("inline" if kind else "attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"
    plain = customer.get(_url(row))
    assert plain["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\log.txt", "log.txt"),
        ('a"; filename="b.exe', "a; filename=b.exe"),
        ("a\r\nX-Evil: 1", "aX-Evil 1"),
        ("report\u202egpj.exe", "reportgpj.exe"),
        (".htaccess", "htaccess"),
        ("日志.txt", "日志.txt"),
        ("x" * 300 + ".log", "x" * 196 + ".log"),
        ("...", "file"),
    ],
)
def test_names_are_shown_safely_and_never_reach_the_disk(customer, ticket, name, shown) -> None:
    file = SimpleUploadedFile("x", b"abc")
    file._name = name
    message = hear(ticket=ticket, author=ticket.requester, body="x", at=ticket.last_event_at, files=[file])
    row = message.attachments.get()
    assert row.name == shown and row.file.name.startswith("attachments/") and shown not in row.file.name
    header = customer.get(_url(row))["Content-Disposition"]
    assert "\n" not in header and header.startswith("attachment; filename")


@pytest.mark.django_db
def test_25_megabytes_pass_and_one_byte_more_is_refused_in_words(customer, ticket) -> None:
    address = f"/requests/{ticket.pk}/reply/"
    fits = SimpleUploadedFile("big.log", b"x" * LIMIT)
    assert customer.post(address, {"body": "Fits", "files": fits}).status_code == 302
    assert Attachment.objects.get().size == LIMIT
    too_big = SimpleUploadedFile("bigger.log", b"x" * (LIMIT + 1))
    refused = customer.post(address, {"body": "Too big", "files": too_big})
    words = refused.content.decode()
    assert refused.status_code == 422 and "larger than 25 MB" in words and "Too big" in words
    assert Message.objects.count() == 1


def test_nothing_beyond_the_limit_reaches_the_disk(rf, settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 200_000
    sent = rf.post("/", {"files": SimpleUploadedFile("endless.log", b"x" * 4_000_000)})
    stored = sent.FILES["files"]
    assert 200_000 < stored.size < 400_000 and len(stored.read()) == stored.size
    assert "endless.log" in faults_of_files([stored])[0]


@pytest.mark.django_db
def test_too_many_files_are_refused_in_words(customer, ticket) -> None:
    files = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)]
    page = customer.post(f"/requests/{ticket.pk}/reply/", {"body": "Many", "files": files})
    assert page.status_code == 422 and "Attach at most 10 files." in page.content.decode()
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_file_is_found_by_key_and_request_together(
    customer, browser_of, ask, other_customer, agent
) -> None:
    row, other = _attach(ask(), "a.txt", b"a"), ask()
    assert customer.get(f"/requests/{other.pk}/files/{row.key}/").status_code == 404
    assert customer.get(f"/requests/{row.ticket_id}/files/{uuid.uuid4()}/").status_code == 404
    assert customer.get(f"/requests/{10**30}/files/{row.key}/").status_code == 404
    assert browser_of(other_customer).get(_url(row)).status_code == 404
    assert Client().get(_url(row)).status_code == 302
    assert customer.post(_url(row)).status_code == 405
    assert agent.get(f"/admin/tickets/ticket/{row.ticket_id}/files/{row.key}/?inline").status_code == 200
    assert customer.get(f"/media/{row.file.name}").status_code == 404


@pytest.mark.django_db
def test_a_note_keeps_its_files(customer, agent, ticket, scene, at) -> None:
    file = SimpleUploadedFile("secret.txt", b"internal")
    row = note(ticket=ticket, author=scene.agent, body="x", at=at, files=[file]).attachments.get()
    assert customer.get(_url(row)).status_code == 404
    assert agent.get(f"/admin/tickets/ticket/{ticket.pk}/files/{row.key}/").status_code == 200


@pytest.mark.django_db
def test_links_of_the_api_end_and_ask_who_may_see_it_now(ticket, scene, now, at, settings) -> None:
    _attach(ticket, "a.txt", b"abc")
    token = create_token(user=scene.customer, name="t")
    path = _listed(scene.customer, ticket, token)
    browser = Client()
    given = browser.get(path)
    assert b"".join(given.streaming_content) == b"abc"
    assert given["Content-Disposition"].startswith("attachment")
    assert browser.post(path).status_code == 405
    assert _listed(scene.customer, ticket, token) == path

    now(at + timedelta(minutes=2 * settings.FILE_LINK_MINUTES, seconds=1))
    assert browser.get(path).status_code == 404
    now(at)
    for damaged in (path[:-2] + "x/", "/files/nothing/", path.replace("/files/", "/files/x")):
        assert browser.get(damaged).status_code == 404


@pytest.mark.django_db
def test_a_revoked_contacts_old_links_are_worth_nothing(ticket, scene, browser_of, now, at) -> None:
    row = _attach(ticket, "a.txt", b"abc")
    person = ContactFactory(organization=scene.organization)
    token = create_token(user=person.user, name="t")
    path, window = _listed(person.user, ticket, token), browser_of(person.user)
    assert window.get(_url(row)).status_code == 200 and Client().get(path).status_code == 200
    person.revoked_at = at
    person.save()
    assert window.get(_url(row)).status_code == 404 and Client().get(path).status_code == 404


@pytest.mark.django_db
def test_nor_are_those_of_an_agent_who_reads_no_requests_any_more(ticket, scene, now, at) -> None:
    _attach(ticket, "a.txt", b"abc")
    path = _listed(scene.agent, ticket, create_token(user=scene.agent, name="t"))
    assert Client().get(path).status_code == 200
    User.objects.filter(pk=scene.agent.pk).update(role=Role.POLICY_EDITOR)
    assert Client().get(path).status_code == 404


@pytest.mark.django_db
def test_a_revoked_tokens_links_are_worth_nothing(ticket, scene, now, at) -> None:
    _attach(ticket, "a.txt", b"abc")
    token = create_token(user=scene.customer, name="t")
    path = _listed(scene.customer, ticket, token)
    ApiToken.objects.update(revoked_at=at)
    assert Client().get(path).status_code == 404


class SigningStore(FileSystemStorage):
    """A store that signs addresses of its own, as S3 does."""

    querystring_auth = True

    def url(self, name, parameters=None, expire=None):  # type: ignore[no-untyped-def]
        return f"https://store.example/{name}?expires={expire}&type={parameters['ResponseContentType']}"


@pytest.mark.django_db
def test_a_remote_store_is_reached_through_the_checked_view_alone(
    customer, browser_of, other_customer, ticket, settings, monkeypatch
) -> None:
    row = _attach(ticket, "x.png", HTML)
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", SigningStore())
    sent = customer.get(_url(row) + "?inline")
    assert sent.status_code == 302 and "expires=300" in sent["Location"]
    assert sent["Location"].endswith("type=application/octet-stream")
    assert browser_of(other_customer).get(_url(row)).status_code == 404
    settings.STORAGE_LINK_SECONDS = 0
    assert customer.get(_url(row)).status_code == 200
