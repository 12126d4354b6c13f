"""A person's address changed by support: the one before opens nothing any more."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import Refused


def check_address(email: str, person: User | None) -> None:
    """Raise Refused (``address_taken``) where somebody else has proven that the address is theirs."""
    found = EmailAddress.objects.filter(email=email, verified=True)
    if (found if person is None else found.exclude(user=person)).exists():
        raise Refused(
            "address_taken",
            _("Somebody else has proven that this address is theirs."),
            _("Look for them by it, or ask for another address."),
        )


def forget_other_addresses(person: User) -> None:
    """Forget every address of a person but the one of the login: none of them resets the password any more.

    The new one is proven by the link that its first sign-in sends.
    """
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
