"""Try a plan: choose severity, type, coverage and moment, and read when it would be due, and why.

The same case stands on a page of its own, which can be sent to somebody as a link, and beside the plan's
targets, where it is worked out with what is written there, saved or not (``plans.admin.trials``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.zones import ZoneField
from plans.enums import Metric
from plans.held import next_days_off
from plans.hours import named_option, options_in_words
from plans.models import Plan
from plans.models.requests import LONGEST_MARK
from plans.pictures.clockview import ClockView
from plans.pictures.stretches import clock_changes
from plans.promised import promised
from plans.terms import PolicyTerms, TermsError, policy_terms
from plans.texts import text_in
from timekeeping import Coverage, HorizonError

WRITTEN = "%Y-%m-%dT%H:%M"
YEAR = timedelta(days=400)


class WallField(forms.DateTimeField):
    """A moment as the clock on a wall shows it; whose wall is another field."""

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):
            return super().to_python(value)


class TryForm(forms.Form):
    """What is asked of the plan. The moment is read on the wall of the zone."""

    severity = forms.ChoiceField(label=gettext_lazy("Severity"))
    support_type = forms.ChoiceField(label=gettext_lazy("Kind of help"), required=False)
    coverage = forms.ChoiceField(label=gettext_lazy("Coverage"), required=False)
    at = WallField(
        label=gettext_lazy("Submitted at"),
        input_formats=[WRITTEN, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WRITTEN),
        error_messages={"invalid": gettext_lazy("Write the moment as 2026-12-24 19:40.")},
    )
    zone = ZoneField(label=gettext_lazy("Zone"), help_text=gettext_lazy("Of the customer."))

    use_required_attribute = False

    def __init__(self, data: Any, *, book: PolicyTerms, plan: str, prefix: str | None = None) -> None:
        super().__init__(data, prefix=prefix)
        offer, said = book.plan(plan), book.document
        types = [row for row in said["support_types"] if row["code"] in offer["support_types"]]
        fields: Any = self.fields
        fields["severity"].choices = _choices(said["severities"])
        fields["support_type"].choices = [("", "–"), *_choices(types)]
        options = options_in_words(book, plan)
        fields["coverage"].choices = [(code, named_option(code, said)) for code, said in options.items()] or [
            ("", "–")
        ]

    def clean(self) -> None:
        """The moment as an instant: as written in the zone, whatever zone the reader has."""
        at, zone = self.cleaned_data.get("at"), self.cleaned_data.get("zone")
        if at is not None and zone:
            try:
                self.cleaned_data["instant"] = at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
            except OverflowError:
                self.add_error("at", _("Write the moment as 2026-12-24 19:40."))


def _choices(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Names of things of the policy, in its order; those of severities with a mark such as P1 before them."""
    named = [(row["code"], text_in(row["name"]) or row["code"]) for row in rows]
    return [
        (code, f"{code} {name}" if len(code) <= LONGEST_MARK and name != code else name)
        for code, name in named
    ]


