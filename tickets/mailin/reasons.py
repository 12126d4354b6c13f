"""Why nothing was made of a mail by itself: stable codes, and words for staff."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    # held: somebody looks at it
    UNKNOWN_SENDER = "unknown_sender", _("Nobody that we know has this address")
    UNCLEAR_SENDER = "unclear_sender", _("It does not say clearly who it is from")
    FROM_MISMATCH = "from_mismatch", _("It came from another address than the one that was written to")
    BAD_ADDRESS = "bad_address", _("It was sent to a reply address that is not genuine")
    SEVERAL_REQUESTS = "several_requests", _("It was sent to the reply addresses of several requests")
    NO_ADDRESS = "no_address", _("It answers a mail of ours, but was not sent to its reply address")
    NOT_FOR_US = "not_for_us", _("It was sent to another address than the one for requests")
    NOT_PROVEN = "not_proven", _("Our mail server could not prove that it comes from this sender")
    ADDRESS_NOT_CONFIRMED = "address_not_confirmed", _("The sender has not confirmed this address yet")
    NO_STANDING = "no_standing", _("The sender may not write on this, or not any more")
    SEVERAL_ORGANIZATIONS = "several_organizations", _("The sender may ask for several organizations")
    STAFF = "staff", _("It comes from one of us, and answers no notice")
    TERMS = "terms", _("The terms say no; the sender was told why")
    REPEATED = "repeated", _("The same mail came before, with another text")
    TOO_MANY = "too_many", _("Too many mails from this sender within an hour")
    EMPTY = "empty", _("It says nothing and has no files")
    SEALED = "sealed", _("It is encrypted, or in a form that can't be read here")
    TOO_COMPLEX = "too_complex", _("It has more parts than a mail has that a person wrote")
    TOO_BIG = "too_big", _("It is too big; only its headers are here")
    COMPLAINT = "complaint", _("Somebody reported a mail of ours as unwanted")
    FAILED = "failed", _("Reading it failed several times")
    # stopped: a machine wrote it
    AUTOMATIC = "automatic", _("An automatic answer")
    BULK = "bulk", _("Sent to many at once")
    LIST = "list", _("From a mailing list")
    OWN_MAIL = "own_mail", _("A mail of our own that came back")
    OWN_ADDRESS = "own_address", _("From our own address")
    DUPLICATE = "duplicate", _("The same mail came before")
    RETURN_UNKNOWN = "return_unknown", _("It reports on a mail that we did not send to that address")
    # a mail of ours came back
    RETURNED = "returned", _("The address takes no mail")
    DELAYED = "delayed", _("A mail of ours is delayed")
