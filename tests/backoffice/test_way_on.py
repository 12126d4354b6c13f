"""From a view of the queue into a request, on to the next one, and back to the same view."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.backoffice.conftest import QUEUE, START, answer, asked
from tickets.models import Ticket


@pytest.fixture
def four(customer, organization) -> list[Ticket]:
    """In order of their promise."""
    return [
        asked(customer, organization, f"request {n}", START - timedelta(hours=3) + timedelta(minutes=n), "S2")
        for n in range(4)
    ]


def opened(client, address: str, index: int) -> str:
    """The address of a row's page, as the list has it."""
    rows = [row for group in client.get(QUEUE + address).context["groups"] for row in group.rows]
    return f"{QUEUE}{rows[index].ticket.pk}/change/{rows[index].place}"


def number_of(address: str) -> int:
    return int(address.removeprefix(QUEUE).split("/")[0])


def test_the_page_knows_its_view_and_its_neighbours(four, agent):
    view = "?tab=unassigned&severity=S2"
    there = agent.get(opened(agent, view, 1)).context["there"]
    assert there.back_url == QUEUE + view
    assert (number_of(there.earlier), number_of(there.later)) == (four[0].pk, four[2].pk)
    last = agent.get(opened(agent, view, 3)).context["there"]
    assert (number_of(last.earlier), last.later) == (four[2].pk, "")
    assert agent.get(f"{QUEUE}{four[0].pk}/change/").context["there"] is None


@pytest.mark.parametrize("order", ["due", "first-come", "newest"])
def test_one_goes_through_a_whole_view(order, four, agent):
    address, seen = opened(agent, f"?order={order}", 0), []
    while address and len(seen) < 6:
        seen.append(number_of(address))
        address = agent.get(address).context["there"].later
    expected = [ticket.pk for ticket in four]
    assert seen == (expected[::-1] if order == "newest" else expected)


def test_send_then_the_next_one(four, agent):
    """An answer moves the request in the queue; the next one is the next of the view as it was."""
    address = opened(agent, "?tab=due", 1)
    query = urlsplit(address).query
    response = agent.post(f"{QUEUE}{four[1].pk}/do/say/?{query}", answer(four[1], and_next="1"))
    assert number_of(response["Location"]) == four[2].pk
    assert parse_qs(urlsplit(response["Location"]).query)["view"] == ["tab=due"]
    page = agent.get(response["Location"])
    assert f"Answer to #{four[1].pk} sent." in page.content.decode()
    address = opened(agent, "?tab=unassigned&severity=S2", -1)
    last = Ticket.objects.get(pk=number_of(address))
    response = agent.post(f"{QUEUE}{last.pk}/do/say/?{urlsplit(address).query}", answer(last, and_next="1"))
    assert response["Location"] == f"{QUEUE}?tab=unassigned&severity=S2"


def test_an_act_leads_back_to_the_page_with_its_view(four, agent):
    query = urlsplit(opened(agent, "?tab=due", 1)).query
    response = agent.post(f"{QUEUE}{four[1].pk}/do/assign/?{query}", {"assign-assigned_to": ""})
    assert response["Location"] == f"{QUEUE}{four[1].pk}/change/?{query}"
    sent = agent.post(f"{QUEUE}{four[1].pk}/do/say/?{query}", answer(four[1]))
    assert sent["Location"] == f"{QUEUE}{four[1].pk}/change/?{query}#conversation-end"
    page = agent.get(f"{QUEUE}{four[1].pk}/change/?{query}")
    assert page.context["do"]["say"].endswith(f"?{query}")


@pytest.mark.parametrize(
    "query", ["view=%00&place=x", "view=tab%3Ddue&place=e30", "view=q%3D%00&place=", "view=x"]
)
def test_a_broken_place_is_answered(query, four, agent):
    assert agent.get(f"{QUEUE}{four[0].pk}/change/?{query}").status_code == 200
