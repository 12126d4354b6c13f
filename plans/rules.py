"""The rules of a decision, one small function each, in the order in which they speak.

A rule reads `Facts` and says nothing, or a Refusal, or a Remark that goes with the permission. The first
refusal ends the reading, so the order is part of what is promised: first what holds for everyone in the
organization (contract, plan), then the person, then the request (channel, type, product, severity), then
money. A new rule is added to RULES, and its words to `plans.wording`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from plans.enums import ChannelCode, SeveritySetBy
from plans.facts import Facts

READ_ONLY = "read-only"


@dataclass(frozen=True)
class Refusal:
    """No, with the rule's code and what its words need."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Remark:
    """Yes, and something to know about it."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


Rule = Callable[[Facts], Refusal | Remark | None]


def contract_runs(facts: Facts) -> Refusal | Remark | None:
    """The organization has a contract, and it has begun and not ended (days of grace included)."""
    contract = facts.contract
    if contract is None:
        return Refusal("contract_missing")
    if contract.state == "not_started":
        return Refusal("contract_not_started", {"day": contract.starts_on})
    if contract.state == "expired":
        return Refusal("contract_expired", {"day": contract.ends_on})
    if contract.state == "grace":
        return Remark("contract_in_grace", {"day": contract.ends_on, "until": contract.taken_until})
    return None


def plan_takes_requests(facts: Facts) -> Refusal | None:
    """A plan without channels takes no requests at all."""
    return (
        None
        if _plan(facts)["channels"]
        else Refusal("plan_takes_no_requests", {"plan": _plan(facts)["name"]})
    )


def partner_has_mandate(facts: Facts) -> Refusal | None:
    """A partner acts under a mandate that runs and allows acting, where the plan lets partners submit."""
    mandate = facts.person.mandate
    if not mandate:
        return None
    if mandate == "ended":
        return Refusal("mandate_ended")
    if not _plan(facts)["partner_may_submit"]:
        return Refusal("partner_not_covered", {"plan": _plan(facts)["name"]})
    return Refusal("mandate_read_only") if mandate == "read" else None


def person_is_authorised(facts: Facts) -> Refusal | Remark | None:
    """A contact of the organization asks, an administrator where the plan says so; staff and partners pass.

    A function that the policy names is an administrator's role ("different administrators may serve different
    functions"). In an emergency someone unlisted is helped, unverified, where the plan has that.
    """
    person, rules = facts.person, _plan(facts)["contacts"]
    if _is_exempt(facts):
        return None
    if not person.has_contact:
        return _unlisted(facts)
    roles = [function for function in person.functions if function != READ_ONLY]
    if person.functions and not roles:
        return Refusal("contact_not_authorised", {"reason": "read_only"})
    has_role = person.is_administrator or any(role in _document(facts)["functions"] for role in roles)
    if rules["administrators_only"] and not has_role:
        return Refusal("contact_not_authorised", {"reason": "administrators_only"})
    return None


def person_is_approved(facts: Facts) -> Refusal | Remark | None:
    """The contact has the approvals that the plan asks for; in an emergency help comes before them."""
    approval, person = _plan(facts)["contacts"]["approval"], facts.person
    if _is_exempt(facts) or not person.has_contact or approval == "none":
        return None
    if person.vendor_approved and (person.customer_approved or approval == "vendor"):
        return None
    if facts.question.is_emergency and _plan(facts)["emergency_contacts"]:
        return Remark("emergency_contact")
    return Refusal("contact_not_approved")


def person_has_access_id(facts: Facts) -> Refusal | None:
    """The contact holds an access id where the plan issues them."""
    if _is_exempt(facts) or not facts.person.has_contact or not _plan(facts)["contacts"]["access_id"]:
        return None
    return None if facts.person.has_access_id else Refusal("access_id_missing")


def channel_is_in_plan(facts: Facts) -> Refusal | Remark | None:
    """The plan has the channel; where the portal is out of reach staff may take a request elsewhere.

    Who is helped in an emergency has no login: staff take it on whatever channel reached them.
    """
    plan, channel = _plan(facts), facts.question.channel
    if channel in plan["channels"]:
        return None
    if _is_taken_in_an_emergency(facts):
        return None
    if facts.question.is_extraordinary and facts.question.entered_by_staff and plan["extraordinary_access"]:
        return Remark("extraordinary_access")
    return Refusal("channel_not_in_plan", {"channel": channel, "open": plan["channels"]})


def type_is_in_plan(facts: Facts) -> Refusal | Remark | None:
    """The plan covers this type of support; some types need the identity checked first."""
    chosen = support_type_of(facts)
    if chosen is None:
        return None
    if chosen not in _plan(facts)["support_types"]:
        return Refusal("type_not_in_plan", {"type": chosen, "open": _plan(facts)["support_types"]})
    return Remark("identity_check") if _type(facts, chosen)["identity_check"] else None


def function_opens_type(facts: Facts) -> Refusal | None:
    """One of the contact's functions opens this type; no function, or one without a rule, opens all."""
    chosen = support_type_of(facts)
    if _is_exempt(facts) or chosen is None or _opens(facts, chosen):
        return None
    return Refusal("function_mismatch", {"type": chosen})


