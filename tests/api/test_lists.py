"""Pages, filters, queries counted, conditional reads and writes, keys, and the feed."""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ApiToken
from tests.api.conftest import START, caller, make_ticket
from tests.factories.accounts import ContactFactory, OrganizationFactory, UserFactory
from tests.factories.plans import ContractFactory, published
from tickets.actions import Submission, hear, submit
from tickets.enums import EventKind, Side
from tickets.models import IdempotencyRecord, Ticket, TicketEvent

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8


def walk(who, path: str) -> list:
    """Every result of a list, page by page."""
    found = []
    while path:
        answer = who.get(path)
        assert answer.status == 200, answer.body
        found += answer.body["results"]
        path = answer.body["next"]
    return found


def copies(ticket: Ticket, count: int) -> None:
    """More tickets like this one, quickly."""
    rows = []
    for index in range(count):
        row = Ticket.objects.get(pk=ticket.pk)
        row.pk, row.client_key, row.subject = None, None, f"Copy {index}"
        rows.append(row)
    made = Ticket.objects.bulk_create(rows)
    TicketEvent.objects.bulk_create(
        [
            TicketEvent(ticket=row, kind=EventKind.SUBMIT, at=START, side=Side.CUSTOMER, data={})
            for row in made
        ]
    )


def queries(who, path: str) -> int:
    ApiToken.objects.update(last_used_at=START)
    who.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert who.get(path).status == 200
    return len(seen)


@pytest.mark.parametrize("path", ["tickets/?limit=100", "events/?limit=100"])
def test_pages_of_1_3_and_50_tickets_take_the_same_queries(partner, agent, ticket, path):
    for who in (partner, agent):
        Ticket.objects.exclude(pk=ticket.pk)
        counts = [queries(who, path)]
        for more in (2, 47):
            copies(ticket, more)
            counts.append(queries(who, path))
        assert len(set(counts)) == 1, counts
        assert counts[0] <= MOST_QUERIES


def test_lists_of_people_and_terms_take_the_same_queries(agent, partner, scene):
    paths = ("organizations/", "contacts/", "contracts/", "policies/", "plans/")
    few = {path: queries(agent, path) for path in paths}
    for index in range(3):
        organization = OrganizationFactory(slug=f"more-{index}")
        ContactFactory(user=UserFactory(), organization=organization)
        ContractFactory(organization=organization, policy="jumpcloud-msp", plan_code="premium")
    for slug in ("nextplane", "two-tier", "office-365"):
        published(slug)
    many = {path: queries(agent, path) for path in paths}
    assert few == many
    assert max(many.values()) <= MOST_QUERIES


def test_messages_and_files_take_the_same_queries(admin, scene, ticket):
    hear(ticket=ticket, author=scene.admin, body="one", at=START)
    few = queries(admin, f"tickets/{ticket.pk}/messages/")
    for index in range(5):
        hear(ticket=ticket, author=scene.admin, body=str(index), at=START)
    assert queries(admin, f"tickets/{ticket.pk}/messages/") == few <= MOST_QUERIES


def test_no_row_is_skipped_or_repeated_while_rows_are_added(admin, scene, ticket):
    copies(ticket, 11)
    there = set(Ticket.objects.values_list("number", flat=True))
    first = admin.get("tickets/?limit=5&status=new").body
    copies(ticket, 7)
    rest = walk(admin, first["next"])
    seen = [row["number"] for row in first["results"] + rest]
    assert len(seen) == len(set(seen))
    assert set(seen) == there
    assert seen == sorted(seen, reverse=True)
    assert "status=new" in first["next"]


