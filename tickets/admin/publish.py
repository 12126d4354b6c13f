"""Publishing an edition: what it would have done to real requests, what becomes final, the name to confirm.

The page stands in this room because it replays requests; the pages of terms link to it by name.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import moments
from notices.models import Notice
from notices.outbox import new_message_id
from notices.rendering import render_mail
from plans.actions import announcing
from plans.actions.publishing import PublishError, faults_of, publish
from plans.changes import changes_in_words
from plans.enums import ChannelCode
from plans.lines import written_instant
from plans.models import Edition
from plans.notice_groups import CONTRACTS
from plans.pictures.dumbbells import Dumbbell, dumbbells
from plans.policyfile import Document
from plans.policyfile.differences import differences
from plans.policyfile.from_rows import document_of
from plans.policyfile.writing import to_yaml
from plans.rule_names import rule_name
from plans.terms import policy_terms
from tickets.cells import csv_answer
from tickets.clock_views import label
from tickets.refused_then import NO_PLAN, refused_then
from tickets.what_if import ClockChange, WhatIf, what_if

MOST_DRAWN = 20
MOST_UNREADABLE = 50
COLUMNS = (
    *("request", "organization", "plan", "metric", "cycle", "severity", "started_at", "met_at"),
    *("target_before", "target_after", "due_before", "due_after", "moved_seconds", "breach"),
)


class PublishForm(forms.Form):
    """Publishing can't be undone: the edition's name is written to confirm it.

    ``seen`` is the mark of the terms that the page showed: a draft edited meanwhile is looked at again.
    """

    name = forms.CharField(label=gettext_lazy("Name of the edition"), max_length=80)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, data: Any, *, expected: str, mark: str) -> None:
        super().__init__(data, initial={"seen": mark})
        self.expected, self.mark = expected, mark
        self.fields["name"].error_messages["required"] = _("Write %(name)s to publish it.") % {
            "name": expected
        }

    def clean_name(self) -> str:
        written = " ".join(self.cleaned_data["name"].split())
        if written != self.expected:
            raise forms.ValidationError(_("Write %(name)s to publish it."), params={"name": self.expected})
        return str(written)

    def clean(self) -> None:
        if self.cleaned_data.get("seen") not in ("", self.mark):
            self.add_error(
                "name", _("The draft was changed since you opened this page. Look at what it does now.")
            )


@require_http_methods(["GET", "HEAD", "POST"])
def publish_view(request: HttpRequest, pk: int) -> HttpResponse:
    """What would have differed, what becomes final, and the name written to confirm it."""
    edition = _draft_or_refused(request, pk)
    document = document_of(edition)
    mark = _mark(document)
    data = request.POST.copy() if request.method == "POST" else None
    form = PublishForm(data, expected=str(edition), mark=mark)
    at = request.at  # type: ignore[attr-defined]
    faults = faults_of(edition, at)
    if request.method == "POST" and not faults and form.is_valid():
        try:
            publish(edition=edition, at=at, by=request.user)  # type: ignore[arg-type]
        except PublishError as error:
            faults = [str(error)]
        else:
            said = _("%(name)s is in force from now on.") % {"name": edition}
            messages.success(request, said)
            return HttpResponseRedirect(reverse("admin:plans_edition_change", args=[pk]))
    if data is not None:
        data["seen"] = mark  # what is shown now is what is confirmed next
    context = _context(request, edition, document, at) | {"faults": faults, "form": form}
    status = 400 if form.errors or (faults and request.method == "POST") else 200
    return TemplateResponse(request, "admin/tickets/publish/page.html", context, status=status)


@require_safe
def publish_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Every due time that would differ, one a line."""
    edition = _draft_or_refused(request, pk)
    found = what_if(policy_terms(edition), request.at)  # type: ignore[attr-defined]
    name = f"{edition.policy.slug}-{edition.number}-preview.csv"
    return csv_answer(name, COLUMNS, (_cells(change) for change in found.changes))


def _draft_or_refused(request: HttpRequest, pk: int) -> Edition:
    """The draft, for people who may publish it."""
    edition = Edition.objects.select_related("policy").filter(pk=pk).first()
    if edition is None:
        raise Http404
    if not request.user.has_perm("plans.change_edition") or not edition.is_draft:  # type: ignore[union-attr]
        raise PermissionDenied
    return edition


def _mark(document: Document) -> str:
    return hashlib.sha256(to_yaml(document).encode()).hexdigest()[:16]


def _context(request: HttpRequest, edition: Edition, document: Document, at: datetime) -> dict[str, Any]:
    current = edition.policy.current()
    found = what_if(policy_terms(edition), at) if current is not None and document["plans"] else None
    return admin.site.each_context(request) | {
        "title": _("Publish %(name)s?") % {"name": edition},
        "edition": edition,
        "current": current,
        "changes": differences(document_of(current) if current else None, document),
        "found": found,
        **(_for_customers(edition, current, document, at) if current is not None else {}),
        **(_shown(found, edition, current) if found is not None and current is not None else {}),
    }


