"""The living style page: every component in its states, drawn by the code that the portal uses.

Served at ``/styleguide/`` while ``DEBUG`` is on. All values are made up; nothing is read from the database.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.pictures.clockview import CLOSED, COUNTED, HOLIDAY, PAUSED, ClockView, Stretch
from plans.pictures.week import ClosedDay, OpenSpan
from tickets.escalation_views import Ladder, Rung

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 30, 18, 40, tzinfo=UTC)


class SampleForm(forms.Form):
    """Two fields that are wrong, to show how errors stand."""

    affected = forms.IntegerField(
        label="How many people are affected?", widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    since = forms.CharField(label="Since when?", help_text="Your time, such as today, 15:00")
    also = forms.ChoiceField(
        label="Best time to contact you", choices=[("m", "09:00–12:00, New York")], required=False
    )
    agree = forms.BooleanField(label="Tell me about similar incidents", required=False)


class ReplyForm(forms.Form):
    """The reply box of staff."""

    visibility = forms.ChoiceField(choices=[("public", "Public"), ("internal", "Internal")], initial="public")
    body = forms.CharField(widget=forms.Textarea(attrs={"placeholder": "Write to the customer."}))
    then = forms.ChoiceField(
        choices=[("open", "keep open"), ("ask", "wait for the customer"), ("resolve", "resolve")]
    )
    files = forms.FileField(required=False)  # type: ignore[assignment]  # fields are no attributes


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component; the made-up reader lives in New York."""
    form = SampleForm({"affected": "many", "since": ""})
    form.is_valid()
    context: dict[str, Any] = {
        "now": NOW,
        "clocks": clocks(),
        "form": form,
        "draft": SimpleNamespace(saved_words="Draft saved 13:38", seen="", url=""),
        "reply_form": ReplyForm(initial={"visibility": "public"}),
        "rows": rows(),
        "severities": [SimpleNamespace(rank=n, code=f"P{n}", name=w) for n, w in enumerate(SEVERITIES, 1)],
        "three": [SimpleNamespace(rank=n, code=c, name="") for n, c in enumerate("ABC", 1)],
        "statuses": STATUSES,
        "conversation": messages(),
        "ladder": ladder(),
        "monday": datetime(2026, 11, 23, tzinfo=UTC).date(),
        "spans": week_spans(),
        "closed_days": [ClosedDay(_at(26, 17), _at(27, 1), "Thanksgiving Day")],
        "pager": SimpleNamespace(words="Rows 1–11 of 47, as of 19:40", earlier_url="", later_url="?cursor=x"),
        "filters": filters(),
        "reader_organization": "Aster Freight",
        "reader_role": "Administrator",
    }
    zone = ZoneInfo(request.GET.get("zone", "America/New_York"))
    with timezone.override(zone):
        return render(request, "portal/styleguide.html", context)


