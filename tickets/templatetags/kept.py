"""How a contract is kept, for pages of the portal that stand below this room and can't ask it themselves."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.standing import standing_of
from plans.models import Contract
from tickets.statements.selection import seen_whole
from tickets.statements.so_far import so_far

register = template.Library()


@register.inclusion_tag("tickets/_so_far.html", takes_context=True)
def kept_so_far(
    context: template.Context, contract: Contract, *, with_charges: bool = False
) -> dict[str, Any]:
    """The month so far, for those who read the statement: who sees a part of the requests sees no figures."""
    request = context["request"]
    held = standing_of(request.user, request.at)
    is_whole = contract.organization_id in seen_whole(held)
    return {
        "so_far": so_far(contract, request.at) if is_whole else None,
        "contract": contract,
        "with_charges": with_charges,
        "seen": is_whole,
    }