def product_is_licensed(facts: Facts) -> Refusal | None:
    """Where the type needs it, the product has a licence; the only licensed one needs no naming."""
    chosen, products = support_type_of(facts), facts.products
    if chosen is None or not _type(facts, chosen)["needs_licence"]:
        return None
    if products.asked is None:
        return None if len(products.licensed) == 1 else Refusal("no_valid_licence", {"reason": "unnamed"})
    if products.asked in products.licensed:
        return None
    name = products.asked_name or products.asked
    return Refusal(
        "no_valid_licence",
        {"reason": "ended" if products.ended_on else "none", "product": name, "day": products.ended_on},
    )


def severity_is_theirs_to_set(facts: Facts) -> Refusal | None:
    """Where support sets the severity, the customer says none, or no other than the default."""
    asked = facts.question.severity
    rule = _plan(facts)["severity_set_by"] or _document(facts)["severity_set_by"]
    if rule != SeveritySetBy.SUPPORT or asked in (None, _document(facts)["default_severity"]):
        return None
    if facts.person.is_staff or facts.question.entered_by_staff:
        return None
    return Refusal("severity_set_by_support")


def severity_is_on_channel(facts: Facts) -> Refusal | None:
    """The channel takes this severity; where the phone does, it is the way out."""
    severity, channel = severity_of(facts), facts.question.channel
    known = [item["code"] for item in _document(facts)["severities"]]
    if severity in known and _takes(facts, channel, severity):
        return None
    by_phone = (
        severity in known and channel != ChannelCode.PHONE and _takes(facts, ChannelCode.PHONE, severity)
    )
    code = "severity_by_phone" if by_phone and channel in _limits(facts) else "severity_not_on_channel"
    return Refusal(code, {"severity": severity, "channel": channel})


def fees_are_paid(facts: Facts) -> Refusal | Remark | None:
    """While fees are overdue only some types are taken, where the plan says which."""
    contract, allowed = facts.contract, _plan(facts)["when_overdue"]
    if contract is None or not contract.is_overdue or allowed is None:
        return None
    day = {"day": contract.overdue_since_on}
    if support_type_of(facts) in allowed:
        return Remark("fees_overdue", day)
    return Refusal("contract_overdue", day | {"open": allowed})


SPONSORED_PARTNER_RATE = "sponsored_partner"


def sponsor_covers(facts: Facts) -> Refusal | Remark | None:
    """A sponsored partner is helped within limits, or at a rate that it accepts, or not at all."""
    if facts.contract is None or not facts.contract.is_sponsored:
        return None
    plan = _plan(facts)
    if plan["sponsored_partners"] == "none":
        return Refusal("partner_not_covered", {"plan": plan["name"]})
    if plan["sponsored_partners"] == "included":
        return Remark("sponsored_within_limits")
    rate = plan["rates"].get(SPONSORED_PARTNER_RATE)
    if not facts.question.accepts_rate:
        return Refusal("rate_not_accepted", {"rate": rate})
    return Remark("charged_at_rate", {"rate": rate})


