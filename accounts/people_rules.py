"""What a plan says of an organization's people, asked from below.

Plans lie above this room, so they hand in who answers (``answer_with``, when the apps are ready). The verbs
ask here themselves: no door can forget the cap or an approval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.standing import READ_ONLY


@dataclass(frozen=True)
class PeopleRules:
    """``contacts_max`` None: no cap. ``approval``: none, vendor or both. ``functions``: code and name.

    ``needs_identity_check``: billing data is changed only after an identity check.
    """

    plan: str = ""
    contacts_max: int | None = None
    approval: str = "none"
    has_access_ids: bool = False
    functions: tuple[tuple[str, str], ...] = ()
    needs_identity_check: bool = False


def function_name(code: str) -> str:
    """What a function is called where the policy gives it no name: its code, if it is not known."""
    names = {
        "technical": _("technical"),
        "billing": _("billing"),
        "service": _("service"),
        READ_ONLY: _("reads only"),
    }
    return names.get(code, code)


Answer = Callable[[Organization, datetime], PeopleRules]
_answers: list[Answer] = []


def answer_with(answer: Answer) -> None:
    """Let ``answer`` say the rules; the newest one counts."""
    _answers[:] = [answer]


def rules_of(organization: Organization, at: datetime) -> PeopleRules:
    """The rules in force for an organization at ``at``; without a contract nothing is capped or approved."""
    return _answers[0](organization, at) if _answers else PeopleRules()
