"""The teams of the demonstration."""

from __future__ import annotations

from accounts.models import Team, User
from plans.models import Plan
from tickets.demo.duties import ROOT
from tickets.demo.stories import AGENT, LEAD

# Name, policy whose plans it looks after, people.
TEAMS = (
    ("Federation", "nextplane", (AGENT, LEAD)),
    ("Identity", "jumpcloud-msp", (AGENT, ROOT)),
    ("Cloud and office", "office-365", (ROOT,)),
    ("Platform", "two-tier", (LEAD, ROOT)),
)


def make_teams() -> None:
    """Make the teams, or leave them as they are. Requests of the remaining policy come to nobody's team."""
    people = {user.email: user for user in User.objects.filter(is_staff=True)}
    for position, (name, policy, members) in enumerate(TEAMS, start=1):
        codes = Plan.objects.filter(edition__policy__slug=policy).values_list("code", flat=True)
        rule = sorted({f"{policy}/{code}" for code in codes})
        team, is_new = Team.objects.get_or_create(name=name, defaults={"plans": rule, "position": position})
        if is_new:
            team.members.set(people[email] for email in members)
