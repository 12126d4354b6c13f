"""Mail of ours that came back, and the addresses that take none since."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from notices.models import Bounce, Notice

_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
Listener = Callable[[Bounce], None]
_listeners: list[Listener] = []


def on_bounce(listener: Listener) -> None:
    """Have ``listener`` called with each bounce, in the transaction that records it."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def record_bounce(
    *, email: str, notice: Notice | None, is_permanent: bool, status: str, text: str, at: datetime
) -> Bounce:
    """Record that a mail to ``email`` came back; ``status`` as the other server wrote it, such as ``5.1.1``.

    After a permanent one nothing more goes to the address until somebody clears it. The same news twice
    (of one notice, in one sort) is one row.
    """
    address = email.strip().lower()
    if notice is not None:
        # Two reports of one mail come one after the other here.
        Notice.objects.select_for_update().filter(pk=notice.pk).first()
        known = Bounce.objects.filter(notice=notice, email=address, is_permanent=is_permanent).first()
        if known is not None:
            return known
    bounce = Bounce.objects.create(
        email=address,
        notice=notice,
        is_permanent=is_permanent,
        status=status[:20],
        text=text.replace("\x00", "")[:4000],
        at=at,
    )
    for listener in _listeners:
        listener(bounce)
    return bounce


def standing_bounces(emails: Iterable[str]) -> dict[str, Bounce]:
    """Since when mail to which of these addresses comes back for good: the oldest bounce not cleared."""
    addresses = {email.lower() for email in emails}
    found = Bounce.objects.filter(email__in=addresses, is_permanent=True, cleared_at=None)
    return {bounce.email: bounce for bounce in found.order_by("-at", "-pk")}


def clear_bounces(*, email: str, at: datetime) -> int:
    """Let mail go to the address again. Returns how many bounces were cleared."""
    rows = Bounce.objects.filter(email=email.lower(), is_permanent=True, cleared_at=None)
    return rows.update(cleared_at=at)


def status_in(words: str, code: int) -> str:
    """The enhanced status code (RFC 3463) in a server's answer, such as ``5.1.1``; else its plain code."""
    found = _ENHANCED.search(words)
    return found[0] if found else str(code)


def means_the_address(status: str) -> bool:
    """Whether a refusal says that the address takes no mail, and not that a box is full or we unwelcome."""
    return status != "5.2.2" and not status.startswith("5.7.")
