"""The list: the same number of queries at any length, pages without gaps, filters that bear anything."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tickets.actions import close_by_customer, say
from tickets.models import Ticket
from tickets.views.listing import PAGE_SIZE, safe_cell

LIST = "/requests/"


def _queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


PAGES = {LIST: 8, LIST + "?state=all&q=arriving": 8, "/": 17}


def test_as_many_queries_for_1_3_and_50_rows(customer: Client, ask) -> None:
    counts: dict[str, set[int]] = {address: set() for address in PAGES}
    for total in (1, 3, 50):
        while Ticket.objects.count() < total:
            ask(severity="P1")
        for address in PAGES:
            customer.get(address)
            sql = _queries(customer, address)
            assert not [query for query in sql if "COUNT(*)" in query]
            counts[address].add(len(sql))
    assert all(len(counts[address]) == 1 and max(counts[address]) <= PAGES[address] for address in PAGES), (
        counts
    )


def test_a_partner_s_list_takes_as_few(browse, now, ask, reading_partner) -> None:
    theirs = browse(reading_partner)
    counts = []
    for total in (1, 3):
        while Ticket.objects.count() < total:
            ask()
        theirs.get(LIST)
        counts.append(len(_queries(theirs, LIST)))
    # One more than a contact: the mandates.
    assert counts[0] == counts[1] <= 9


def _numbers(client: Client, address: str) -> tuple[list[int], str, str]:
    answer = client.get(address)
    pager = answer.context["pager"]
    return [row.number for row in answer.context["rows"]], pager["earlier_url"], pager["later_url"]


@pytest.mark.parametrize("state", ["open", "all"])
def test_pages_follow_without_gap_or_repetition_while_rows_are_added(
    customer: Client, ask, scene, at, state: str
) -> None:
    tickets = [ask(severity=f"P{1 + n % 4}") for n in range(PAGE_SIZE * 2 + 3)]
    for ticket in tickets[:4]:
        # P4 has no update promise on this plan: a request without any next promise stands last.
        say(ticket=ticket, author=scene.agent, body="Seen.", at=at)
    first, earlier, later = _numbers(customer, f"{LIST}?state={state}")
    assert not earlier and later
    ask(severity="P1")
    second, back, later = _numbers(customer, LIST + later)
    third, _, end = _numbers(customer, LIST + later)
    assert not end
    seen = first + second + third
    assert len(seen) == len(set(seen))
    assert {ticket.number for ticket in tickets} <= set(seen)
    assert _numbers(customer, LIST + back)[0][-1] == first[-1]


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "x" * 10_000,
        "q=%25%5F'--",
        "q=%23" + "9" * 18,
        "q=" + "9" * 40,
        "state=bogus",
        "cursor=bogus",
        "cursor=WyJwcm9taXNlIl0",
        "cursor=WyJwcm9taXNlIiwiZiIsIngiLDFd",
        "cursor=%00",
        "cursor=WyJwcm9taXNlIiwiZiIsNSwxXQ",
        "state=all&cursor=WyJuZXdlc3QiLCJmIiwiMjAyNi0wMS0wMVQwMDowMDowMCswMDowMCJd",
        "cursor=WyJwcm9taXNlIiwiYiIsbnVsbCwxXQ",
        "organization=nobody%00",
        "mine=%00",
        "state[]=open",
    ],
)
def test_any_address_has_an_answer(customer: Client, ticket: Ticket, query: str) -> None:
    for address in (LIST, reverse("tickets:export_csv"), reverse("tickets:export_json")):
        answer = customer.get(f"{address}?{query}")
        assert answer.status_code == 200
        if answer.streaming:
            b"".join(answer)


def test_search_finds_subject_text_and_number(customer: Client, ask) -> None:
    wanted = ask(subject="Gateway certificate", description="It expired on Sunday.")
    ask(subject="Something else")
    for q in ("GATEWAY", "expired on", f"#{wanted.number}", str(wanted.number)):
        assert _numbers(customer, f"{LIST}?{_q(q)}")[0] == [wanted.number]
    page = customer.get(f"{LIST}?q=nothing-like-it").content.decode()
    assert "No request matches" in page


def _q(words: str) -> str:
    return urlencode({"q": words})


def test_states_follow_instants_and_not_the_sweep(customer: Client, ask, scene, at, now, browse) -> None:
    resolved, closed = ask(subject="Resolved"), ask(subject="Closed")
    say(ticket=resolved, author=scene.agent, body="Done.", at=at, then="resolved")
    close_by_customer(ticket=closed, actor=scene.customer, at=at)
    assert _numbers(customer, LIST + "?state=resolved")[0] == [resolved.number]
    assert _numbers(customer, LIST + "?state=closed")[0] == [closed.number]
    now(at + timedelta(days=8))
    assert _numbers(customer, LIST + "?state=resolved")[0] == []
    assert _numbers(customer, LIST + "?state=closed")[0] == [closed.number, resolved.number]
    now(at + timedelta(days=15))
    browse(scene.customer)
    assert _numbers(customer, LIST + "?state=closed")[0] == [resolved.number]
    assert not _numbers(customer, LIST)[0]


def test_exports_hold_own_rows_and_no_formula(customer: Client, ask, scene, other_customer, browse) -> None:
    ask(subject='=HYPERLINK("http://evil.example")')
    text = b"".join(customer.get(reverse("tickets:export_csv") + "?state=all")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["subject"] for row in rows] == ['\'=HYPERLINK("http://evil.example")']
    found = json.loads(b"".join(customer.get(reverse("tickets:export_json"))))
    assert found[0]["severity"] == "P2" and found[0]["submitted_at"].endswith("Z")
    theirs = browse(other_customer)
    assert json.loads(b"".join(theirs.get(reverse("tickets:export_json") + "?state=all"))) == []


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_cells_that_begin_a_formula_are_quoted(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"
    assert safe_cell("plain") == "plain" and safe_cell(-1) == -1
