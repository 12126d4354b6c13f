"""Verbs of accounts."""

from accounts.actions.addresses import check_address, forget_other_addresses
from accounts.actions.contacts import (
    CHANGEABLE,
    approve_for_customer,
    approve_for_vendor,
    change,
    check_change,
    check_may_go,
    check_not_last,
    check_proposal,
    decline,
    propose,
    revoke,
)
from accounts.actions.identity import CONFIRMED, record_identity_check
from accounts.actions.invitations import Invitation, accept, invite_again, read_invitation, token_for
from accounts.actions.tokens import create_token, use_token
from accounts.actions.unlisted import NO_ADDRESS, unlisted_person

__all__ = [
    "CHANGEABLE",
    "CONFIRMED",
    "NO_ADDRESS",
    "Invitation",
    "accept",
    "approve_for_customer",
    "approve_for_vendor",
    "change",
    "check_address",
    "check_change",
    "check_may_go",
    "check_not_last",
    "check_proposal",
    "create_token",
    "decline",
    "forget_other_addresses",
    "invite_again",
    "propose",
    "read_invitation",
    "record_identity_check",
    "revoke",
    "token_for",
    "unlisted_person",
    "use_token",
]
