"""Drafts: what somebody typed and did not send, kept for them alone."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from tickets.actions.refusals import Refused, Stale
from tickets.models import Draft, Message, Ticket

MOST_CHARACTERS = 120_000
# A form in which none of these holds a word has nothing worth keeping.
_WORDS = ("subject", "description", "lost", "body")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whose draft of which form: a new request for an organization, or a reply to a ticket."""

    user: User
    organization: Organization | None = None
    ticket: Ticket | None = None

    @property
    def row(self) -> dict[str, Any]:
        """The columns by which the draft is found."""
        return {
            "user": self.user,
            "place": "reply" if self.ticket else "new",
            "organization": self.organization,
            "ticket": self.ticket,
        }


def draft_at(place: Place) -> Draft | None:
    """The draft that is kept there. One query."""
    return Draft.objects.filter(**place.row).first()


def seen_of(draft: Draft | None) -> str:
    """What a form says of the draft it was shown with, so that a newer one is noticed; empty without one."""
    if draft is None:
        return ""
    written = json.dumps(draft.data.get("fields", {}), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def keep_draft(
    *, place: Place, fields: Mapping[str, str], key: uuid.UUID | None, seen: str, at: datetime
) -> Draft | None:
    """Keep what was typed; the last to save wins. Returns the draft, None where nothing is left to keep.

    ``key`` is the form's client key, ``seen`` the draft it was shown with (``seen_of``). Raises Stale where
    another form saved something else meanwhile, and Refused (``draft_too_long``). What was sent already is
    not kept again: a save may arrive after the message that it belongs to.
    """
    if sum(len(text) for text in fields.values()) > MOST_CHARACTERS:
        raise Refused(
            "draft_too_long",
            _("This is too long to be kept as a draft."),
            _("Shorten it, or attach it as a file. Your text stays in this page meanwhile."),
        )
    with transaction.atomic():
        _hold(place.user)
        draft = draft_at(place)
        if draft is not None and not _is_own(draft, key, seen) and draft.data.get("fields") != dict(fields):
            raise Stale
        if key is not None and _was_sent(key):
            return None
        if not any(fields.get(name, "").strip() for name in _WORDS):
            Draft.objects.filter(**place.row).delete()
            return None
        draft = draft or Draft(**place.row)
        draft.data = {"fields": dict(fields), "key": str(key or "")}
        draft.updated_at = at
        draft.save()
    return draft


def forget_draft(*, place: Place, key: uuid.UUID | None, seen: str) -> None:
    """Delete the draft of a form that is sent, in the transaction of what is sent.

    A newer one that another form saved stays: its words were not sent.
    """
    _hold(place.user)
    draft = draft_at(place)
    if draft is not None and _is_own(draft, key, seen):
        draft.delete()


def discard_draft(*, place: Place) -> None:
    """Throw the draft away, because its writer said so."""
    Draft.objects.filter(**place.row).delete()


def _is_own(draft: Draft, key: uuid.UUID | None, seen: str) -> bool:
    """Whether the form saved this draft itself, or was shown with it."""
    return draft.data.get("key") == str(key or "-") or seen_of(draft) == seen


def _was_sent(key: uuid.UUID) -> bool:
    return Message.objects.filter(client_key=key).exists() or Ticket.objects.filter(client_key=key).exists()


def _hold(user: User) -> None:
    """One change of a person's drafts at a time: a save and the sending of the same text meet here."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
