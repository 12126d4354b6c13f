"""The queue: its orders, groups, filters and search, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.backoffice.conftest import QUEUE, START, asked, page_of, talk
from tests.factories.accounts import (
    ContactFactory,
    MandateFactory,
    OrganizationFactory,
    PartnerFactory,
    UserFactory,
)
from tests.factories.plans import ContractFactory
from tickets.actions import assign, hear, say
from tickets.desk import tabs
from tickets.models import Ticket


def numbers(response) -> list[int]:
    """The requests of a page, in its order."""
    return [row.ticket.pk for group in response.context["groups"] for row in group.rows]


def queries(client, path: str) -> tuple[int, list[str]]:
    """The queries of a page once the process is warm."""
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen), [query["sql"] for query in seen]


@pytest.mark.parametrize(
    "address",
    ["", "?tab=first-come", "?tab=unassigned", "?q=request", "?severity=S2&plan=jumpcloud-msp/standard"],
)
def test_one_three_and_fifty_rows_cost_the_same(address, customer, organization, agent):
    counts = []
    for wanted in (1, 3, 50):
        while Ticket.objects.count() < wanted:
            asked(
                customer, organization, f"request {Ticket.objects.count()}", START - timedelta(hours=1), "S2"
            )
        count, sql = queries(agent, QUEUE + address)
        counts.append(count)
        assert len(numbers(agent.get(QUEUE + address))) == wanted
    assert len(set(counts)) == 1, counts
    # A search asks for each kind of thing by itself.
    assert counts[0] <= (18 if "q=" in address else 16), sql


def test_no_query_counts_a_table(ticket, agent):
    _count, sql = queries(agent, QUEUE)
    counting = [text for text in sql if "count(" in text.lower()]
    assert all("limit 501" in text.lower() for text in counting if "tickets_ticket" in text), counting
    assert all(" where " in text.lower() for text in counting), counting


def test_the_ticket_page_costs_the_same_for_a_long_conversation(ticket, staff, agent):
    worker = staff()
    talk(ticket, worker, 3)
    few, _sql = queries(agent, page_of(ticket))
    talk(ticket, worker, 17)
    many, sql = queries(agent, page_of(ticket))
    assert few == many <= 33, sql


def test_overdue_first_then_by_promise_then_none(customer, organization, agent, staff):
    late = asked(customer, organization, "late", START - timedelta(days=3), "S1")
    soon = asked(customer, organization, "soon", START - timedelta(minutes=59), "S1")
    later = asked(customer, organization, "later", START - timedelta(minutes=30), "S2")
    answered = asked(customer, organization, "answered", START - timedelta(hours=1), "S3")
    say(ticket=answered, author=staff(), body="Yes.", at=START)
    response = agent.get(QUEUE)
    assert numbers(response) == [late.pk, soon.pk, later.pk, answered.pk]
    assert [group.code for group in response.context["groups"]] == ["missed", "later", "none"]


def test_first_come_first_served_within_severity_and_priority_access_first(customer, organization, agent):
    second = asked(customer, organization, "second", START - timedelta(minutes=10), "S2")
    first = asked(customer, organization, "first", START - timedelta(minutes=20), "S2")
    severe = asked(customer, organization, "severe", START, "S1")
    other = OrganizationFactory(slug="quayside", time_zone="America/Denver")
    ContractFactory(organization=other, policy="jumpcloud-msp", plan_code="premium")
    premium = ContactFactory(user=UserFactory(), organization=other).user
    priority = asked(premium, other, "priority", START, "S2")
    assert numbers(agent.get(QUEUE + "?tab=first-come")) == [severe.pk, priority.pk, first.pk, second.pk]


@pytest.mark.parametrize("tab", ["due", "first-come"])
def test_pages_miss_and_repeat_nothing(tab, customer, organization, agent, monkeypatch):
    monkeypatch.setattr("tickets.admin.queue.PAGE_SIZE", 2)
    for index in range(5):
        asked(
            customer, organization, f"r{index}", START - timedelta(minutes=index), "S2" if index % 2 else "S1"
        )
    seen, address, pages = [], f"?tab={tab}", 0
    while address and pages < 5:
        response = agent.get(QUEUE + address)
        seen += numbers(response)
        address = response.context["pager"]["later_url"]
        pages += 1
    assert sorted(seen) == sorted(Ticket.objects.values_list("pk", flat=True))
    assert pages == 3
    back = agent.get(QUEUE + response.context["pager"]["earlier_url"])
    assert numbers(back) == seen[2:4]


def test_search_by_number_words_person_and_organization(ticket, agent):
    for words in (str(ticket.pk), f"#{ticket.pk}", "sign in", "maya", "maya@aster", "Aster"):
        assert numbers(agent.get(QUEUE, {"q": words})) == [ticket.pk], words
    response = agent.get(QUEUE, {"q": "nothing like it"})
    assert "No request matches" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "?q=%00",
        "?q=" + "9" * 40,
        "?cursor=%ff",
        "?cursor=WyJkdWUiLCJmIix0cnVlLDFd",
        "?cursor=e30",
        "?tab=x",
        "?assigned=99999999999",
        "?plan=/",
        "?q=%25_'\\",
    ],
)
def test_a_broken_address_is_answered(address, ticket, agent):
    assert agent.get(QUEUE + address).status_code == 200


def test_tabs_and_chips(ticket, staff, signed_in):
    worker, other = staff(), staff()
    client = signed_in(worker)
    assert numbers(client.get(QUEUE + "?tab=unassigned")) == [ticket.pk]
    assign(ticket=ticket, actor=worker, at=START, to=worker)
    assert numbers(client.get("/admin/tickets/ticket/mine/")) == [ticket.pk]
    assert numbers(signed_in(other).get("/admin/tickets/ticket/mine/")) == []
    for chips, found in (
        ("severity=S1", 1),
        ("severity=S3", 0),
        ("organization=aster", 1),
        ("assigned=me", 1),
        ("assigned=nobody", 0),
        (f"assigned={other.pk}", 0),
        ("plan=jumpcloud-msp/premium", 0),
    ):
        assert len(numbers(client.get(f"{QUEUE}?{chips}"))) == found, chips


def test_filters_take_several_values_and_are_taken_away_one_by_one(customer, organization, agent):
    one = asked(customer, organization, "one", START, "S1")
    two = asked(customer, organization, "two", START, "S2")
    three = asked(customer, organization, "three", START, "S3")
    response = agent.get(f"{QUEUE}?severity=S1&severity=S2&status=new")
    assert sorted(numbers(response)) == [one.pk, two.pk]
    chips = {chip.name: chip for chip in response.context["filters"]}
    assert (chips["severity"].value, chips["status"].value) == ("S1, S2", "New")
    assert sorted(numbers(agent.get(QUEUE + chips["severity"].clear_url))) == [one.pk, two.pk, three.pk]
    assert numbers(agent.get(f"{QUEUE}?status=open")) == []
    assert response.context["pager"]["words"].startswith("Rows 1–2 of 2, as of")


def test_the_order_is_chosen_and_the_tabs_own_stays(customer, organization, agent):
    old = asked(customer, organization, "old", START - timedelta(hours=1), "S3")
    new = asked(customer, organization, "new", START, "S1")
    assert numbers(agent.get(f"{QUEUE}?order=newest")) == [new.pk, old.pk]
    assert numbers(agent.get(f"{QUEUE}?order=first-come")) == [new.pk, old.pk]
    assert agent.get(f"{QUEUE}?order=due").context["queue"].asked.order_name == ""
    assert numbers(agent.get(f"{QUEUE}?order=nonsense")) == [new.pk, old.pk]
    response = agent.get(f"{QUEUE}?tab=resolved&order=newest")
    assert (response.context["sortings"], response.context["queue"].asked.order.name) == ([], "closing")


def test_the_pager_says_where_the_page_stands(customer, organization, agent, monkeypatch):
    monkeypatch.setattr("tickets.admin.queue.PAGE_SIZE", 2)
    for index in range(5):
        asked(customer, organization, f"r{index}", START - timedelta(minutes=index), "S2")
    response = agent.get(QUEUE)
    pager = response.context["pager"]
    assert pager["words"].startswith("Rows 1–2 of 5,")
    assert [group.count for group in response.context["groups"]] == ["2+"]
    pager = agent.get(QUEUE + pager["later_url"]).context["pager"]
    assert pager["words"].startswith("Rows 3–4 of 5,")
    assert agent.get(QUEUE + pager["earlier_url"]).context["pager"]["words"].startswith("Rows 1–2 of 5,")
    assert agent.get(QUEUE + pager["later_url"]).context["pager"]["words"].startswith("Rows 5–5 of 5,")


def test_a_row_says_whose_it_is_since_when_and_under_which_hours(ticket, staff, agent):
    say(ticket=ticket, author=staff(), body="Which one?", at=START, then="waiting")
    hear(ticket=ticket, author=ticket.requester, body="All of them.", at=START)
    partner = ContactFactory(organization=PartnerFactory(name="Mosaic IT")).user
    MandateFactory(organization=ticket.organization, partner=partner.contacts.get().organization)
    asked(partner, ticket.organization, "By a partner", START)
    assign(ticket=ticket, actor=staff(), at=START, to=staff(name="Sofia Reyes"))
    page = " ".join(agent.get(QUEUE).content.decode().split())
    for words in (
        "customer wrote",
        "via Mosaic IT (partner)",
        "Jumpcloud msp Standard support",
        "Mon–Fri 09:00–17:00, Denver",
        "Sofia R.",
    ):
        assert words in page, words


def test_counts_stand_in_the_rail_of_every_page_and_are_read_once(ticket, staff, signed_in):
    worker = staff()
    client = signed_in(worker)
    assign(ticket=ticket, actor=worker, at=START, to=worker)
    _count, sql = queries(client, "/admin/tickets/escalation/")
    assert sum("counted" in text for text in sql) == 1
    page = client.get("/admin/tickets/escalation/").content.decode()
    assert page.count('<span class="cnt">1</span>') == 2
    _count, sql = queries(client, QUEUE)
    assert sum("counted" in text for text in sql) == 1


def test_who_is_still_to_be_verified_has_a_tab_where_there_is_somebody(ticket, agent):
    tab = "Emergency contacts to verify"
    assert tab not in agent.get(QUEUE).content.decode()
    Ticket.objects.update(unverified_reason="emergency")
    page = agent.get(QUEUE)
    assert {entry["label"]: str(entry["count"]) for entry in page.context["tabs"]}[tab] == "1"
    assert numbers(agent.get(f"{QUEUE}?tab=verify")) == [ticket.pk]


def test_a_view_that_has_changed_since_says_so_and_nothing_else(ticket, staff, agent, customer, organization):
    page = f"{QUEUE}changed/"
    asked_then = {"since": START.isoformat(), "shown": str(ticket.pk), "tab": "unassigned"}
    assert "changed since" not in agent.get(page, asked_then).content.decode()
    assign(ticket=ticket, actor=staff(), at=START + timedelta(seconds=5), to=staff())
    assert "changed since" in agent.get(page, asked_then).content.decode()
    assert "changed since" not in agent.get(page, asked_then | {"shown": ""}).content.decode()
    asked(customer, organization, "another", START + timedelta(seconds=9))
    assert "changed since" in agent.get(page, asked_then | {"shown": ""}).content.decode()
    for since in ("", "yesterday", "2026-99-99T00:00:00Z", "2026-12-02T00:00:00"):
        assert agent.get(page, {"since": since}).status_code == 200


def test_a_search_goes_by_the_indexes_of_words(ticket, monkeypatch):
    """Subjects, people's names and addresses, and organizations: a part of a word is found without a scan."""
    monkeypatch.setattr(tabs, "MOST_READ", 0)
    asked(ticket.requester, ticket.organization, "another", START)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        with CaptureQueriesContext(connection) as seen:
            tabs.found(Ticket.objects.all(), "aster")
        plans = {}
        for query in seen:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans[query["sql"]] = "\n".join(line for (line,) in cursor.fetchall())
    (names,) = [plan for sql, plan in plans.items() if "accounts_organization" in sql]
    for index in ("organization_name_words", "user_name_words", "user_email_words"):
        assert index in names, names
    assert any("ticket_subject_words" in plan for plan in plans.values())
    assert not any("Seq Scan" in plan for plan in plans.values())


def test_a_search_finds_the_newest_of_each_kind_and_reads_no_more(ticket, monkeypatch):
    """Of words that many have the newest; of one or two letters, which no index holds, among the newest."""
    monkeypatch.setattr(tabs, "MOST_HITS", 2)
    monkeypatch.setattr(tabs, "MOST_READ", 1)
    older = ticket.pk
    numbers = [asked(ticket.requester, ticket.organization, "Zebra", START).pk for _ in range(3)]
    rows = Ticket.objects.all()
    assert set(tabs.found(rows, "zebra").values_list("pk", flat=True)) == set(numbers[1:])
    assert set(tabs.found(rows, "ze").values_list("pk", flat=True)) == {numbers[-1]}
    assert list(tabs.found(rows, f"#{older}").values_list("pk", flat=True)) == [older]
    assert not tabs.found(rows, "zebra crossing").exists()
