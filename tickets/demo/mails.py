"""Mail that came in and waits to be sorted, one of each usual kind, taken as any other mail is."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from tickets.actions.mail import handle_one, keep_mail

# Hours ago, sender, subject, text.
MAILS = (
    (
        3,
        "Grace Adeyemi <grace@asterfreight-dispatch.example>",
        "Cannot reach the dispatch desk",
        "Hello, Maya gave me this address.\n\nSince this morning the dispatch desk in Lagos gets no messages"
        " at all. Could somebody call me on +234 1 555 0134?\n\nGrace Adeyemi, night shift",
    ),
    (
        20,
        "admin@demo-nextplane-startup.example",
        "The certificate again",
        "The certificate that you renewed on Monday runs out on Friday already. Is that meant?",
    ),
    (
        49,
        "Billing <billing@supplier.example>",
        "发票 2026-1184 / Invoice 2026-1184",
        "您好，\n\n附件是十一月的发票，请查收。\n\nPlease find our invoice for November attached.",
    ),
)


def take_mails(at: datetime) -> None:
    """Take each mail that this database does not have yet, as of ``at``."""
    for hours, sender, subject, text in MAILS:
        lines = [
            f"From: {sender}",
            f"To: {settings.MAIL_ADDRESSES[0]}",
            f"Subject: {subject}",
            f"Message-ID: <demo-{hours}@demo.example>",
            "Content-Type: text/plain; charset=utf-8",
        ]
        raw = "\r\n".join([*lines, "", text]).encode()
        row = keep_mail(raw=raw, received_at=at - timedelta(hours=hours), at=at)
        handle_one(key=row.pk, at=at)
