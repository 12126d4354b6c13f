"""What a mail says that came back: which mail of ours, from whom, and whether for good."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from django.conf import settings

from tickets.mailin.charsets import clean
from tickets.mailin.head import words
from tickets.mailin.parts import Mail, payload, walk

_MESSAGE_ID = re.compile(rb"(?im)^[ \t>]*message-id:\s*(<[^<>\s]{1,490}>)")
_LOOKED_THROUGH = 1_000_000
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_MOST = 20


@dataclass(frozen=True)
class Returned:
    """``mail_ids``: Message-IDs of the original; ``emails``: whom the report is about, in lower case.

    Without a report in the usual form (RFC 3464) ``emails`` is empty and nothing is permanent.
    """

    mail_ids: tuple[str, ...]
    emails: frozenset[str]
    is_permanent: bool
    status: str
    text: str


def read_returned(mail: Mail, raw: bytes) -> Returned:
    """The report, as far as it can be read."""
    body = raw[raw.find(b"\n\n") if b"\n\n" in raw else raw.find(b"\r\n\r\n") :][:_LOOKED_THROUGH]
    found = [item.decode("ascii", "replace") for item in _MESSAGE_ID.findall(body)]
    blocks = [block for part in walk(mail.root) for block in _recipients(part)]
    failed = [block for block in blocks if _field(block, "action").lower() == "failed"]
    told = failed or blocks
    emails = {_address(_field(block, name)) for block in told for name in _WHOM} - {""}
    status = next((status for block in told if (status := _field(block, "status"))), "")
    status = found_status[0] if (found_status := _STATUS.search(status)) else ""
    text = next((text for block in told if (text := _field(block, "diagnostic-code"))), "")
    return Returned(
        tuple(dict.fromkeys([*_of_our_domain(found), *found]))[:_MOST],
        frozenset(emails),
        bool(failed) and status.startswith("5"),
        status,
        clean(text or mail.text)[:2000],
    )


_WHOM = ("final-recipient", "original-recipient")


def _recipients(part: Message) -> list[Message]:
    """The blocks of a delivery report that are about one recipient each."""
    if part.get_content_type() != "message/delivery-status":
        return []
    inner = part.get_payload()
    blocks = [block for block in inner if isinstance(block, Message)] if isinstance(inner, list) else []
    if not blocks and payload(part):
        return []
    return [block for block in blocks if _field(block, "action") or _field(block, "final-recipient")]


def _field(block: Message, name: str) -> str:
    value = next((str(value) for field, value in block.raw_items() if field.lower() == name), "")
    return words(value[:2000])


def _address(value: str) -> str:
    """Of ``rfc822; maya@aster.example`` the address."""
    return value.split(";")[-1].strip().strip("<>").lower()


def _of_our_domain(found: list[str]) -> list[str]:
    end = f"@{settings.MAIL_DOMAIN}>".lower()
    return [mail_id for mail_id in found if mail_id.lower().endswith(end)]
