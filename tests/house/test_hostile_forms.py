"""What nobody types into a form of staff, and somebody sends: answered in words, never with 500."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.enums import Role
from tests.factories.accounts import ContactFactory, StaffFactory
from tests.factories.plans import ContractFactory
from tickets.actions import Submission, escalate, hear, say, submit
from tickets.actions.exclusions import exclude
from tickets.actions.mail import keep_mail
from tickets.actions.work import log_work
from tickets.models import IncomingMail, Ticket

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 2, 17, 0, tzinfo=UTC)
LONG = "x" * 1_000_000
HOSTILE = ("a\0b\U0001f9e8", str(2**63), "9" * 5000)
# Doors to which a text of any length comes; the fields of the others are of the same kinds.
TAKES_LONG = ("/do/say/", "/do/log_work/", "/act/merge/", "/draft/", "/reply/", "/object/")
# What each door takes, as a page sends it; each of the fields is then hostile in turn.
VERBS: dict[str, dict[str, Any]] = {
    "say": {"visibility": "public", "body": "Yes.", "then": "", "version": 1, "seen": 0, "client_key": ""},
    "assign": {"assign-assigned_to": 1},
    "hold": {"reason-reason": "x"},
    "severity": {
        "severity-to": "low",
        "severity-how": "lowered",
        "severity-reason": "x",
        "severity-version": 1,
    },
    "bring_in": {"bring_in-contact": 1},
    "close": {"reason-reason": "x"},
    "link": {"link-kind": "related", "link-other": 1},
    "unlink": {"other": 1},
    "worked_elsewhere": {"system": "Jira", "reference": "A-1"},
    "watch": {"person": 1},
    "unwatch": {"person": 1},
    "escalate": {"reason-reason": "x"},
    "acknowledge": {"level": 1},
    "end_escalation": {"reason-reason": "x"},
    "exclude": {"promise": "whole", "code": "third-party", "text": "x"},
    "withdraw_exclusion": {"note": 1, "words-reason": "x"},
    "answer_objection": {"note": 1, "words-reason": "x", "outcome": "upheld"},
    "log_work": {"length": "10", "worked_until": "", "text": "x"},
    "void_work": {"entry": 1, "words-reason": "x"},
}
OTHERS: dict[str, dict[str, Any]] = {
    "act/merge/": {"into": 1, "reason": "x", "version": 1},
    "act/split/": {
        "subject": "x",
        "messages": 1,
        "severity": "low",
        "with_submission": "1",
        "client_key": "",
    },
    "act/move/": {"to": "x", "severity": "x", "reason": "x", "version": 1},
    "draft/": {"body": "x", "visibility": "public", "client_key": "", "draft_seen": ""},
    "present/": {"known": "none"},
}
PORTAL: dict[str, dict[str, Any]] = {
    "reply/": {"body": "x", "client_key": "", "draft_seen": ""},
    "draft/": {"body": "x", "client_key": "", "draft_seen": ""},
    "escalate/": {"reason": "x", "version": 1},
    "worse/": {"reason": "x", "users_affected": 3, "severity": "critical", "client_key": ""},
    "watching/": {"do": "add", "contact": 1, "person": 1},
    "exclusions/{note}/object/": {"reason": "x"},
    "survey/1/": {"score": 5, "comment": "x"},
}
MAIL: dict[str, dict[str, Any]] = {
    "add": {"add-request_number": 1, "add-how": "note"},
    "dismiss": {"dismiss-reason": "x"},
    "again": {},
}


@pytest.fixture
def ticket() -> Any:
    with time_machine.travel(NOW, tick=False):
        contact = ContactFactory(access_id="H-1")
        ContractFactory(organization=contact.organization, policy="two-tier", plan_code="enterprise")
        lead, at = StaffFactory(role=Role.LEAD), NOW - timedelta(minutes=5)
        words = Submission(subject="It stops", description="At step 4.", severity="high")
        ticket = submit(person=contact.user, organization=contact.organization, submission=words, at=at)
        hear(ticket=ticket, author=contact.user, body="Still.", at=at)
        escalate(ticket=ticket, actor=lead, at=at, reason="x")
        exclude(ticket=ticket, actor=lead, at=at, code="third-party")
        log_work(ticket=ticket, actor=lead, at=at, seconds=60, worked_until=at, text="x")
        keep_mail(raw=b"From: a@b.example\r\nSubject: x\r\n\r\nx", received_at=at, at=at)
        yield ticket


def sent(client: Client, address: str, fields: dict[str, Any]) -> dict[str, int]:
    """Each value in all fields, and each field with one of them; gives those answered with 500."""
    right = {key: str(field) for key, field in fields.items()}
    tries = {f"all={value[:20]}": dict.fromkeys(fields, value) for value in HOSTILE}
    for place, name in enumerate(fields):
        value = HOSTILE[place % len(HOSTILE)]
        tries[f"{name}={value[:20]}"] = right | {name: value}
    found = {sign: client.post(address, given).status_code for sign, given in tries.items()}
    if address.endswith(TAKES_LONG):
        found["long"] = client.post(address, dict.fromkeys(fields, LONG)).status_code
    return {sign: status for sign, status in found.items() if status >= 500}


def browser(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def manager() -> Client:
    return browser(StaffFactory(role=Role.MANAGER))


@pytest.mark.parametrize("verb", VERBS)
def test_verbs_of_the_ticket_page(ticket: Ticket, manager: Client, verb: str) -> None:
    known = {
        "note": ticket.exclusions.get().pk,
        "entry": ticket.work.get().pk,
        "severity-version": ticket.version,
        "version": ticket.version,
    }
    fields = VERBS[verb] | {name: value for name, value in known.items() if name in VERBS[verb]}
    assert sent(manager, f"/admin/tickets/ticket/{ticket.pk}/do/{verb}/", fields) == {}


@pytest.mark.parametrize("act", OTHERS)
def test_acts_and_what_scripts_send(ticket: Ticket, manager: Client, act: str) -> None:
    assert sent(manager, f"/admin/tickets/ticket/{ticket.pk}/{act}", OTHERS[act]) == {}
    if act.startswith("act/"):
        address = f"/admin/tickets/ticket/{ticket.pk}/{act}"
        asked = {
            f"{name}={value[:20]}": manager.get(address, {name: value}).status_code
            for name in OTHERS[act]
            for value in HOSTILE
        }
        assert {sign: status for sign, status in asked.items() if status >= 500} == {}


@pytest.mark.parametrize("door", PORTAL)
def test_forms_of_the_portal(ticket: Ticket, door: str) -> None:
    if door.startswith("survey"):
        say(ticket=ticket, author=StaffFactory(), body="Done.", at=NOW, then="closed")
    address = f"/requests/{ticket.pk}/{door}".format(note=ticket.exclusions.get().pk)
    assert sent(browser(ticket.requester), address, PORTAL[door]) == {}


@pytest.mark.parametrize("verb", MAIL)
def test_mail_to_sort(ticket: Ticket, manager: Client, verb: str) -> None:
    mail = IncomingMail.objects.get()
    IncomingMail.objects.update(state="held", reason="empty")
    assert sent(manager, f"/admin/tickets/incomingmail/{mail.pk}/do/{verb}/", MAIL[verb]) == {}


@pytest.mark.parametrize(
    "path, name",
    [
        ("accounts/contact", "user"),
        ("accounts/contact", "organization"),
        ("accounts/apitoken", "user"),
        ("accounts/mandate", "partner"),
        ("plans/contract", "organization"),
        ("plans/contract", "product"),
        ("plans/licence", "product"),
    ],
)
def test_what_can_be_no_key_is_answered_in_words(path, name, client):
    client.force_login(StaffFactory(role=Role.MANAGER, is_superuser=True))
    for value in ("a\0b", "x" * 10_000, "9" * 40):
        answer = client.post(f"/admin/{path}/add/", {name: value})
        assert answer.status_code == 200, (name, value[:4])
        assert "Error:" in answer.content.decode()