RULES: tuple[Rule, ...] = (
    contract_runs,
    plan_takes_requests,
    partner_has_mandate,
    person_is_authorised,
    person_is_approved,
    person_has_access_id,
    channel_is_in_plan,
    type_is_in_plan,
    function_opens_type,
    fees_are_paid,
    product_is_licensed,
    severity_is_theirs_to_set,
    severity_is_on_channel,
    sponsor_covers,
)


def judged(facts: Facts) -> tuple[Refusal | None, list[Remark]]:
    """The first refusal, or None and every remark. Pure: the same facts give the same answer."""
    remarks: list[Remark] = []
    for rule in RULES:
        said = rule(facts)
        if isinstance(said, Refusal):
            return said, []
        if said is not None:
            remarks.append(said)
    return None, remarks


def support_type_of(facts: Facts) -> str | None:
    """The type asked for; else the first that the person's functions open; None where the plan has none."""
    if facts.question.support_type is not None:
        return facts.question.support_type
    offered: list[str] = _plan(facts)["support_types"]
    opened = [code for code in offered if _is_exempt(facts) or _opens(facts, code)]
    return next(iter([*opened, *offered]), None)


def severity_of(facts: Facts) -> str:
    """The severity asked for; else the default."""
    return facts.question.severity or str(_document(facts)["default_severity"])


def function_of(facts: Facts) -> str:
    """The contact function that a request belongs to, by which other contacts see it.

    Of the functions that the policy names, the narrowest that opens the type; in a policy without functions
    the one of the person's own that is called like the type, or the person's first.
    """
    chosen, functions = support_type_of(facts), _document(facts)["functions"]
    opening = sorted(
        (len(item["types"]), code) for code, item in functions.items() if chosen in item["types"]
    )
    if opening:
        return str(opening[0][1])
    own = facts.person.functions
    return chosen if chosen is not None and chosen in own else next(iter(own), "")


def _plan(facts: Facts) -> dict[str, Any]:
    assert facts.plan is not None  # contract_runs spoke before
    return facts.plan


def _document(facts: Facts) -> dict[str, Any]:
    assert facts.document is not None  # contract_runs spoke before
    return facts.document


def _type(facts: Facts, code: str) -> dict[str, Any]:
    return next(item for item in _document(facts)["support_types"] if item["code"] == code)


def _is_exempt(facts: Facts) -> bool:
    """Whether rules about contacts don't concern the person: staff, and partners under their mandate."""
    return facts.person.is_staff or facts.person.mandate != ""


def _unlisted(facts: Facts) -> Refusal | Remark:
    if facts.question.is_emergency and _plan(facts)["emergency_contacts"]:
        return Remark("emergency_contact")
    return Refusal("contact_not_authorised", {"reason": "no_contact"})


def _is_taken_in_an_emergency(facts: Facts) -> bool:
    """Whether staff take it for somebody who has no standing yet, under a plan that has that."""
    question, person = facts.question, facts.person
    lacks_standing = not (person.has_contact and person.vendor_approved) and not _is_exempt(facts)
    is_open = bool(_plan(facts)["emergency_contacts"])
    return question.is_emergency and question.entered_by_staff and lacks_standing and is_open


def _opens(facts: Facts, support_type: str) -> bool:
    own, functions = facts.person.functions, _document(facts)["functions"]
    return not own or any(code not in functions or support_type in functions[code]["types"] for code in own)


def _limits(facts: Facts) -> dict[str, list[str]]:
    limits: dict[str, list[str]] = _plan(facts)["channel_limits"]
    return limits


def _takes(facts: Facts, channel: str, severity: str) -> bool:
    """Whether a channel takes a severity; one that came in extraordinarily is not limited."""
    offered = channel in _plan(facts)["channels"] or channel == facts.question.channel
    return offered and severity in _limits(facts).get(channel, [severity])
