"""Requests that were taken and would have been refused under a draft: recorded questions, judged anew.

Nothing is written. A decision keeps what was asked (channel, severity, kind of help, product) and the plan;
the contract's days and its fees are read as they stood when somebody asked, who asked as it stands now.
Licences are not looked at: what a product was then is not recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Contact
from plans.enums import Outcome
from plans.facts import ContractFacts, Facts, PersonFacts, ProductFacts, Question, state_on
from plans.rules import judged
from plans.terms import PolicyTerms
from tickets.contracts_then import ContractsThen, ContractThen
from tickets.models import DecisionRecord

DAYS = 90
MOST = 2000
# Taken although a rule would have said no: nothing to compare.
EXTRAORDINARY = ("emergency_contact", "extraordinary_access")
NO_PLAN = "plan_not_offered"


@dataclass
class RefusedThen:
    """How many of the ``looked_at`` would have been refused; ``counts`` by channel and rule."""

    looked_at: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def refused(self) -> int:
        return sum(self.counts.values())


def refused_then(draft: PolicyTerms, at: datetime) -> RefusedThen:
    """Judge the newest requests that were taken in the last 90 days under a draft. Four queries."""
    taken = DecisionRecord.objects.filter(
        at__gt=at - timedelta(days=DAYS), at__lte=at, terms__policy=draft.slug, ticket__isnull=False
    )
    taken = taken.exclude(outcome=Outcome.REFUSED).exclude(code__in=EXTRAORDINARY)
    records = list(taken.select_related("organization", "person").order_by("-at", "-pk")[:MOST])
    people = _people(records)
    plans = {plan["code"]: plan for plan in draft.document["plans"]}
    keys = {record.terms.get("contract") or 0 for record in records}
    contracts = ContractsThen.of(keys, at - timedelta(days=DAYS))
    found = RefusedThen(looked_at=len(records))
    for record in records:
        plan = plans.get(record.terms.get("plan"))
        own = plans.get(record.terms.get("contract_plan"), plan)
        contract = _contract(record, contracts, own["grace_days"] if own else 0)
        code = _code(record, draft, plan, people.get((record.person_id, record.organization_id)), contract)
        if code:
            found.counts[str(record.question.get("channel") or ""), code] += 1
    return found


def _code(
    record: DecisionRecord,
    draft: PolicyTerms,
    plan: Any,
    contact: Contact | None,
    contract: ContractFacts,
) -> str:
    """The rule of the draft that would have said no, or nothing."""
    if plan is None:
        return NO_PLAN
    asked: dict[str, Any] = {
        name: record.question.get(name) or None for name in ("severity", "support_type", "product")
    }
    channel = str(record.question.get("channel") or "")
    known = {
        "severity": draft.severities,
        "support_type": {row["code"] for row in draft.document["support_types"]},
    }
    for name, codes in known.items():
        if asked[name] is not None and asked[name] not in codes:
            return "type_not_in_plan" if name == "support_type" else "severity_not_on_channel"
    question = Question(
        person=record.person,
        organization=record.organization,
        at=record.at,
        channel=channel,
        accepts_rate=True,
        entered_by_staff=channel != "portal",
        **asked,
    )
    product = asked["product"]
    facts = Facts(
        question,
        _standing(contact),
        contract,
        draft.document,
        plan,
        ProductFacts(asked=product, licensed=(product or "any",)),
    )
    refusal, _remarks = judged(facts)
    return refusal.code if refusal else ""


def _standing(contact: Contact | None) -> PersonFacts:
    """Who asked: a contact as it stands now; a partner or staff, who were let through, still are."""
    if contact is None:
        return PersonFacts(is_staff=True)
    return PersonFacts(
        has_contact=True,
        is_administrator=contact.is_administrator,
        functions=tuple(contact.functions),
        has_access_id=contact.access_id != "",
        customer_approved=contact.customer_approved_at is not None,
        vendor_approved=contact.vendor_approved_at is not None,
    )


def _contract(record: DecisionRecord, contracts: ContractsThen, grace_days: int) -> ContractFacts:
    """The contract on the day of the request, with the draft's days of grace."""
    terms = record.terms
    key = terms.get("contract") or 0
    then = contracts.at(key, record.at) or ContractThen(record.at.date(), date.min, None, None)
    until = then.ends_on and then.ends_on + timedelta(days=grace_days)
    return ContractFacts(
        id=key,
        state=state_on(then.day, then.starts_on, then.ends_on, until),
        starts_on=then.starts_on,
        ends_on=then.ends_on,
        overdue_since_on=then.overdue_since_on,
        is_overdue=then.is_overdue,
        taken_until=until,
        is_sponsored=record.code in ("charged_at_rate", "sponsored_within_limits"),
        coverage_option=terms.get("coverage") or "",
        program=terms.get("program") or "",
    )


def _people(records: Iterable[DecisionRecord]) -> dict[tuple[int, int], Contact]:
    """Contacts of who asked, by person and organization, those in effect before revoked ones. One query."""
    rows = list(records)
    contacts = Contact.objects.filter(
        user__in={row.person_id for row in rows}, organization__in={row.organization_id for row in rows}
    )
    ordered = sorted(contacts, key=lambda contact: contact.revoked_at is None)
    return {(contact.user_id, contact.organization_id): contact for contact in ordered}
