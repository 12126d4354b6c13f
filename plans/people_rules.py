"""The answer of plans to what ``accounts.people_rules`` asks: cap, approvals, functions, identity checks."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Organization
from accounts.people_rules import PeopleRules
from plans.facts import terms_in_force
from plans.terms import policy_terms
from plans.texts import text_in


def people_rules(organization: Organization, at: datetime) -> PeopleRules:
    """The rules of the plan that serves the organization, or is the next to serve it."""
    in_force = terms_in_force(organization, at)
    if in_force is None:
        return PeopleRules()
    document = policy_terms(in_force.edition).document
    plan = next(plan for plan in document["plans"] if plan["code"] == in_force.plan)
    checked = {kind["code"] for kind in document["support_types"] if kind["identity_check"]}
    contacts = plan["contacts"]
    return PeopleRules(
        plan=text_in(plan["name"]),
        contacts_max=contacts["max"],
        approval=contacts["approval"],
        has_access_ids=contacts["access_id"],
        functions=tuple((code, text_in(row["name"]) or code) for code, row in document["functions"].items()),
        needs_identity_check=bool(checked & set(plan["support_types"])),
    )