def test_messages_come_in_order_page_by_page(admin, scene, ticket):
    for index in range(7):
        hear(ticket=ticket, author=scene.admin, body=str(index), at=START + timedelta(seconds=index // 3))
    found = walk(admin, f"tickets/{ticket.pk}/messages/?limit=2")
    assert [row["body"] for row in found] == [str(index) for index in range(7)]
    assert found[0]["author"] == "admin@managed.example"


def test_clocks_page_too(admin, agent, ticket, clock):
    for hour in range(1, 4):
        clock.move_to(START + timedelta(hours=hour))
        agent.post(f"tickets/{ticket.pk}/messages/", {"body": "Still on it."})
    whole = admin.get(f"tickets/{ticket.pk}/clocks/").body["results"]
    assert walk(admin, f"tickets/{ticket.pk}/clocks/?limit=1") == whole


def test_a_cursor_belongs_to_its_list(admin, ticket):
    copies(ticket, 3)
    cursor = admin.get("tickets/?limit=2").body["next"].split("cursor=")[1]
    assert admin.get(f"tickets/?cursor={cursor}").status == 200
    assert admin.get(f"organizations/?cursor={cursor}").pointers == {"/cursor": "invalid_cursor"}
    assert admin.get(f"tickets/?cursor=x{cursor}").pointers == {"/cursor": "invalid_cursor"}
    assert admin.get(f"events/?after={cursor}").pointers == {"/after": "invalid_cursor"}


def test_filters(admin, scene, ticket, clock):
    other = make_ticket(scene, subject="Printer on fire", severity="S1", external_reference="R-1")
    numbers = lambda query: [row["number"] for row in admin.get(f"tickets/?{query}").body["results"]]  # noqa: E731
    assert numbers("severity=S1") == numbers("external_reference=R-1") == numbers("q=printer") == [other.pk]
    assert numbers("organization=managed") == numbers("status=new,open") == [other.pk, ticket.pk]
    assert numbers("status=closed") == []
    clock.move_to(START + timedelta(hours=2))
    hear(ticket=ticket, author=scene.admin, body="x", at=START + timedelta(hours=2))
    assert numbers("updated_since=2026-12-02T18:00:00Z") == [ticket.pk]


def test_what_was_updated_at_an_instant_is_found_by_it(admin, agent, scene, clock):
    """A request takes a moment: what it does is recorded after the instant at which it came."""
    clock.move_to(START + timedelta(seconds=2.5))
    ticket = make_ticket(scene)
    for who in (admin, agent):
        told = who.get(f"tickets/{ticket.pk}/").body["updated_at"]
        found = who.get(f"tickets/?updated_since={told}").body["results"]
        assert [row["number"] for row in found] == [ticket.pk], told
    assert admin.get("tickets/?updated_since=0001-01-01T00:00:00Z").body["results"]


def test_conditional_reads(admin, ticket):
    for path in (f"tickets/{ticket.pk}/", "tickets/", "organizations/managed/"):
        first = admin.get(path)
        again = admin.get(path, If_None_Match=first.headers["ETag"])
        assert (again.status, again.raw, again.headers["ETag"]) == (304, b"", first.headers["ETag"]), path
        assert admin.get(path, If_None_Match=f'"x", W/{first.headers["ETag"]}').status == 304
        assert admin.get(path, If_None_Match='"x"').status == 200
        assert first.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("PATCH", "", {"external_reference": "x"}),
        ("POST", "close/", {}),
        ("POST", "messages/", {"body": "x"}),
    ],
)
def test_a_stale_change_changes_nothing(admin, scene, ticket, verb, path, body):
    etag = admin.get(f"tickets/{ticket.pk}/").headers["ETag"]
    hear(ticket=ticket, author=scene.admin, body="meanwhile", at=START)
    before = Ticket.objects.values().get(pk=ticket.pk)
    stale = admin(verb, f"tickets/{ticket.pk}/{path}", body, If_Match=etag)
    assert (stale.status, stale.code) == (412, "precondition_failed")
    assert Ticket.objects.values().get(pk=ticket.pk) == before
    fresh = admin.get(f"tickets/{ticket.pk}/").headers["ETag"]
    assert admin(verb, f"tickets/{ticket.pk}/{path}", body, If_Match=fresh).status in (200, 201)


def test_reopen_with_a_stale_etag(admin, ticket):
    etag = admin.get(f"tickets/{ticket.pk}/").headers["ETag"]
    closed = admin.post(f"tickets/{ticket.pk}/close/", {})
    assert admin.post(f"tickets/{ticket.pk}/reopen/", {}, If_Match=etag).status == 412
    assert admin.post(f"tickets/{ticket.pk}/reopen/", {}, If_Match=closed.headers["ETag"]).status == 200


def test_a_change_of_details(admin, ticket):
    changed = admin.patch(f"tickets/{ticket.pk}/", {"external_reference": "R-9", "category": None})
    assert (changed.status, changed.body["external_reference"]) == (200, "R-9")
    assert changed.headers["ETag"] == admin.get(f"tickets/{ticket.pk}/").headers["ETag"]
    assert admin.patch(f"tickets/{ticket.pk}/", {}).status == 200


def test_a_key_does_a_thing_once(admin, scene):
    body = {"subject": "Once", "description": "d"}
    first = admin.post("tickets/", body, Idempotency_Key="k1")
    again = admin.post("tickets/", dict(reversed(body.items())), Idempotency_Key="k1")
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Location"] == first.headers["Location"]
    other = admin.post("tickets/", body | {"subject": "Other"}, Idempotency_Key="k1")
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    assert admin.post("tickets/", body, Idempotency_Key="k2").body["number"] != first.body["number"]
    assert Ticket.objects.count() == 2


def test_a_key_is_free_again_after_a_mistake_or_a_refusal(partner, scene, admin):
    body = {"organization": "managed", "subject": ""}
    assert partner.post("tickets/", body, Idempotency_Key="k").status == 400
    refused = partner.post("tickets/", {"organization": "msp", "subject": "x"}, Idempotency_Key="k")
    assert (refused.status, refused.code) == (403, "contract_missing")
    assert not IdempotencyRecord.objects.exists()
    assert partner.post("tickets/", body | {"subject": "x"}, Idempotency_Key="k").status == 201
    # Another person's key of the same text is another key.
    assert admin.post("tickets/", {"subject": "y"}, Idempotency_Key="k").status == 201


