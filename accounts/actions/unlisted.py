"""Somebody who asks in an emergency and is no contact: a person without a login and without standing."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.refusals import Refused

# The domain of people who gave no address; nothing is ever sent there (RFC 2606).
NO_ADDRESS = "@unlisted.invalid"


def unlisted_person(
    *, organization: Organization, key: uuid.UUID, name: str, email: str = "", phone: str = ""
) -> User:
    """The person with this address, else a new one who can't sign in; ``key`` names one who gave no address.

    Raises Refused (``person_works_here``, ``contact_already_there``) where the address is no unlisted one.
    """
    address = email.strip().lower() or f"{key.hex}{NO_ADDRESS}"
    found = User.objects.known_or_new(
        address,
        name=name.strip(),
        phone=phone.strip(),
        language=organization.language,
        time_zone=organization.time_zone,
    )
    if found.is_staff:
        raise Refused(
            "person_works_here",
            _("This address is of somebody who works for support."),
            _("Give the caller's own address, or none."),
        )
    if found.contacts.filter(organization=organization, revoked_at=None, waits_for="").exists():
        raise Refused(
            "contact_already_there",
            _("%(name)s is a contact of this organization.") % {"name": found.name},
            _("Enter the request for them: find them by their name."),
        )
    return found
