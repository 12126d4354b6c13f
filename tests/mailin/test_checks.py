"""What the checks before a deployment say of mail that comes in."""

from __future__ import annotations

import pytest
from django.core.checks import Tags, run_checks


def said() -> list[str | None]:
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return [check.id for check in found if str(check.id).startswith("tickets.")]


@pytest.mark.parametrize(
    ("mailbox", "server", "expected"),
    [
        ("", "", []),
        ("imaps://u:p@mail.example/INBOX", "", ["tickets.W001"]),
        ("imaps://u:p@mail.example", "mx", []),
    ],
)
def test_a_mailbox_whose_senders_nobody_proves_is_warned_of(settings, mailbox, server, expected) -> None:
    settings.IMAP_URL, settings.MAIL_TRUSTED_AUTHSERV_ID = mailbox, server
    assert said() == expected
