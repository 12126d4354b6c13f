"""Moving running requests to other terms: previewed, with a reason, and read again with the same result."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from plans.actions.publishing import publish
from plans.models import Edition
from tests.editions.conftest import html
from tests.tickets.conftest import utc
from tickets.actions import say
from tickets.actions.refusals import Refused
from tickets.actions.terms import move_to_terms, reading_after_move
from tickets.models import Clock, TicketEvent
from tickets.reading import reading_of

NOW = utc(2026, 11, 30, 20, 0)


@pytest.fixture
def newest(change, at) -> Edition:
    """Edition 2: startup's P2 in eight hours. The scene's contract keeps edition 1."""
    return publish(edition=change("8h"), at=at)


@pytest.fixture
def startup(newest):
    return newest.plans.select_related("edition__policy").get(code="startup")


def test_a_running_clock_counts_its_new_target_from_its_start(ask, startup, scene):
    ticket = ask("P2")
    before, after = reading_after_move(ticket, startup, "us", NOW)
    assert before.clock("first_response", 1).due_at == utc(2026, 12, 1, 22, 0)
    assert after.clock("first_response", 1).due_at == utc(2026, 12, 1, 18, 0)
    assert Clock.objects.get(ticket=ticket).due_at == utc(2026, 12, 1, 22, 0)
    ticket.refresh_from_db()
    move_to_terms(ticket=ticket, to=startup, coverage="us", at=NOW, actor=scene.lead, reason="Agreed.")
    assert Clock.objects.get(ticket=ticket).due_at == utc(2026, 12, 1, 18, 0)
    assert (ticket.plan, ticket.coverage_option) == (startup, "us")
    event = TicketEvent.objects.get(ticket=ticket, kind="details")
    assert (event.actor, event.data["reason"]) == (scene.lead, "Agreed.")
    assert event.data["changed"]["terms"].startswith("nextplane 1, startup")


def test_what_was_before_is_read_as_it_was(ask, startup, scene, at):
    ticket = ask("P2")
    # Answered after ten hours: kept under twelve, and moving later takes nothing back.
    answered = utc(2026, 12, 1, 20, 0)
    say(ticket=ticket, author=scene.agent, body="Found it.", at=answered)
    move_to_terms(
        ticket=ticket,
        to=startup,
        coverage="us",
        at=answered + timedelta(hours=1),
        actor=scene.lead,
        reason="Agreed.",
    )
    clock = Clock.objects.get(ticket=ticket, metric="first_response")
    assert (clock.state, clock.due_at) == ("met", utc(2026, 12, 1, 22, 0))
    say(ticket=ticket, author=scene.agent, body="More.", at=answered + timedelta(hours=2))
    read = reading_of(ticket, answered + timedelta(hours=3))
    stored = {(c.metric, c.cycle): (c.state, c.due_at) for c in Clock.objects.filter(ticket=ticket)}
    assert {(c.metric, c.cycle): (c.state, c.due_at) for c in read.clocks} == stored


def test_it_is_refused_in_words(ask, startup, scene, at, draft):
    ticket = ask("P2")
    common = {"ticket": ticket, "coverage": "us", "at": NOW, "actor": scene.lead}
    with pytest.raises(Refused, match="Write why"):
        move_to_terms(**common, to=startup, reason=" ")
    with pytest.raises(Refused, match="has these terms already"):
        move_to_terms(**common | {"coverage": ticket.coverage_option}, to=ticket.plan, reason="x")
    with pytest.raises(Refused, match="no such coverage"):
        move_to_terms(**common | {"coverage": "mars"}, to=startup, reason="x")
    say(ticket=ticket, author=scene.agent, body="Done.", at=NOW, then="resolved")
    with pytest.raises(Refused, match="solved request keeps its terms"):
        move_to_terms(**common, to=startup, reason="x")
    assert not TicketEvent.objects.filter(ticket=ticket, kind="details").exists()


@pytest.fixture
def page(scene) -> str:
    return reverse("admin:plans_contract_terms", args=[scene.organization.contracts.get().pk])


def test_the_page_previews_and_then_moves(ask, startup, page, as_role, newest):
    with time_machine.travel(NOW, tick=False):
        ticket = ask("P2")
        lead = as_role(Role.LEAD, time_zone="UTC")
        assert "Show what would change" in html(lead.get(page))
        shown = html(lead.get(page, {"to": startup.pk, "coverage": "us"}))
        assert "12h → 8h" in shown and "18:00" in shown and "22:00" in shown
        given = {"to": startup.pk, "coverage": "us"}
        missing = lead.post(page, given)
        assert missing.status_code == 400 and "Write why the request moves" in html(missing)
        assert lead.post(page, given | {"to": "999999", "reason": "x"}).status_code == 400
        assert lead.post(page, given | {"reason": "Agreed by phone."}).status_code == 302
        ticket.refresh_from_db()
        assert ticket.plan.edition == newest
        story = html(lead.get(reverse("admin:tickets_ticket_change", args=[ticket.pk])))
        assert "Agreed by phone." in story and "nextplane 1, startup" in story


@pytest.mark.parametrize("role", [Role.AGENT, Role.POLICY_EDITOR, Role.AUDITOR])
def test_only_leads_and_managers_move(role, page, as_role, startup):
    assert as_role(role).get(page).status_code == 403
    assert as_role(role).post(page, {"to": startup.pk, "reason": "x"}).status_code == 403
    assert as_role(Role.MANAGER).get(page).status_code == 200


def test_the_preview_costs_the_same_for_any_number(ask, startup, scene, as_role, django_assert_num_queries):
    move_to_terms(ticket=ask("P2"), to=startup, coverage="us", at=NOW, actor=scene.lead, reason="Agreed.")
    client = as_role(Role.LEAD)
    address = reverse("admin:plans_contract_terms", args=[scene.organization.contracts.get().pk])
    asked = {"to": startup.pk, "coverage": "us"}
    with time_machine.travel(NOW, tick=False):
        client.get(address, asked)
        with CaptureQueriesContext(connection) as one:
            assert len(client.get(address, asked).context["rows"]) == 1
        move_to_terms(ticket=ask("P2"), to=startup, coverage="us", at=NOW, actor=scene.lead, reason="So.")
        ask("P3")
        with django_assert_num_queries(len(one)):
            assert len(client.get(address, asked).context["rows"]) == 3
