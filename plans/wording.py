"""The words of a decision: why not, or what to know, and the next step, in the language that is active."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import moments
from accounts.punctuation import listed
from plans.enums import ChannelCode
from plans.facts import Facts
from plans.texts import text_in
from timekeeping import parse_target
from timekeeping.charges import HOUR

Params = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """`detail` says why, `next_step` what to do about it."""

    detail: str = ""
    next_step: str = ""


def words_for(code: str, params: Params, facts: Facts) -> Words:
    """The words of a refusal or remark by its code, with its parameters filled in."""
    return WORDS[code](params, facts)


def _day(day: date | None) -> str:
    return date_format(day) if day else ""


def _named(items: list[dict[str, Any]], code: str) -> str:
    """The name of a thing of the policy, in the reader's language; its code where it has none."""
    found = next((item for item in items if item["code"] == code), None)
    return text_in(found["name"]) or code if found else code


def _channel(facts: Facts, code: str) -> str:
    named = _named(facts.document["channels"], code) if facts.document else code
    return str(ChannelCode(code).label) if named == code and code in ChannelCode.values else named


def _how_to(facts: Facts, code: str) -> str:
    items = facts.document["channels"] if facts.document else []
    return text_in(next((item["how"] for item in items if item["code"] == code), ""))


def _type(facts: Facts, code: str) -> str:
    return _named(facts.document["support_types"], code) if facts.document else code


def money_words(rate: dict[str, Any] | None) -> str:
    """A rate (``amount``, ``currency``, ``per``) in words: "USD 250.00 per hour"."""
    if rate is None:
        return _("the vendor's rate")
    units = {"hour": _("hour"), "day": _("day"), "case": _("case")}
    return _("%(currency)s %(amount)s per %(unit)s") % {
        "currency": rate["currency"],
        "amount": rate["amount"],
        "unit": units[rate["per"]],
    }


def rate_words(told: dict[str, Any]) -> str:
    """A rate with its rounding: "USD 250.00 per hour, rounded up to the full hour for each case"."""
    price = money_words(told)
    if told["per"] != "hour" or not told["round_up_to"]:
        return price
    step = _step(told)
    if told["rounding"] == "entry":
        return _("%(price)s, each piece of work rounded up to %(step)s") % {"price": price, "step": step}
    return _("%(price)s, rounded up to %(step)s for each case") % {"price": price, "step": step}


def rounding_words(told: dict[str, Any]) -> str:
    """How a rate's hours are rounded, as a sentence; empty where they are not."""
    if told["per"] != "hour" or not told["round_up_to"]:
        return ""
    step = {"step": _step(told)}
    if told["rounding"] == "entry":
        return _("Each piece of work is rounded up to %(step)s.") % step
    return _("The time of each case is rounded up to %(step)s.") % step


def _step(told: dict[str, Any]) -> str:
    seconds = parse_target(told["round_up_to"]).seconds
    return _("the full hour") if seconds == HOUR else moments.length(seconds, get_language() or "en")


def _contract_missing(params: Params, facts: Facts) -> Words:
    return Words(
        _("Your organization has no support contract."),
        _("Ask your account manager for one. The help articles are open to you meanwhile."),
    )


def _contract_not_started(params: Params, facts: Facts) -> Words:
    day = {"day": _day(params["day"])}
    return Words(
        _("Your support contract begins on %(day)s.") % day,
        _("You can ask for support from %(day)s on.") % day,
    )


def _contract_expired(params: Params, facts: Facts) -> Words:
    return Words(
        _("Your support contract ended on %(day)s.") % {"day": _day(params["day"])},
        _("Renew it with your account manager. The help articles stay open to you."),
    )


def _contract_in_grace(params: Params, facts: Facts) -> Words:
    days = {"day": _day(params["day"]), "until": _day(params["until"])}
    told = _("Your support contract ended on %(day)s. Requests are taken until %(until)s: please renew it.")
    return Words(told % days)


