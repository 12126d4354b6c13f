"""Every address, by everybody: whoever adds a door without a guard fails here.

The addresses come from the URL resolver. Nobody gets in without a sign-in; another tenant is told the same of
what is not theirs as of what never was; customers have no back office; who only reads changes nothing; and
nothing answers 500, whatever the method. What is different on purpose stands in the tables, with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts.actions import create_token
from accounts.enums import Role
from accounts.models import Contact, Organization, User
from tests.factories.accounts import ContactFactory, OrganizationFactory, StaffFactory, UserFactory
from tests.factories.plans import ContractFactory
from tests.house.routes import Route, keys_of, never_keys, routes
from tickets.actions import (
    Place,
    Submission,
    escalate,
    hear,
    keep_draft,
    link,
    merge,
    note,
    say,
    submit,
)
from tickets.actions.exclusions import exclude
from tickets.actions.mail import keep_mail
from tickets.actions.work import log_work
from tickets.models import Attachment, Clock, ExclusionNote, Ticket

NOW = datetime(2026, 12, 2, 17, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ALL = routes()
# The back office leads on from its own address to the sign-in of everybody.
SIGN_IN = ("/account/login/", "/admin/login/")

# Open to everybody, and why.
OPEN = {
    "healthz": "asked by load balancers; says nothing of anybody",
    "readyz": "asked by load balancers; says nothing of anybody",
    "metrics": "asked by Prometheus; open in development alone, else for who has METRICS_TOKEN",
    "set_language": "the sign-in page can be read in each language",
    "styleguide": "in development alone",
    "people:invitation": "who is invited has no login yet: the token in the address is the key",
    "tickets:signed_file": "the signature in the address is the key, and its owner is asked anew",
    "api:schema": "the document of the API",
    "api:docs": "the page to try the API",
    "admin:login": "leads to the sign-in",
    "admin:logout": "leads to the sign-out",
}
# Health checks answer 503 where no scheduler runs, as in tests.
UNWELL = ("readyz", "healthz")
# Addresses whose part is nobody's thing: everybody who is signed in may be answered.
OF_EVERYBODY = {
    "people:invitation": "of a token that never was the page says that the link is over (410)",
    "api:policy": "published terms",
    "api:plan": "published terms",
}
# Django's own pages, all behind one guard; methods that they don't know they answer like GET.
STOCK = re.compile(
    r"^admin:(\w+_(changelist|add|change|delete|history)|index|app_list|autocomplete|jsi18n|view_on_site|)$"
)

# Of these POST is for whoever reads, too: it works something out.
POSTED_BY_READERS = {"admin:plans_plan_try"}


def methods_of(route: Route) -> tuple[str, ...]:
    return ("GET", "POST") if STOCK.match(route.name) else METHODS


def grouped(chosen: list[Route]) -> dict[str, list[Route]]:
    """Django's pages of a model together, which saves time; each of ours by itself."""
    found: dict[str, list[Route]] = {}
    for route in chosen:
        stock = STOCK.match(route.name)
        found.setdefault("/".join(route.path.split("/")[:3]) if stock else route.path, []).append(route)
    return found


def name_of(group: list[Route]) -> str:
    return str(group[0])


@dataclass
class Tenant:
    """A customer with one of everything; each text of theirs carries ``canary``."""

    canary: str
    organization: Organization
    contact: Contact
    person: User
    ticket: Ticket
    file: Attachment
    clock: Clock
    note: ExclusionNote


@dataclass
class House:
    first: Tenant
    second: Tenant
    staff: dict[str, User]
    tokens: dict[int, str]
    keys: dict[str, Any]

    def caller(self, user: User | None, route: Route) -> Client:
        """A browser, or for the API a program with a token, that calls as ``user``."""
        if user is None:
            return Client(raise_request_exception=False)
        if route.is_api:
            bearer = {"Authorization": f"Bearer {self.tokens[user.pk]}"}
            return Client(raise_request_exception=False, headers=bearer)
        client = Client(raise_request_exception=False)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[House]:
    """The house is built once, in a transaction that is taken back when the module ends."""
    media = str(tmp_path_factory.mktemp("media"))
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        override_settings(MEDIA_ROOT=media),
        transaction.atomic(),
    ):
        staff = {str(role): StaffFactory(role=role) for role in Role}
        staff["root"] = StaffFactory(role=Role.MANAGER, is_superuser=True)
        first, second = tenant("canaryone", staff), tenant("canarytwo", staff)
        people = [first.person, second.person, *staff.values()]
        tokens = {user.pk: create_token(user=user, name="door", scope="act") for user in people}
        yield House(first, second, staff, tokens, keys_of(first))
        transaction.set_rollback(True)


@pytest.fixture
def house(built: House, db: None) -> Iterator[House]:
    """The house, as it was built; what a test changes in it is taken back."""
    with time_machine.travel(NOW, tick=False):
        yield built


