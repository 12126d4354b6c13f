"""The rules of a decision, each in a few words: for lists, reports and filters."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

RULE_NAMES: dict[str, Any] = {
    "contract_missing": _("No contract"),
    "contract_not_started": _("The contract has not begun"),
    "contract_expired": _("The contract has ended"),
    "contract_overdue": _("Fees are overdue"),
    "plan_takes_no_requests": _("The plan takes no requests"),
    "mandate_ended": _("The partner's mandate does not run"),
    "mandate_read_only": _("The partner's mandate is to read"),
    "partner_not_covered": _("The plan leaves partners out"),
    "contact_not_authorised": _("The person may not ask for the organization"),
    "contact_not_approved": _("The contact is not approved yet"),
    "access_id_missing": _("The contact holds no access id"),
    "channel_not_in_plan": _("The channel is not in the plan"),
    "type_not_in_plan": _("The kind of help is not in the plan"),
    "function_mismatch": _("The contact's function does not open this kind of help"),
    "no_valid_licence": _("No valid licence for the product"),
    "severity_set_by_support": _("Support sets the severity"),
    "severity_by_phone": _("The severity is taken by phone"),
    "severity_not_on_channel": _("The channel does not take the severity"),
    "rate_not_accepted": _("The rate was not accepted"),
}

# What a request is let through with.
NOTE_NAMES: dict[str, Any] = {
    "contract_in_grace": _("Taken in the days of grace"),
    "fees_overdue": _("Taken although fees are overdue"),
    "emergency_contact": _("Unlisted person in an emergency"),
    "extraordinary_access": _("The portal is out of reach"),
    "identity_check": _("An identity check comes first"),
    "sponsored_within_limits": _("Sponsored partner, within limits"),
    "charged_at_rate": _("Charged, the rate was accepted"),
}


def rule_name(code: str) -> str:
    """The rule in a few words; its code where it is one that nobody knows any more."""
    return str(RULE_NAMES.get(code) or NOTE_NAMES.get(code, code))
