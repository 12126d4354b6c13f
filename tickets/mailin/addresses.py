"""The address that a notice is answered to: it names the request and the person, and is signed.

``reply+<ticket>.<person>.<signature>@MAIL_DOMAIN``. The signature is made with a key derived from
``SECRET_KEY``; a key that has been replaced is honoured while it stands in ``SECRET_KEY_FALLBACKS``. Who
holds the address may still only do what that person may do when the mail comes in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes

_SALT = "tickets.mailin.reply"
# 100 bits; with the longest numbers the local part has 58 of the 64 characters that mail allows.
_SIGNATURE_LENGTH = 20
_LOCAL_PART = re.compile(r"reply\+([1-9][0-9]{0,18})\.([1-9][0-9]{0,9})\.([a-z2-7]{20})")


def reply_address(ticket_number: int, user_pk: int) -> str:
    """The address at which ``user_pk`` answers to the request ``ticket_number``."""
    signature = _signature(ticket_number, user_pk, settings.SECRET_KEY)
    return f"reply+{ticket_number}.{user_pk}.{signature}@{settings.MAIL_DOMAIN}"


def read_reply_address(address: str) -> tuple[int, int] | None:
    """The request's number and the person's key, or None where the address is not one that we signed."""
    local, _, domain = address.strip().lower().rpartition("@")
    found = _LOCAL_PART.fullmatch(local)
    if found is None or domain != settings.MAIL_DOMAIN.lower():
        return None
    number, person = int(found[1]), int(found[2])
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    # Every key is tried, so that the time says nothing of which one fits.
    fits = [constant_time_compare(found[3], _signature(number, person, key)) for key in keys]
    return (number, person) if any(fits) else None


def _signature(ticket_number: int, user_pk: int, secret: str | bytes) -> str:
    digest = hmac.digest(_key(secret), f"{ticket_number}.{user_pk}".encode(), "sha256")
    return base64.b32encode(digest).decode().lower()[:_SIGNATURE_LENGTH]


@lru_cache(maxsize=8)
def _key(secret: str | bytes) -> bytes:
    """The key of this use alone, derived as ``salted_hmac`` does; a sweep signs thousands with it."""
    return hashlib.sha256(force_bytes(_SALT) + force_bytes(secret)).digest()