def tenant(canary: str, staff: dict[str, User]) -> Tenant:
    organization = OrganizationFactory(slug=canary, name=f"Works {canary}")
    person = UserFactory(name=f"Ada {canary}", email=f"ada@{canary}.example")
    contact = ContactFactory(user=person, organization=organization, access_id=f"{canary}-1")
    colleague = UserFactory(name=f"Bo {canary}", email=f"bo@{canary}.example")
    ContactFactory(user=colleague, organization=organization, access_id=f"{canary}-2")
    ContractFactory(organization=organization, policy="two-tier", plan_code="enterprise")
    first, second, third = (asked(person, organization, canary, minutes) for minutes in (12, 11, 10))
    lead, at = staff[Role.LEAD], NOW - timedelta(minutes=5)
    files = [SimpleUploadedFile(f"{canary}.txt", canary.encode())]
    hear(ticket=first, author=person, body=f"Heard {canary}", at=at, files=files)
    say(ticket=first, author=lead, body=f"Said {canary}", at=at)
    note(ticket=first, author=lead, body=f"Noted {canary}", at=at)
    escalate(ticket=first, actor=lead, at=at, reason=f"Escalated {canary}")
    code = first.plan.edition.exclusions.order_by("pk").values_list("code", flat=True)[0]
    excluded = exclude(ticket=first, actor=lead, at=at, code=code, text=f"Excluded {canary}")
    log_work(ticket=first, actor=lead, at=at, seconds=600, worked_until=at, text=f"Worked {canary}")
    link(ticket=second, to=first, kind="related", actor=lead, at=at)
    merge(ticket=third, into=second, actor=lead, at=at, reason=f"Merged {canary}")
    say(ticket=first, author=lead, body=f"Closed {canary}", at=at, then="closed")
    place = Place(user=person, ticket=first)
    keep_draft(place=place, fields={"body": f"Draft {canary}"}, key=None, seen="", at=at)
    raw = f"From: ada@{canary}.example\r\nSubject: {canary}\r\n\r\n{canary}".encode()
    keep_mail(raw=raw, received_at=at, at=at)
    first.refresh_from_db()
    clock = first.clocks.order_by("pk")[0]
    return Tenant(
        canary, organization, contact, person, first, Attachment.objects.get(ticket=first), clock, excluded
    )


def asked(person: User, organization: Organization, canary: str, minutes: int) -> Ticket:
    words = Submission(subject=f"Subject {canary}", description=f"Described {canary}", severity="high")
    at = NOW - timedelta(minutes=minutes)
    return submit(person=person, organization=organization, submission=words, at=at)


def test_the_scene_has_one_of_everything(house: House) -> None:
    assert house.first.ticket.surveys.exists() and house.first.ticket.status == "closed"
    assert house.first.note.ticket_id == house.first.ticket.pk


SIGNED = [route for route in ALL if not route.is_of_signing_in]


@pytest.mark.parametrize("group", grouped(SIGNED).values(), ids=name_of)
def test_nobody_gets_in_without_signing_in(house: House, group: list[Route]) -> None:
    for route in group:
        client, address = house.caller(None, route), route.filled(house.keys)
        for method in methods_of(route):
            answer = call(client, method, address)
            assert answer.status_code < 500 or route.name in UNWELL, method
            assert house.first.canary not in told(answer)
            if route.name in OPEN:
                continue
            is_led_away = answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
            assert is_led_away or answer.status_code in (401, 404, 405), (str(route), method)


OF_CUSTOMERS = [route for route in ALL if not route.is_admin and not route.is_of_signing_in]


@pytest.mark.parametrize("route", [route for route in OF_CUSTOMERS if route.parts], ids=str)
def test_what_is_another_tenants_is_as_what_never_was(house: House, route: Route) -> None:
    first = house.first
    keys = house.keys | ({"pk": first.note.pk} if route.name == "tickets:object" else {})
    client = house.caller(house.second.person, route)
    with CaptureQueriesContext(connection) as queries:
        for method in METHODS:
            theirs = call(client, method, route.filled(keys), body_of(first))
            never = call(client, method, route.filled(never_keys()), body_of(first))
            assert first.canary not in told(theirs), method
            if route.name in OF_EVERYBODY:
                continue
            assert theirs.status_code in (404, 405), (method, theirs.status_code)
            assert (theirs.status_code, told(theirs)) == (never.status_code, told(never)), method
    assert written(queries) == []


@pytest.mark.parametrize("route", [route for route in OF_CUSTOMERS if not route.parts], ids=str)
def test_no_answer_to_a_tenant_says_a_word_of_another(house: House, route: Route) -> None:
    first, slug = house.first, house.first.organization.slug
    client = house.caller(house.second.person, route)
    address = route.filled(house.keys)
    before = facts_of(first)
    for query in ("", f"?organization={slug}&q=Subject&state=all"):
        for method in METHODS:
            answer = call(client, method, address + query, body_of(first))
            assert answer.status_code < 500 or route.name in UNWELL, method
            # What was asked for may be said back; nothing else of it.
            said = told(answer).replace(slug, "") if query or method != "GET" else told(answer)
            for word in ("Works", "Subject", "Described", "Ada", "Draft"):
                assert f"{word} {first.canary}" not in told(answer), (method, query)
            assert first.canary not in said, (method, query)
    assert facts_of(first) == before


