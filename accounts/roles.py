"""Roles of the vendor's people, and the permissions each has: the least it needs, in one table."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from django.contrib.auth.backends import BaseBackend

from accounts.enums import Role

# Patterns of Django permissions, ``app.action_model``.
_READ = ("*.view_*",)
_WORK = (
    "tickets.*_ticket",
    "tickets.view_*",
    "tickets.add_message",
    "tickets.change_incomingmail",
    "accounts.view_user",
    "accounts.view_contact",
    "accounts.view_organization",
    "accounts.view_mandate",
    "plans.view_*",
)
_PEOPLE = (
    "accounts.add_*",
    "accounts.change_*",
    "accounts.view_*",
    "plans.add_contract",
    "plans.change_contract",
)
# Who answers a customer's objection to an exclusion.
_ANSWER = ("tickets.change_exclusionnote",)
# Who hears of escalations, and who is away.
_DUTIES = ("tickets.*_duty", "accounts.*_absence")
_CANNED = ("tickets.*_cannedreply",)
# Looks after the views of the queue that everybody sees.
_VIEWS = ("tickets.change_savedview",)
# Looks after the outbox: tries again what is stuck, clears addresses that take mail again.
_MAIL = ("notices.view_*", "notices.change_notice", "notices.change_bounce")
_TERMS = ("plans.*",)

PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.AGENT: _WORK,
    Role.LEAD: _WORK + _PEOPLE + _ANSWER + _DUTIES + _CANNED + _VIEWS + _MAIL,
    Role.MANAGER: _READ
    + _WORK
    + _PEOPLE
    + _ANSWER
    + _DUTIES
    + _CANNED
    + _VIEWS
    + _TERMS
    + _MAIL
    + ("tickets.change_parkedrow",),
    Role.POLICY_EDITOR: _TERMS + ("accounts.view_organization", "accounts.view_contact"),
    Role.AUDITOR: _READ,
}


class RoleBackend(BaseBackend):
    """Grants the permissions of a person's role; it authenticates nobody."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if not (user_obj.is_active and user_obj.is_staff):
            return False
        return any(fnmatchcase(perm, pattern) for pattern in PERMISSIONS.get(user_obj.role, ()))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        if not (user_obj.is_active and user_obj.is_staff):
            return False
        patterns = PERMISSIONS.get(user_obj.role, ())
        return any(fnmatchcase(app_label, pattern.split(".")[0]) for pattern in patterns)


def may(user: Any, permission: str) -> bool:
    """Whether the person's role, or being a superuser, includes a permission now. No query."""
    if not (user.is_active and user.is_staff):
        return False
    return user.is_superuser or RoleBackend().has_perm(user, permission)