def test_a_refusal_is_kept_with_its_decision(partner, scene):
    from tickets.models import DecisionRecord

    partner.post("tickets/", {"organization": "msp", "subject": "x"}, Idempotency_Key="k")
    assert DecisionRecord.objects.get().code == "contract_missing"


def test_a_key_for_a_message(admin, ticket):
    for _again in range(2):
        answer = admin.post(f"tickets/{ticket.pk}/messages/", {"body": "Hello"}, Idempotency_Key="m")
        assert answer.status == 201
    assert ticket.messages.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_makes_one_ticket(admin, scene):
    answers = []

    def ask() -> None:
        try:
            answers.append(caller_of(admin).post("tickets/", {"subject": "Once"}, Idempotency_Key="k"))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["number"] for answer in answers}) == 1
    assert Ticket.objects.count() == 1


def caller_of(who):
    """The same caller with a client of its own, for a thread."""
    from tests.api.conftest import Caller

    copy = Caller(None)
    copy.headers = who.headers
    return copy


def test_the_feed_tells_everything_in_order(partner, agent, admin, scene, ticket):
    start = partner.get("events/").body
    assert [(row["kind"], row["ticket"]) for row in start["results"]] == [("submit", ticket.pk)]
    assert start["next"] is None
    make_ticket(scene, scene.other)
    admin.post(f"tickets/{ticket.pk}/messages/", {"body": "More"})
    agent.post(f"tickets/{ticket.pk}/messages/", {"body": "note", "visibility": "internal"})
    agent.post(f"tickets/{ticket.pk}/messages/", {"body": "Answer", "then": "waiting"})
    since = partner.get(f"events/?after={start['cursor']}").body
    assert [row["kind"] for row in since["results"]] == ["customer", "ask"]
    assert since["results"][0]["actor"] == "admin@managed.example"
    none = partner.get(f"events/?after={since['cursor']}").body
    assert (none["results"], none["cursor"]) == ([], since["cursor"])
    assert [row["kind"] for row in walk(partner, "events/?limit=1")] == ["submit", "customer", "ask"]
    assert "note" in [row["kind"] for row in walk(agent, "events/?limit=2")]
    assert partner.get(f"events/?after={start['cursor']}&cursor={start['cursor']}").status == 400


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("app_clock", [None, START - timedelta(days=60), START + timedelta(days=60)])
def test_the_feed_loses_nothing_while_transactions_are_open(db, app_clock):
    """One transaction takes its key first and commits last: the later one waits, whatever the clocks say."""
    organization = OrganizationFactory()
    person = ContactFactory(user=UserFactory(), organization=organization).user
    ContractFactory(organization=organization, policy="jumpcloud-msp", plan_code="standard")
    reader = caller(person)
    with contextlib.ExitStack() as stack:
        if app_clock is not None:
            stack.enter_context(time_machine.travel(app_clock, tick=False))
        at = timezone.now().replace(microsecond=0)
        tickets = [
            submit(person=person, organization=organization, submission=Submission(subject=str(n)), at=at)
            for n in range(2)
        ]
        start = reader.get("events/").body["cursor"]
        opened, finish = threading.Event(), threading.Event()

        def slow() -> None:
            try:
                with transaction.atomic():
                    hear(ticket=tickets[0], author=person, body="slow", at=at)
                    opened.set()
                    assert finish.wait(30)
            finally:
                connection.close()

        thread = threading.Thread(target=slow)
        thread.start()
        assert opened.wait(30)
        hear(ticket=tickets[1], author=person, body="quick", at=at)
        during = reader.get(f"events/?after={start}").body
        finish.set()
        thread.join()
        after = reader.get(f"events/?after={during['cursor']}").body
    seen = [row["ticket"] for row in during["results"] + after["results"]]
    assert seen == [tickets[0].pk, tickets[1].pk]
    assert during["results"] == []


@pytest.mark.parametrize(("act", "event"), [("close", "close"), ("escalate", "escalated")])
def test_a_key_for_an_act_on_a_ticket(admin, ticket, act, event):
    """Sent again with its key it answers the same, though the ETag has changed; another body is refused."""
    etag = admin.get(f"tickets/{ticket.pk}/").headers["ETag"]
    sent = (f"tickets/{ticket.pk}/{act}/", {"reason": "Since this morning."})
    first, again = (admin.post(*sent, Idempotency_Key="k", If_Match=etag) for _once_more in range(2))
    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true" and again.headers["ETag"] == first.headers["ETag"]
    assert TicketEvent.objects.filter(ticket=ticket, kind=event).count() == 1
    other = admin.post(sent[0], {"reason": "Another."}, Idempotency_Key="k")
    assert (other.status, other.code) == (422, "idempotency_key_reused")


def test_a_key_for_reopening(admin, agent, ticket):
    agent.post(f"tickets/{ticket.pk}/close/", {"reason": "Done."})
    path = f"tickets/{ticket.pk}/reopen/"
    first, again = (
        admin.post(path, {"reason": "It is back."}, Idempotency_Key="r") for _once_more in range(2)
    )
    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert TicketEvent.objects.filter(ticket=ticket, kind="reopen").count() == 1
