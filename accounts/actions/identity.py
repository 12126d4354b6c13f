"""The verb of identity checks: who was asked, and which of the four things were confirmed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.models import IdentityCheck, Organization, User

CONFIRMED = ("name", "company", "address", "alternate_email")


def record_identity_check(
    *,
    organization: Organization,
    by: User,
    at: datetime,
    person_name: str,
    confirmed: Collection[str],
    ticket_number: int | None = None,
) -> IdentityCheck:
    """Record a check, passed or not; ``confirmed`` names which of ``CONFIRMED`` were answered rightly."""
    return IdentityCheck.objects.create(
        organization=organization,
        by=by,
        at=at,
        person_name=person_name.strip(),
        ticket_number=ticket_number,
        **{f"{name}_confirmed": name in confirmed for name in CONFIRMED},
    )