def try_view(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with its answers; a GET, so that a case can be sent to somebody as a link."""
    plan = Plan.objects.select_related("edition__policy").filter(pk=pk).first()
    if plan is None:
        raise Http404
    if not request.user.has_perm("plans.view_plan"):  # type: ignore[union-attr]
        raise PermissionDenied
    at: datetime = request.at  # type: ignore[attr-defined]
    tried = trial(plan, request.GET, at)
    for row in tried.get("moments", ()):
        row["address"] = _address(tried["form"].cleaned_data, row["at"])
    context = admin.site.each_context(request) | {
        "title": _("Try %(plan)s") % {"plan": plan.title()},
        "plan": plan,
        "edition": plan.edition,
        "opts": Plan._meta,
        **tried,
    }
    status = 400 if tried["form"].errors else 200
    return TemplateResponse(request, "admin/plans/plan/try.html", context, status=status)


def trial(plan: Plan, asked: Mapping[str, str], at: datetime, prefix: str | None = None) -> dict[str, Any]:
    """``form``, and where the case makes sense ``answers`` and ``moments``, or ``fault``.

    What ``asked`` does not say begins with now, in the plan's own zone. ``asked`` names its fields with
    ``prefix``.
    """
    book = policy_terms(plan.edition)
    form = TryForm(_begun(asked, book, plan.code, at, prefix), book=book, plan=plan.code, prefix=prefix)
    return {"form": form} | (_answers(plan, book, form.cleaned_data, at) if form.is_valid() else {})


def _begun(
    asked: Mapping[str, str], book: PolicyTerms, plan: str, at: datetime, prefix: str | None
) -> dict[str, str]:
    """What was asked, and for the rest what the plan begins with: now, in its own zone."""
    offer = book.plan(plan)
    start = f"{prefix}-" if prefix else ""
    option = asked.get(f"{start}coverage") or next(iter(offer["coverage"]), "")
    names = offer["coverage"].get(option, [])
    zone = next((book.document["calendars"][name]["time_zone"] for name in names), "UTC")
    zone = "UTC" if zone == "customer" else zone
    begin = {
        "severity": str(book.document["default_severity"]),
        "support_type": next(iter(offer["support_types"]), ""),
        "coverage": option,
        "zone": zone,
        "at": f"{at.astimezone(ZoneInfo(zone)):{WRITTEN}}",
    }
    return {f"{start}{name}": asked.get(f"{start}{name}", value) for name, value in begin.items()}


def _answers(plan: Plan, book: PolicyTerms, given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Each promise with what the edition in force says of it, and moments that catch people out."""
    try:
        views = _promises(book, plan.code, given)
    except (TermsError, HorizonError) as error:
        return {"fault": str(error) or _("Too little open time to come.")}
    answers: list[dict[str, Any]] = [
        {"label": label, "clock": clock, "before": None} for label, clock in views
    ]
    current = plan.edition.policy.current()
    if plan.edition.is_draft and current is not None:
        for answer, before in zip(answers, _in_force(policy_terms(current), plan.code, given), strict=False):
            clock: Any = answer["clock"]
            is_same = _due(before) == _due(clock)
            answer["before"] = None if is_same else before
            answer["is_same"] = is_same and clock is not None
            answer["is_new"] = before is None and clock is not None
    names = book.calendar_names(plan.code, given["coverage"] or None, given["support_type"] or None)
    coverage = book.coverage_of(names, given["zone"])
    return {
        "answers": answers,
        "current": current,
        "moments": [
            {"words": words, "at": moment, "written": _wall(moment, given["zone"])}
            for words, moment in _tricky(coverage, given["zone"], now)
        ],
    }


def _promises(book: PolicyTerms, plan: str, given: dict[str, Any]) -> list[tuple[str, ClockView | None]]:
    terms = book.terms(plan, given["coverage"] or None, given["support_type"] or None, given["zone"])
    return [
        (
            str(metric.label),
            promised(
                terms,
                metric=metric.value,
                label=str(metric.label),
                severity=given["severity"],
                at=given["instant"],
            ),
        )
        for metric in Metric
    ]


def _due(clock: ClockView | None) -> tuple[Any, ...] | None:
    return None if clock is None else (clock.due_at, clock.target_written, clock.counting)


def _in_force(book: PolicyTerms, plan: str, given: dict[str, Any]) -> list[ClockView | None]:
    """What the edition in force promises; nothing where it has no such plan, coverage or type."""
    try:
        return [clock for _label, clock in _promises(book, plan, given)]
    except (TermsError, HorizonError):
        return []


def _tricky(coverage: Coverage, zone: str, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Just before closing, on a holiday, and before the clocks change; where the coverage has such a time."""
    if not coverage.calendars:
        return
    opening = now if coverage.is_open(now) else coverage.next_opening(now)
    closing = coverage.current_closing(opening) if opening else None
    if closing is not None:
        yield _("just before closing"), closing - timedelta(minutes=20)
    calendar = ZoneInfo(coverage.calendars[0].time_zone)
    for day, name in next_days_off(coverage, now, 1):
        yield name, datetime.combine(day, datetime.min.time(), calendar) + timedelta(hours=10)
    changes = clock_changes(now, now + YEAR, calendar)
    if changes:
        yield _("before the clocks change"), changes[0][0] - timedelta(hours=12)


def _address(given: dict[str, Any], moment: datetime) -> str:
    names = ("severity", "support_type", "coverage", "zone")
    asked = {name: given[name] for name in names if given[name]}
    return "?" + urlencode(asked | {"at": _wall(moment, given["zone"])})


def _wall(moment: datetime, zone: str) -> str:
    """The moment as the form has it: on the wall of the zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):{WRITTEN}}"