def _for_customers(edition: Edition, current: Edition, document: Document, at: datetime) -> dict[str, Any]:
    """What changes in words, the letter that goes out with it, and requests that would have been refused."""
    before = document_of(current)
    letters = list(announcing.letters(before, edition, at))
    then = refused_then(policy_terms(edition), at)
    return {
        "plan_changes": changes_in_words(before, document),
        "letters": len(letters),
        "letter": _letter(letters[0]) if letters else None,
        "refused_then": then,
        "refused_words": [_refused(channel, code, n) for (channel, code), n in then.counts.most_common()],
    }


def _letter(letter: announcing.Letter) -> dict[str, str]:
    """One of the letters as its reader gets it."""
    person = letter.person
    notice = Notice(
        event=announcing.EVENT,
        to_email=person.email,
        language=person.language or "en",
        time_zone=person.time_zone,
        context=letter.facts,
        kind=CONTRACTS.code,
        message_id=new_message_id(),
    )
    mail = render_mail(notice)
    return {"to": f"{person} <{person.email}>", "subject": str(mail.subject), "text": str(mail.body)}


def _refused(channel: str, code: str, count: int) -> str:
    """How many requests of a channel one rule would have refused."""
    named = str(ChannelCode(channel).label) if channel in ChannelCode.values else channel
    rule = _("The plan is not offered any more") if code == NO_PLAN else rule_name(code)
    return ngettext(
        "%(n)s request by %(channel)s: %(rule)s", "%(n)s requests by %(channel)s: %(rule)s", count
    ) % {"n": count, "channel": named, "rule": rule}


def _shown(found: WhatIf, edition: Edition, current: Edition) -> dict[str, Any]:
    sides = [*found.appears, *found.vanishes]
    return {
        "stats": _stats(found, edition),
        "sides": len(sides),
        "sides_words": [(_name(change), _outcome(change)) for change in sides[:MOST_DRAWN]],
        "picture": _picture(sides[:MOST_DRAWN], edition, current) if sides else "",
        "rows": [(label(row.metric, for_staff=True), row) for row in found.rows()],
        "unreadable": found.unreadable[:MOST_UNREADABLE],
        "differing": sum(change.differs for change in found.changes),
    }


def _stats(found: WhatIf, edition: Edition) -> list[dict[str, str]]:
    """The four figures, each with what it counts."""
    differing = sum(change.differs for change in found.changes)
    appears, vanishes = len(found.appears), len(found.vanishes)
    number = {"number": edition.number}
    return [
        {
            "figure": ngettext("%(n)s due time", "%(n)s due times", differing) % {"n": differing},
            "words": _("would differ, of %(all)s") % {"all": found.clocks},
        },
        {
            "figure": ngettext("%(n)s new breach", "%(n)s new breaches", appears) % {"n": appears},
            "words": _("kept then, missed under edition %(number)s") % number,
            "tone": "t-missed" if appears else "",
        },
        {
            "figure": ngettext("%(n)s breach gone", "%(n)s breaches gone", vanishes) % {"n": vanishes},
            "words": _("missed then, kept under edition %(number)s") % number,
            "tone": "t-met" if vanishes else "",
        },
        {
            "figure": _("%(before)s → %(after)s %%")
            % {"before": _percent(found.kept_before), "after": _percent(found.kept_after)},
            "words": _("promises met, of those decided"),
        },
    ]


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _picture(changes: list[ClockChange], edition: Edition, current: Edition) -> SafeString:
    title = _(
        "Due times in edition %(old)s and %(new)s, and when the answer came, in counted time since asked"
    )
    rows = [
        Dumbbell(
            name=f"#{change.ticket.pk}",
            detail=f"{change.ticket.organization.name} · {change.severity}",
            before=change.length_before,
            after=change.length_after,
            answered=change.length_answered,
            words=_outcome(change),
            is_missed=change.is_missed,
        )
        for change in changes
    ]
    said = title % {"old": current.number, "new": edition.number}
    return mark_safe(dumbbells(rows, said, get_language() or "en", "whatif"))  # noqa: S308 - escaped by svg


def _name(change: ClockChange) -> str:
    return f"#{change.ticket.pk} {change.ticket.organization.name}, {label(change.metric, for_staff=True)}"


def _outcome(change: ClockChange) -> str:
    """What the draft would have made of it, in words."""
    if not change.is_missed:
        if change.due_after is None:
            return _("no promise")
        return _("met") if change.met_at else _("still running")
    if change.length_answered is None or change.length_after is None:
        return _("missed, no answer yet")
    over = max(change.length_answered - change.length_after, 1)
    return _("missed by %(length)s") % {"length": moments.length(over, get_language() or "en")}


def _cells(change: ClockChange) -> list[Any]:
    ticket = change.ticket
    breach = "appears" if change.appears else "vanishes" if change.vanishes else ""
    return [
        ticket.pk,
        ticket.organization.slug,  # a name could be a formula to a spreadsheet
        ticket.plan.code,
        change.metric,
        change.cycle,
        change.severity,
        written_instant(change.started_at),
        written_instant(change.met_at) or "",
        change.target_before,
        change.target_after,
        written_instant(change.due_before) or "",
        written_instant(change.due_after) or "",
        change.moved_seconds,
        breach,
    ]