SEVERITIES = ("Federation failure", "Degraded", "One person", "Minor")
STATUSES = [
    ("new", "New"),
    ("open", "Open"),
    ("waiting", "Waiting"),
    ("on_hold", "On hold"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
]


def _at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def _clock(state: str, metric: str = "next_update", label: str = "Next news", **values: Any) -> ClockView:
    known: dict[str, Any] = {
        "zone": LOS_ANGELES,
        "started_at": _at(27, 17, 48),
        "target_written": "12h",
        "target_seconds": 12 * 3600,
    } | values
    return ClockView(metric=metric, label=_(label), state=state, **known)


def clocks() -> dict[str, ClockView]:
    """One clock for each state that the ribbon knows."""
    thanks = (
        Stretch(_at(25, 23, 30), _at(26, 1), COUNTED, 5400, "us"),
        Stretch(_at(26, 1), _at(26, 8), CLOSED),
        Stretch(_at(26, 8), _at(27, 8), HOLIDAY, name="Thanksgiving Day"),
        Stretch(_at(27, 8), _at(27, 17), CLOSED),
        Stretch(_at(27, 17), _at(27, 19, 30), COUNTED, 9000, "us"),
    )
    weekend = (
        Stretch(_at(27, 17, 48), _at(27, 19, 20), PAUSED, name="Waiting for you: log and contact asked for"),
        Stretch(_at(27, 19, 20), _at(28, 1), COUNTED, 20400, "us"),
        Stretch(_at(28, 1), _at(30, 17), CLOSED),
        Stretch(_at(30, 17), _at(30, 23, 20), COUNTED, 22800, "us"),
    )
    first: dict[str, Any] = {
        "metric": "first_response",
        "label": "First answer",
        "target_seconds": 4 * 3600,
        "target_written": "4h",
        "started_at": _at(25, 23, 30),
        "due_at": _at(27, 19, 30),
        "explanation": thanks,
    }
    rule = "hours are counted while support is open, from our last message; waiting for you does not count"
    return {
        "running": _clock(
            "running",
            due_at=_at(30, 23, 20),
            counted_seconds=26400,
            remaining_seconds=16800,
            explanation=weekend,
            rule=rule,
            terms="Startup, edition 3",
            terms_url="#terms",
        ),
        "soon": _clock(
            "soon",
            due_at=_at(30, 19, 5),
            counted_seconds=41700,
            remaining_seconds=1500,
            started_at=_at(30, 7, 5),
            explanation=(Stretch(_at(30, 7, 5), _at(30, 19, 5), COUNTED, 43200),),
        ),
        "preview": _clock("preview", **first),
        "met": _clock("met", met_at=_at(27, 17, 48), counted_seconds=8280, **first),
        "missed": _missed(),
        "overdue": _overdue(),
        "paused": _clock(
            "paused",
            paused_since=_at(30, 17, 40),
            counted_seconds=22800,
            remaining_seconds=20400,
            pause_reason="Waiting for you: which two accounts?",
            explanation=weekend[:3] + (Stretch(_at(30, 17), _at(30, 17, 40), COUNTED, 2400, "us"),),
        ),
        "many": many(),
        "days": days(),
        "elapsed": _clock(
            "running",
            due_at=_at(30, 19, 40),
            started_at=_at(30, 15, 40),
            counting="elapsed",
            target_seconds=4 * 3600,
            target_written="4h",
            counted_seconds=10800,
            remaining_seconds=3600,
            explanation=(Stretch(_at(30, 15, 40), _at(30, 19, 40), COUNTED, 14400),),
        ),
        "change": change(),
        "none": _clock("none", target_seconds=None, target_written=""),
        "withdrawn": _clock("withdrawn"),
    }


def _missed() -> ClockView:
    stretches = (
        Stretch(_at(9, 21, 50, 10), _at(9, 22, 0, 10), COUNTED, 600, "us"),
        Stretch(_at(9, 22, 0, 10), _at(12, 13, 0, 10), CLOSED),
        Stretch(_at(12, 13, 0, 10), _at(12, 14, 50, 10), COUNTED, 6600, "us"),
    )
    return _clock(
        "missed",
        metric="next_reply",
        label="Answer to your message",
        started_at=stretches[0].start,
        due_at=stretches[-1].end,
        met_at=_at(12, 15, 28, 10),
        over_seconds=38 * 60,
        target_written="2h",
        target_seconds=7200,
        counted_seconds=7200,
        explanation=stretches,
    )


def _overdue() -> ClockView:
    stretches = (Stretch(_at(30, 13, 52), _at(30, 17, 52), COUNTED, 14400, "us"),)
    return _clock(
        "missed",
        metric="first_response",
        label="First answer",
        started_at=stretches[0].start,
        due_at=stretches[0].end,
        over_seconds=48 * 60,
        target_seconds=14400,
        target_written="4h",
        counted_seconds=14400,
        explanation=stretches,
    )


def many() -> ClockView:
    """Sixty counted hours over more than a week: the middle is folded."""
    stretches: list[Stretch] = []
    start = _at(23, 17)
    for day in range(8):
        opens = start + timedelta(days=day + (2 if day > 4 else 0))
        if stretches:
            stretches.append(Stretch(stretches[-1].end, opens, CLOSED))
        hours = 8 if day < 7 else 4
        stretches.append(Stretch(opens, opens + timedelta(hours=hours), COUNTED, hours * 3600, "us"))
    return _clock(
        "running",
        metric="resolution",
        label="Solved",
        started_at=start,
        due_at=stretches[-1].end,
        target_seconds=60 * 3600,
        target_written="60h",
        counted_seconds=42 * 3600,
        remaining_seconds=18 * 3600,
        explanation=tuple(stretches),
    )


def days() -> ClockView:
    """Two business days: bars of equal width."""
    stretches = (
        Stretch(_at(27, 19), _at(28, 1), COUNTED, 21600, "us"),
        Stretch(_at(28, 1), _at(30, 17), CLOSED),
        Stretch(_at(30, 17), _at(1, 1, 0, 12), COUNTED, 28800, "us"),
        Stretch(_at(1, 1, 0, 12), _at(1, 17, 0, 12), CLOSED),
        Stretch(_at(1, 17, 0, 12), _at(1, 19, 0, 12), COUNTED, 7200, "us"),
    )
    return _clock(
        "running",
        metric="first_response",
        label="First answer",
        started_at=stretches[0].start,
        due_at=stretches[-1].end,
        target_seconds=None,
        target_written="2bd",
        counting="days",
        counted_seconds=27600,
        explanation=stretches,
    )


def change() -> ClockView:
    """A weekend in which the clocks go back."""
    stretches = (
        Stretch(_at(30, 20, 0, 10), _at(31, 0, 0, 10), COUNTED, 14400, "us"),
        Stretch(_at(31, 0, 0, 10), _at(2, 17), CLOSED),
        Stretch(_at(2, 17), _at(2, 21), COUNTED, 14400, "us"),
    )
    return _clock(
        "met",
        metric="first_response",
        label="First answer",
        started_at=stretches[0].start,
        due_at=stretches[-1].end,
        met_at=_at(2, 20),
        counted_seconds=25200,
        target_seconds=28800,
        target_written="8h",
        explanation=stretches,
    )


def rows() -> list[SimpleNamespace]:
    """Requests as they stand in lists."""
    known = clocks()
    severity = SimpleNamespace(rank=1, code="P1")
    return [
        SimpleNamespace(
            url="#",
            subject="Presence missing for the Hamburg office",
            number=4171,
            status="waiting",
            status_label="Waiting",
            severity=SimpleNamespace(rank=3, code="P3"),
            clock=known["paused"],
            note="Idris asked: which two accounts should we compare?",
            needs_reply=True,
        ),
        SimpleNamespace(
            url="#",
            subject="Messages to Hanse Terminals stopped arriving",
            number=4182,
            status="open",
            status_label="Open",
            severity=severity,
            clock=known["running"],
            note="Idris Bell is working on it",
        ),
        SimpleNamespace(
            url="#",
            subject="Invoice run stops at step 4",
            number=4201,
            status="new",
            status_label="New",
            severity=severity,
            clock=known["overdue"],
            note="Asked today, 08:52",
        ),
        SimpleNamespace(
            url="#",
            subject="How do credits appear on the invoice?",
            number=4199,
            status="open",
            status_label="Open",
            severity=SimpleNamespace(rank=4, code="P4"),
            clock=None,
            promise_note="Answered in order",
        ),
    ]


def ladder() -> Ladder:
    """An escalation on its second level: left behind, reached and late, and ahead."""
    done = Rung(1, "Support team lead", "done", since=_at(30, 12))
    now = Rung(2, "Department manager", "now", since=_at(30, 16), acknowledge_by=_at(30, 18))
    ahead = Rung(3, "Executive management", "ahead", how="when it is asked for")
    return Ladder(1, "", (done, now, ahead), is_overdue=True)


def messages() -> list[SimpleNamespace]:
    """One message of each kind."""
    log = SimpleNamespace(url="#", name="connector-log.txt", size_words="84 kB")
    return [
        SimpleNamespace(
            id=1,
            author="Maya Okafor",
            side="customer",
            own=True,
            channel_words="by mail",
            at=_at(27, 19, 20),
            text="Log attached. Their gateway is run by Jonas Petersen.",
            files=[log],
        ),
        SimpleNamespace(
            id=2,
            author="Idris Bell",
            side="support",
            channel_words="Support",
            at=_at(27, 17, 48),
            text="Could you send the connector log from after 15:00?",
        ),
        SimpleNamespace(
            id=3,
            author="Sofia Reyes",
            side="support",
            internal=True,
            at=_at(28, 0, 10),
            text="Same chain problem as #4103. The refresh from our side needs a lead to approve.",
        ),
    ]


def week_spans() -> list[OpenSpan]:
    """The open spans of the week of Thanksgiving."""
    return [OpenSpan(_at(day, 17), _at(day, 17) + timedelta(hours=8)) for day in (23, 24, 25, 27)]


def filters() -> list[SimpleNamespace]:
    """One filter that is set and one that is not."""
    choices = [SimpleNamespace(words=w, url="?", current=w == "Open") for w in ("Open", "Waiting", "Closed")]
    return [
        SimpleNamespace(label="State", value="Open", clear_url="?", choices=choices),
        SimpleNamespace(label="Person", value="", clear_url="?", choices=choices),
    ]
