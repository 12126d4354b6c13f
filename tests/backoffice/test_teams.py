"""Teams: which requests come to them, who looks after them, and what of it stays inside."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry

from accounts.enums import Role
from accounts.models import Team
from tests.backoffice.conftest import QUEUE, START, asked, page_of, verb_of
from tests.backoffice.test_queue import numbers
from tickets.actions import Submission, submit
from tickets.models import Ticket

TEAMS = "/admin/accounts/team/"


@pytest.fixture
def identity(db) -> Team:
    return Team.objects.create(name="Identity", plans=["jumpcloud-msp/standard"], position=2)


def kinds(ticket: Ticket) -> list[str]:
    return [event.kind for event in ticket.events.order_by("pk")]


def test_a_new_request_comes_to_the_first_team_that_fits(identity, customer, organization):
    Team.objects.create(name="Nothing by itself", position=0)
    Team.objects.create(name="Another plan", plans=["jumpcloud-msp/premium"], position=1)
    ticket = asked(customer, organization, "one", START)
    assert ticket.team == identity
    event = ticket.events.get(kind="team")
    assert (event.side, event.actor, event.at) == ("system", None, START)
    assert event.data == {"to": "Identity", "from": "", "by": "rule"}
    narrow = Team.objects.create(
        name="Directory", plans=["jumpcloud-msp/standard"], products=["directory"], position=1
    )
    assert asked(customer, organization, "two", START).team == identity
    submission = Submission(subject="three", product="directory")
    assert submit(person=customer, organization=organization, submission=submission, at=START).team == narrow
    Team.objects.update(is_active=False)
    assert asked(customer, organization, "four", START).team is None


def test_without_teams_nothing_is_recorded(ticket):
    assert ticket.team is None
    assert kinds(ticket) == ["submit"]


def test_staff_give_it_to_another_team_and_customers_learn_nothing(ticket, agent, identity, customer, client):
    agent.post(verb_of(ticket, "team"), {"team": identity.pk})
    ticket.refresh_from_db()
    assert ticket.team == identity
    agent.post(verb_of(ticket, "team"), {"team": identity.pk})
    agent.post(verb_of(ticket, "team"), {"team": "99999"})
    agent.post(verb_of(ticket, "team"), {"team": ""})
    ticket.refresh_from_db()
    assert ticket.team is None
    assert kinds(ticket) == ["submit", "team", "team"]
    page = agent.get(page_of(ticket)).content.decode()
    assert "to Identity" in page
    assert "to no team, from Identity" in page
    client.force_login(customer, backend="django.contrib.auth.backends.ModelBackend")
    assert "Identity" not in client.get(f"/requests/{ticket.pk}/").content.decode()


def test_who_only_reads_gives_nothing_away(ticket, identity, staff, signed_in):
    assert (
        signed_in(staff(Role.AUDITOR)).post(verb_of(ticket, "team"), {"team": identity.pk}).status_code == 403
    )


def test_the_tab_the_filter_and_the_name_of_ones_team(identity, customer, organization, staff, signed_in):
    worker, other = staff(), staff()
    identity.members.add(worker)
    ticket = asked(customer, organization, "one", START)
    Team.objects.update(plans=[])
    free = asked(customer, organization, "two", START)
    mine = signed_in(worker).get(f"{QUEUE}?tab=team")
    assert numbers(mine) == [ticket.pk]
    assert "Agent, Identity" in mine.content.decode()
    client = signed_in(other)
    assert "My team" not in [str(tab["label"]) for tab in client.get(QUEUE).context["tabs"]]
    assert numbers(client.get(f"{QUEUE}?tab=team")) == []
    assert numbers(client.get(f"{QUEUE}?team={identity.pk}")) == [ticket.pk]
    assert numbers(client.get(f"{QUEUE}?team=none")) == [free.pk]
    assert sorted(numbers(client.get(f"{QUEUE}?team=none&team={identity.pk}"))) == [ticket.pk, free.pk]


def test_leads_look_after_teams(ticket, staff, signed_in):
    worker, lead = staff(), signed_in(staff(Role.LEAD))
    fields = {
        "name": " Federation  north ",
        "members": [worker.pk],
        "plans": ["jumpcloud-msp/standard"],
        "position": 1,
        "is_active": "on",
    }
    assert lead.get(f"{TEAMS}add/").status_code == 200
    assert lead.post(f"{TEAMS}add/", fields).status_code == 302
    team = Team.objects.get()
    assert (team.name, list(team.members.all()), team.plans) == (
        "Federation north",
        [worker],
        ["jumpcloud-msp/standard"],
    )
    assert "jumpcloud-msp/standard" in lead.get(TEAMS).content.decode()
    changes = [entry.changes for entry in LogEntry.objects.get_for_object(team)]
    assert any(change.get("members", {}).get("objects") == [str(worker)] for change in changes), changes
    assert lead.post(f"{TEAMS}add/", fields | {"plans": ["no/such"]}).status_code == 200
    team.plans = ["old/plan"]
    team.save()
    kept = fields | {"plans": ["old/plan"]}
    assert lead.post(f"{TEAMS}{team.pk}/change/", kept).status_code == 302
    assert Team.objects.get().plans == ["old/plan"]
    assert lead.post(f"{TEAMS}{team.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", [Role.AGENT, Role.POLICY_EDITOR])
def test_others_do_not(role, identity, staff, signed_in):
    client = signed_in(staff(role))
    assert client.get(f"{TEAMS}add/").status_code == 403
    assert client.post(f"{TEAMS}{identity.pk}/change/", {"name": "x"}).status_code == 403
