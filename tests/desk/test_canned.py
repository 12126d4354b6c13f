"""Canned replies: filled in for the request, inert whatever facts hold, never at the cost of typed text."""

from __future__ import annotations

import re
import uuid

import pytest

from accounts.enums import Role
from tests.factories.accounts import StaffFactory
from tickets.canned import escaped, filled, offered, unknown_in
from tickets.markup import rendered
from tickets.models import CannedReply, Message, Ticket

LIST = "/admin/tickets/cannedreply/"


def _say(ticket: Ticket) -> str:
    return f"/admin/tickets/ticket/{ticket.pk}/do/say/"


def _typed(reply: object, body: str = "Hello,") -> dict[str, object]:
    fields = {"body": body, "visibility": "public", "then": "waiting", "client_key": str(uuid.uuid4())}
    return fields | {"canned": reply, "insert": "1"}


def _box(html: str) -> str:
    found = re.search(r"<textarea[^>]*name=\"body\"[^>]*>(.*?)</textarea>", html, re.S)
    assert found is not None
    return found[1]


@pytest.fixture
def greeting(db: None) -> CannedReply:
    body = "Dear {requester}, {number} “{subject}” ({severity}): news by {next_promise}. {agent}"
    return CannedReply.objects.create(title="Greeting", language="en", body=body)


@pytest.mark.django_db
def test_it_is_put_below_what_was_typed_and_nothing_is_sent(agent, ticket, greeting) -> None:
    page = agent.post(_say(ticket), _typed(greeting.pk))
    text = _box(page.content.decode())
    assert page.status_code == 200 and text.strip().startswith("Hello,\n\nDear Maya Okafor, #")
    assert "P2 Priority two" in text and "Idris Bell" in text
    # The next update, counted from this answer, in the requester's time.
    assert re.search(r"news by \w{3} \d+ Dec, \d\d:\d\d \(New York\)", text)
    assert 'value="waiting" selected' in page.content.decode() and not Message.objects.exists()
    assert "Hello," in _box(agent.get(f"/admin/tickets/ticket/{ticket.pk}/change/").content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["", "999999", "x"])
def test_without_a_choice_nothing_typed_is_lost(agent, ticket, greeting, wrong) -> None:
    page = agent.post(_say(ticket), _typed(wrong, "Half an answer"), follow=True).content.decode()
    assert "Half an answer" in _box(page) and "Choose a canned reply first" in page


@pytest.mark.django_db
def test_the_requesters_language_wins_then_the_nearest_then_english(ticket, scene, greeting, at) -> None:
    other = ticket.plan.edition.policy
    CannedReply.objects.create(title="Greeting", language="zh-hans", body="您好 {requester}")
    CannedReply.objects.create(title="Off", language="en", body="x", is_active=False)
    CannedReply.objects.create(title="Greeting", language="en", policy=other, body="Policy's own")
    assert [row.body for row in offered(ticket)] == ["Policy's own"]
    for language in ("zh-hans", "zh-hant"):
        ticket.requester.language = language
        assert [row.body for row in offered(ticket)] == ["您好 {requester}"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "[x](javascript:alert(1))",
        "[click](https://evil.example)",
        "<img src=x onerror=alert(1)>",
        "![x](http://evil.example/p.png)",
        "**bold** `code` _it_ ~~s~~",
        "<https://evil.example>",
        "- item",
        "1. item",
        "> quote",
        "# head",
        "{agent} {nothing}",
        "a\n\nb | c",
        "max_user_1 &lt;b&gt; \\[x](y)",
    ],
)
def test_facts_are_shown_as_they_are_and_are_never_markup(name, ticket, greeting, scene, at) -> None:
    ticket.requester.name = name
    greeting.body = "{requester}"
    text = filled(greeting, ticket, scene.agent, None, at)
    html = rendered(text)
    assert not re.search(r"<(a|img|em|strong|code|li|blockquote|del|s|h1|table)\b", html), html
    shown = re.sub(r"</?p>\n?", "", html).strip()
    plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert plain == " ".join(name.split())


def test_ordinary_names_stay_readable() -> None:
    for name in ("Jean-Luc O'Neil", "R&D (Berlin)", "max_user_1", "Ана 守信"):
        assert escaped(name) == name


@pytest.mark.django_db
def test_an_unknown_placeholder_is_named(browser_of, scene) -> None:
    lead = browser_of(scene.lead)
    fields = {
        "title": "A",
        "language": "en",
        "policy": "",
        "body": "Hi {nmae} {requester} {x1}",
        "is_active": "on",
    }
    page = lead.post(f"{LIST}add/", fields)
    assert page.status_code == 200 and "There is no placeholder {nmae}, {x1}." in page.content.decode()
    assert lead.post(f"{LIST}add/", fields | {"body": "Hi {requester}"}).status_code == 302
    assert CannedReply.objects.get().body == "Hi {requester}"
    assert unknown_in("{ not one } {a b} {subject}") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "changes"), [(Role.AGENT, 403), (Role.LEAD, 200), (Role.MANAGER, 200), (Role.AUDITOR, 403)]
)
def test_leads_and_managers_write_them_agents_read(role, changes, browser_of, greeting) -> None:
    window = browser_of(StaffFactory(role=role))
    assert window.get(f"{LIST}{greeting.pk}/change/").status_code == 200
    assert window.get(f"{LIST}add/").status_code == changes
    saved = window.post(f"{LIST}{greeting.pk}/change/", {"title": "B", "language": "en", "body": "x"})
    assert saved.status_code == (302 if changes == 200 else 403)


@pytest.mark.django_db
def test_customers_have_no_part_in_it(customer, greeting, ticket) -> None:
    assert customer.get(LIST).status_code in (302, 404)
    assert customer.post(_say(ticket), _typed(greeting.pk)).status_code in (302, 404)
