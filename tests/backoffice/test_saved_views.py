"""Views of the queue under a name: whose they are, what they keep, and how many there may be."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from accounts.enums import Role
from tests.backoffice.conftest import QUEUE, START, asked
from tests.backoffice.test_queue import numbers, queries
from tickets.actions.saved_views import MOST_VIEWS
from tickets.models import SavedView

VIEWS = f"{QUEUE}views/"
ASKED = {"tab": "unassigned", "severity": ["S1", "S2"], "order": "newest"}


@pytest.fixture
def lead(staff, signed_in):
    return signed_in(staff(Role.LEAD))


def save(client, name: str, asked=ASKED, **more):
    return client.post(f"{VIEWS}?{urlencode(asked, doseq=True)}", {"do": "save", "name": name} | more)


def tabs_of(client, address: str = "") -> dict[str, dict]:
    return {tab["label"]: tab for tab in client.get(QUEUE + address).context["tabs"]}


def test_a_view_keeps_tab_filters_and_order_and_is_a_tab_with_its_count(customer, organization, agent):
    wanted = [asked(customer, organization, code, START, code) for code in ("S1", "S2")]
    asked(customer, organization, "other", START, "S3")
    response = save(agent, "  Severe,   free ")
    tab = tabs_of(agent)["Severe, free"]
    assert str(tab["count"]) == "2"
    assert not tab["current"]
    page = agent.get(response["Location"])
    assert numbers(page) == [wanted[1].pk, wanted[0].pk]
    assert [tab["label"] for tab in page.context["tabs"] if tab["current"]] == ["Severe, free"]
    assert page.context["is_kept"]


def test_a_view_is_its_owners_unless_a_lead_shares_it(agent, lead, staff, signed_in):
    other = signed_in(staff())
    save(agent, "Mine alone")
    assert "Mine alone" not in tabs_of(other)
    assert save(agent, "For all", shared=1).status_code == 409
    assert save(lead, "For all", shared=1).status_code == 302
    assert "For all" in tabs_of(other)
    shared = SavedView.objects.get(name="For all")
    assert other.post(VIEWS, {"do": "remove", "view": shared.pk}).status_code == 409
    own = SavedView.objects.get(name="Mine alone")
    for do in ("remove", "rename", "earlier"):
        assert lead.post(VIEWS, {"do": do, "view": own.pk, "name": "x"}).status_code == 404
    assert lead.post(VIEWS, {"do": "remove", "view": shared.pk}).status_code == 302
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Mine alone"]


def test_it_is_renamed_moved_and_removed(agent):
    for name in ("one", "two", "three"):
        save(agent, name)
    keys = {view.name: view.pk for view in SavedView.objects.all()}
    agent.post(VIEWS, {"do": "earlier", "view": keys["three"]})
    agent.post(VIEWS, {"do": "later", "view": keys["one"]})
    agent.post(VIEWS, {"do": "rename", "view": keys["two"], "name": "second"})
    saved = [label for label, tab in tabs_of(agent).items() if tab["is_saved"]]
    assert saved == ["three", "one", "second"]
    assert agent.post(VIEWS, {"do": "rename", "view": keys["one"], "name": "second"}).status_code == 409
    agent.post(VIEWS, {"do": "remove", "view": keys["two"]})
    assert "second" not in tabs_of(agent)
    for wrong in ({"do": "remove", "view": "x"}, {"do": "burn", "view": keys["one"]}, {}):
        assert agent.post(VIEWS, wrong).status_code == 404


def test_a_name_is_needed_and_there_is_a_limit(agent):
    for name in ("", "   ", "x" * 41):
        assert save(agent, name).status_code == 409
    for number in range(MOST_VIEWS):
        assert save(agent, f"view {number}").status_code == 302
    response = save(agent, "one too many")
    assert response.status_code == 409
    assert "Remove one that nobody needs any more" in response.content.decode()
    assert 'value="one too many"' in response.content.decode()


def test_a_search_is_kept_and_not_counted(ticket, agent):
    save(agent, "Sign-in", {"q": "sign in"})
    tab = tabs_of(agent)["Sign-in"]
    assert tab["count"] == ""
    assert numbers(agent.get(QUEUE + tab["url"])) == [ticket.pk]


def test_what_a_view_keeps_may_have_gone_out_of_use(ticket, agent):
    save(agent, "Old", {"tab": "gone", "team": "99", "plan": "no/such", "order": "none", "assigned": "77"})
    assert numbers(agent.get(QUEUE + tabs_of(agent)["Old"]["url"])) == []


def test_twelve_views_cost_no_query_more_and_none_without_a_limit(ticket, agent):
    few, _sql = queries(agent, QUEUE)
    for number in range(MOST_VIEWS):
        save(agent, f"view {number}", {"severity": f"S{number}", "team": str(number)})
    many, sql = queries(agent, QUEUE)
    assert few == many
    (counting,) = [text for text in sql if "counted" in text]
    assert counting.count(" LIMIT ") == counting.count("FROM (SELECT") >= MOST_VIEWS


def test_nobody_else_comes_here(staff, signed_in, client, customer):
    assert client.get(VIEWS).status_code == 302
    assert signed_in(customer).get(VIEWS).status_code in (302, 404)
    auditor = signed_in(staff(Role.AUDITOR))
    assert auditor.get(VIEWS).status_code == 200
    assert save(auditor, "Looked at").status_code == 403
    assert auditor.put(VIEWS).status_code == 405