def _plan_takes_no_requests(params: Params, facts: Facts) -> Words:
    plan, document = facts.plan or {}, facts.document or {}
    programs = [_named(document["plans"], code) for code in plan.get("programs", {}).values()]
    detail = _("The plan %(plan)s is online self-service and takes no requests.") % {
        "plan": text_in(params["plan"])
    }
    if programs:
        return Words(
            detail,
            _("Search the help articles, choose another plan, or join a program that gives: %(plans)s.")
            % {"plans": listed(programs)},
        )
    return Words(detail, _("Search the help articles, or choose another plan."))


def _mandate_ended(params: Params, facts: Facts) -> Words:
    return Words(
        _("Your mandate for this organization does not run at this time."),
        _("Ask the organization's administrators to renew it."),
    )


def _mandate_read_only(params: Params, facts: Facts) -> Words:
    return Words(
        _("Your mandate lets you read this organization's requests, not open any."),
        _("Ask the organization's administrators for a mandate to act."),
    )


def _partner_not_covered(params: Params, facts: Facts) -> Words:
    return Words(
        _("The plan %(plan)s does not cover requests of partners.") % {"plan": text_in(params["plan"])},
        _("Let a contact of the organization ask, or choose a plan that covers partners."),
    )


def _contact_not_authorised(params: Params, facts: Facts) -> Words:
    reasons = {
        "no_contact": _("You are not among the contacts who may ask support for this organization."),
        "read_only": _("Your part in this organization is to read, not to ask."),
        "administrators_only": _("Under this plan only administrators of the account ask support."),
    }
    return Words(
        reasons[params["reason"]],
        _("Ask an administrator of your organization to submit it, or to name you for it."),
    )


def _contact_not_approved(params: Params, facts: Facts) -> Words:
    return Words(
        _("You are named as a contact, but not approved yet."),
        _("Your administrators and our staff can approve you. In an emergency call us."),
    )


def _emergency_contact(params: Params, facts: Facts) -> Words:
    return Words(
        _(
            "This person is helped in an emergency, unverified: bring in a named contact and record the "
            "verification."
        )
    )


def _access_id_missing(params: Params, facts: Facts) -> Words:
    return Words(
        _("Requests under this plan need an access id, and you hold none."),
        _("Ask your account manager or service delivery manager to issue you one."),
    )


def _channel_not_in_plan(params: Params, facts: Facts) -> Words:
    return Words(
        _("Your plan takes no requests by this channel: %(channel)s.")
        % {"channel": _channel(facts, params["channel"])},
        _("Use one of these: %(channels)s.")
        % {"channels": listed(_channel(facts, code) for code in params["open"])},
    )


def _extraordinary_access(params: Params, facts: Facts) -> Words:
    return Words(
        _(
            "Taken outside the plan's channels because the portal is out of reach: verify before you "
            "disclose anything."
        )
    )


def _type_not_in_plan(params: Params, facts: Facts) -> Words:
    return Words(
        _("Your plan does not include this type of support: %(type)s.")
        % {"type": _type(facts, params["type"])},
        _("It includes: %(types)s.") % {"types": listed(_type(facts, code) for code in params["open"])},
    )


def _identity_check(params: Params, facts: Facts) -> Words:
    return Words(
        _(
            "Before account information is given or changed, your name, company, its address and the "
            "alternate email are confirmed."
        )
    )


def _function_mismatch(params: Params, facts: Facts) -> Words:
    return Words(
        _("Your function does not open requests of this type: %(type)s.")
        % {"type": _type(facts, params["type"])},
        _("Let a contact with another function ask, or have yours changed by an administrator."),
    )


def _no_valid_licence(params: Params, facts: Facts) -> Words:
    if params["reason"] == "unnamed":
        return Words(
            _("This type of support needs a product with a valid licence."),
            _("Say which product it is about; your administrators see your licences in the portal."),
        )
    names = {"product": text_in(params["product"]), "day": _day(params["day"])}
    if params["reason"] == "ended":
        detail = _("Your licence for %(product)s ended on %(day)s.") % names
    else:
        detail = _("Your organization has no valid licence for %(product)s.") % names
    return Words(detail, _("Renew or buy it, or ask billing support."))


