"""Whom a person of support may manage: nobody reaches above themselves by editing somebody else."""

from __future__ import annotations

from typing import Any

from accounts.enums import Role
from accounts.models import User


def may_manage(actor: Any, person: User | None) -> bool:
    """Superusers manage all; managers all but superusers; others customers only."""
    if person is None or actor.is_superuser:
        return True
    if person.is_superuser:
        return False
    return not person.is_staff or actor.role == Role.MANAGER


def may_grant_roles(actor: Any) -> bool:
    """Whether ``actor`` may make somebody work for support, and as what."""
    return bool(actor.is_superuser or actor.role == Role.MANAGER)
