"""What of a form is kept as a draft, and what its page says of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.moments import clock, short_moment
from accounts.templatetags.moments import reader
from tickets.actions import Place, Refused, Stale, draft_at, keep_draft, seen_of
from tickets.models import Draft

NEW_FIELDS = (
    "subject",
    "description",
    "support_type",
    "product",
    "category",
    "device",
    "operating_system",
    "can_sign_in",
    "users_affected",
    "executives_affected",
    "since",
    "lost",
    "severity",
    "contact_from",
    "contact_to",
)
REPLY_FIELDS = ("body",)
ANSWER_FIELDS = ("body", "visibility", "then")


@dataclass(frozen=True)
class DraftBox:
    """A form's draft; the fields are those of ``components/draft_*.html``.

    ``url`` is where it is saved and discarded, ``seen`` what the form knows of it, ``trouble`` why it was not
    saved, in words; ``is_restored``: the form shows the text of an earlier visit.
    """

    url: str
    seen: str = ""
    saved_at: datetime | None = None
    is_restored: bool = False
    trouble: str = ""
    is_stale: bool = False

    @property
    def status(self) -> int:
        if self.trouble:
            return 409 if self.is_stale else 413
        return 200

    def document(self) -> dict[str, str]:
        """What the script that saves is told."""
        return {"words": self.trouble or self.saved_words, "seen": self.seen}

    @property
    def saved_words(self) -> str:
        if self.saved_at is None:
            return ""
        return _("Draft saved") + " " + clock(self.saved_at, reader()[0])


def shown(url: str, draft: Draft | None) -> DraftBox:
    """The box of a form that begins with ``draft``, or with nothing."""
    if draft is None:
        return DraftBox(url)
    return DraftBox(url, seen_of(draft), draft.updated_at, is_restored=True)


def save_typed(place: Place, url: str, names: tuple[str, ...], data: QueryDict, at: datetime) -> DraftBox:
    """Keep what was typed; where that can't be, the box says why and what to do."""
    fields = {name: str(data[name]).replace("\0", "") for name in names if name in data}
    try:
        draft = keep_draft(place=place, fields=fields, key=key_of(data), seen=seen_in(data), at=at)
    except Stale:
        newer = draft_at(place)
        return DraftBox(url, seen_of(newer), trouble=_newer_words(newer, at), is_stale=True)
    except Refused as refused:
        return DraftBox(url, seen_in(data), trouble=f"{refused.detail} {refused.next_step}")
    return DraftBox(url, seen_of(draft), draft.updated_at if draft else None)


def fields_of(draft: Draft | None) -> dict[str, str]:
    """What was typed, as a form's initial values."""
    return dict(draft.data.get("fields", {})) if draft else {}


def key_of(data: QueryDict) -> uuid.UUID | None:
    """The client key of the form that was posted; None for a damaged one."""
    try:
        return uuid.UUID(str(data.get("client_key", "")))
    except ValueError:
        return None


def seen_in(data: QueryDict) -> str:
    """What the posted form knows of its draft."""
    return str(data.get("draft_seen", ""))[:64]


def _newer_words(newer: Draft | None, at: datetime) -> str:
    moment = short_moment(newer.updated_at if newer else at, at, *reader())
    return _(
        "Another window saved a newer draft (%(moment)s). What stands here is not saved: "
        "press “Save draft” to keep it instead, or open this page anew to see the newer one."
    ) % {"moment": moment}
