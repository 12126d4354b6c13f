"""The rail of the back office: which pages there are, in the order of a working day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tickets.desk.counting import Desk, desk_of

# Section, whether it is folded, then (model, page of it, words, icon). Who may see the model sees its entry.
RAIL = (
    (
        "",
        False,
        (
            ("tickets_ticket", "changelist", _("Queue"), "inbox"),
            ("tickets_ticket", "mine", _("My requests"), "flag"),
            ("tickets_escalation", "changelist", _("Escalations"), "bell"),
            ("tickets_incomingmail", "changelist", _("Mail to sort"), "mail"),
        ),
    ),
    (
        _("Terms"),
        False,
        (
            ("plans_policy", "changelist", _("Policies and plans"), "doc"),
            ("plans_businesscalendar", "changelist", _("Calendars"), "calendar"),
            ("plans_contract", "changelist", _("Contracts"), "shield"),
        ),
    ),
    (
        _("People"),
        False,
        (
            ("accounts_organization", "changelist", _("Organizations"), "building"),
            ("accounts_contact", "changelist", _("Contacts"), "people"),
        ),
    ),
    (
        _("Look back"),
        True,
        (
            ("tickets_decisionrecord", "changelist", _("Decisions"), "check"),
            ("tickets_decisionrecord", "refusals", _("Refusals"), "bars"),
            ("tickets_survey", "satisfaction", _("Satisfaction"), "pulse"),
            ("accounts_identitycheck", "changelist", _("Identity checks"), "person"),
            ("notices_notice", "changelist", _("Notices"), "mail"),
            ("notices_bounce", "changelist", _("Mail that came back"), "out"),
            ("tickets_parkedrow", "changelist", _("Parked rows"), "warn"),
            ("auditlog_logentry", "changelist", _("Audit"), "eye"),
        ),
    ),
    (
        _("Set-up"),
        True,
        (
            ("accounts_user", "changelist", _("Accounts"), "person"),
            ("accounts_team", "changelist", _("Teams"), "people"),
            ("accounts_mandate", "changelist", _("Mandates"), "link"),
            ("accounts_absence", "changelist", _("Absences"), "sun"),
            ("tickets_duty", "changelist", _("Escalation duties"), "phone"),
            ("tickets_cannedreply", "changelist", _("Canned replies"), "edit"),
            ("plans_product", "changelist", _("Products"), "bars"),
            ("plans_licence", "changelist", _("Licences"), "key"),
            ("accounts_apitoken", "changelist", _("API tokens"), "lock"),
        ),
    ),
)


# Page of the queue, and which of the desk's counts stands beside it.
COUNTS = {
    ("tickets_ticket", "changelist"): "due",
    ("tickets_ticket", "mine"): "mine",
    ("tickets_escalation", "changelist"): "escalations",
}


@dataclass(frozen=True)
class Entry:
    """A link of the rail. ``counted`` names its count, which is read when the rail is drawn."""

    url: str
    label: Any
    icon: str
    current: bool = False
    desk: Desk | None = None
    counted: str = ""

    @property
    def count(self) -> Any:
        """How many wait there; nothing where none does."""
        if self.desk is None or not self.counted:
            return ""
        return self.desk.rail().get(self.counted) or ""


@dataclass(frozen=True)
class Section:
    """Links under one heading; a folded one opens on request, or where it holds the page that is open."""

    title: Any
    entries: tuple[Entry, ...]
    is_folded: bool = False

    @property
    def is_open(self) -> bool:
        return any(entry.current for entry in self.entries)


def rail(request: HttpRequest) -> list[Section]:
    """The sections that this person may open; of nested addresses the longest is the page's own."""
    allowed = [
        (title, is_folded, [entry for entry in entries if _may_see(request, entry[0])])
        for title, is_folded, entries in RAIL
    ]
    urls = {
        (model, page): reverse(f"admin:{model}_{page}")
        for _title, _folded, rows in allowed
        for model, page, _l, _i in rows
    }
    here = max((url for url in urls.values() if request.path.startswith(url)), key=len, default="")
    return [
        Section(
            title,
            tuple(
                Entry(
                    urls[model, page],
                    label,
                    icon,
                    urls[model, page] == here,
                    desk_of(request),
                    COUNTS.get((model, page), ""),
                )
                for model, page, label, icon in entries
            ),
            is_folded,
        )
        for title, is_folded, entries in allowed
        if entries
    ]


def _may_see(request: HttpRequest, model: str) -> bool:
    return bool(request.user.has_perm(model.replace("_", ".view_", 1)))  # type: ignore[union-attr]
