"""Who hears of escalations in the demonstration."""

from __future__ import annotations

from accounts.models import User
from plans.models import Policy
from tickets.demo.stories import AGENT, LEAD
from tickets.models import Duty

ROOT = "root@support.example"
# Policy (none: those that name nobody), level, person.
DUTIES = (
    ("two-tier", 1, LEAD),
    ("two-tier", 2, ROOT),
    ("two-tier", 3, ROOT),
    ("jumpcloud-msp", 1, LEAD),
    ("jumpcloud-msp", 1, AGENT),
    ("", 1, LEAD),
    ("", 2, ROOT),
)


def give_duties() -> None:
    """Give everybody their duties, or leave them as they are."""
    people = {user.email: user for user in User.objects.filter(is_staff=True)}
    policies = {policy.slug: policy for policy in Policy.objects.all()}
    for slug, level, email in DUTIES:
        Duty.objects.get_or_create(policy=policies.get(slug), level=level, person=people[email])