ADMIN = [route for route in ALL if route.is_admin]


@pytest.mark.parametrize("group", grouped(ADMIN).values(), ids=name_of)
def test_customers_find_no_back_office(house: House, group: list[Route]) -> None:
    for route in group:
        address = route.filled(house.keys)
        client = house.caller(house.second.person, route)
        with CaptureQueriesContext(connection) as queries:
            for method in methods_of(route):
                answer = call(client, method, address)
                assert house.first.canary not in told(answer)
                assert answer.status_code in (302, 404, 405), (method, answer.status_code)
        assert written(queries) == []


@pytest.mark.parametrize("group", grouped(ADMIN).values(), ids=name_of)
def test_who_only_reads_changes_nothing_in_the_back_office(house: House, group: list[Route]) -> None:
    """By the auditor; and of requests nothing by who writes terms alone."""
    for route in group:
        address = route.filled(house.keys)
        is_ours = not STOCK.match(route.name)
        roles = [Role.AUDITOR]
        if "_ticket_" in route.name or "incomingmail" in route.name:
            roles.append(Role.POLICY_EDITOR)
        for role in roles:
            client = house.caller(house.staff[role], route)
            with CaptureQueriesContext(connection) as queries:
                for method in methods_of(route):
                    answer = call(client, method, address, body_of(house.first))
                    assert answer.status_code < 500, (role, method)
                    if method == "POST" and is_ours and route.name not in POSTED_BY_READERS:
                        refused = (302, 405) if route.name in LEADS_AWAY else (403, 405)
                        assert answer.status_code in refused, (role, answer.status_code)
            assert written(queries) == [], role


# Own addresses of the admin that only lead somewhere else.
LEADS_AWAY = {"admin:login", "admin:logout", "admin:password_change", "admin:password_change_done"}
INSIDE = [route for route in ALL if not route.is_of_signing_in and not STOCK.match(route.name)]


@pytest.mark.parametrize("route", INSIDE, ids=str)
def test_a_wrong_method_is_refused_in_order(house: House, route: Route) -> None:
    """By who may do most; and no door stumbles over an empty form."""
    user = house.staff["root"] if route.is_admin else house.first.person
    keys = house.keys | ({"pk": house.first.note.pk} if route.name == "tickets:object" else {})
    address = route.filled(keys)
    client = house.caller(user, route)
    for method in (*METHODS, "HEAD", "OPTIONS"):
        with transaction.atomic():
            answer = call(client, method, address)
            transaction.set_rollback(True)
        assert answer.status_code < 500 or route.name in UNWELL, method
        if route.name not in LEADS_AWAY | OPEN.keys() and method in ("PUT", "DELETE"):
            assert answer.status_code in (404, 405), (method, answer.status_code)


def call(client: Client, method: str, address: str, body: dict[str, Any] | None = None) -> Any:
    if address.startswith("/api/"):
        given = None if method == "GET" else (body or {})
        return client.generic(method, address, as_json(given), content_type="application/json")
    if method == "POST":
        return client.post(address, body or {})
    return client.generic(method, address)


def as_json(body: dict[str, Any] | None) -> bytes:
    import json

    return b"" if body is None else json.dumps(body).encode()


def body_of(owner: Tenant) -> dict[str, Any]:
    """A form that does whatever a door does, to what is ``owner``'s."""
    return {
        "organization": owner.organization.slug,
        "body": "x",
        "reason": "x",
        "subject": "x",
        "do": "watch",
        "score": "5",
        "contact": owner.contact.pk,
        "person": owner.person.pk,
        "number": owner.ticket.pk,
        "visibility": "public",
        "reason-reason": "x",
        "words-reason": "x",
        "length": "10",
        "action": "delete_selected",
        "_selected_action": "1",
    }


_CHANGES = re.compile(
    r'(csrfmiddlewaretoken" value|nonce)="[^"]*"|/(requests|tickets|contacts)/[^"\s]*|next=[^"\s]*'
)


def told(answer: Any) -> str:
    """What an answer says, without what changes each time and the address that was asked for."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return _CHANGES.sub("", raw.decode(errors="replace"))


_WRITE = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)"?', re.IGNORECASE)
# Who is signed in, and what is cached: no fact of anybody.
_OF_SESSIONS = ("django_session", "usersessions_usersession", "django_cache", "accounts_apitoken")


def written(queries: CaptureQueriesContext) -> list[str]:
    """The tables that were written to."""
    found = (_WRITE.match(query["sql"]) for query in queries.captured_queries)
    return [match[2] for match in found if match and match[2] not in _OF_SESSIONS]


def facts_of(owner: Tenant) -> Any:
    """What is on record of a tenant's request."""
    ticket = Ticket.objects.get(pk=owner.ticket.pk)
    return (ticket.version, ticket.messages.count(), ticket.events.count(), ticket.watchers.count())