def _severity_set_by_support(params: Params, facts: Facts) -> Words:
    return Words(
        _("Under your plan support sets the severity."),
        _("Submit without one and describe the impact; support sets it from that."),
    )


def _severity_by_phone(params: Params, facts: Facts) -> Words:
    how = _how_to(facts, ChannelCode.PHONE) or _("Call support.")
    return Words(
        _("Severity %(severity)s is taken by phone.") % {"severity": params["severity"]},
        how,
    )


def _severity_not_on_channel(params: Params, facts: Facts) -> Words:
    limits = (facts.plan or {}).get("channel_limits", {})
    channels = (facts.plan or {}).get("channels", [])
    open_ones = [code for code in channels if params["severity"] in limits.get(code, [params["severity"]])]
    detail = _("This channel does not take severity %(severity)s: %(channel)s.") % {
        "severity": params["severity"],
        "channel": _channel(facts, params["channel"]),
    }
    if params["channel"] in open_ones or not open_ones:
        return Words(detail, _("Choose another severity."))
    return Words(
        detail,
        _("Use one of these: %(channels)s.")
        % {"channels": listed(_channel(facts, code) for code in open_ones)},
    )


def _contract_overdue(params: Params, facts: Facts) -> Words:
    detail = _("Fees of your contract are overdue since %(day)s.") % {"day": _day(params["day"])}
    if not params["open"]:
        return Words(detail, _("Settle them, and support is open again."))
    return Words(
        detail,
        _("Settle them, or ask about: %(types)s.")
        % {"types": listed(_type(facts, code) for code in params["open"])},
    )


def _fees_overdue(params: Params, facts: Facts) -> Words:
    return Words(_("Fees of your contract are overdue since %(day)s.") % {"day": _day(params["day"])})


def _sponsored_within_limits(params: Params, facts: Facts) -> Words:
    return Words(
        _(
            "As a sponsored partner you are helped with setting up the service and with trouble of an "
            "established federation."
        )
    )


def _rate_not_accepted(params: Params, facts: Facts) -> Words:
    return Words(
        _("Help for sponsored partners is charged under this plan: %(rate)s.")
        % {"rate": money_words(params["rate"])},
        _("Accept the rate and submit again."),
    )


def _charged_at_rate(params: Params, facts: Facts) -> Words:
    return Words(_("You have accepted to be charged: %(rate)s.") % {"rate": money_words(params["rate"])})


WORDS: dict[str, Callable[[Params, Facts], Words]] = {
    "contract_missing": _contract_missing,
    "contract_not_started": _contract_not_started,
    "contract_expired": _contract_expired,
    "contract_in_grace": _contract_in_grace,
    "contract_overdue": _contract_overdue,
    "fees_overdue": _fees_overdue,
    "plan_takes_no_requests": _plan_takes_no_requests,
    "mandate_ended": _mandate_ended,
    "mandate_read_only": _mandate_read_only,
    "partner_not_covered": _partner_not_covered,
    "contact_not_authorised": _contact_not_authorised,
    "contact_not_approved": _contact_not_approved,
    "emergency_contact": _emergency_contact,
    "access_id_missing": _access_id_missing,
    "channel_not_in_plan": _channel_not_in_plan,
    "extraordinary_access": _extraordinary_access,
    "type_not_in_plan": _type_not_in_plan,
    "identity_check": _identity_check,
    "function_mismatch": _function_mismatch,
    "no_valid_licence": _no_valid_licence,
    "severity_set_by_support": _severity_set_by_support,
    "severity_by_phone": _severity_by_phone,
    "severity_not_on_channel": _severity_not_on_channel,
    "sponsored_within_limits": _sponsored_within_limits,
    "rate_not_accepted": _rate_not_accepted,
    "charged_at_rate": _charged_at_rate,
}
