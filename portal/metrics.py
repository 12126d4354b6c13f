"""``/metrics``: what somebody wants to be woken for, in the text that Prometheus reads.

Every figure is read from the tables at the moment of asking, by indexes of what is due or waits: each web
process of each machine tells the same, and nothing is counted in memory that a restart would lose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods
from django_q.models import Failure, OrmQ

from notices.enums import NoticeState
from notices.models import Bounce, Heartbeat, Notice
from tickets.enums import UNSOLVED, ClockState
from tickets.models import Clock, Escalation, IncomingMail, ParkedRow, Ticket

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Figure:
    """One line of the page. ``value`` is asked at an instant; None leaves the line out."""

    name: str
    says: str
    value: Callable[[datetime], float | None]
    kind: str = "gauge"


@require_http_methods(["GET", "HEAD"])
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever has ``METRICS_TOKEN``; where that is not set, in development alone."""
    token = settings.METRICS_TOKEN
    if not token and not settings.DEBUG:
        raise Http404
    if token and not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return HttpResponse("", status=401, headers={"WWW-Authenticate": "Bearer"})
    page = HttpResponse(_page(timezone.now()), content_type=CONTENT_TYPE)
    patch_cache_control(page, no_store=True)
    return page


def _page(now: datetime) -> str:
    lines = []
    for figure in FIGURES:
        value = figure.value(now)
        if value is not None:
            lines += [f"# HELP {figure.name} {figure.says}", f"# TYPE {figure.name} {figure.kind}"]
            lines.append(f"{figure.name} {value:.15g}")
    return "\n".join([*lines, ""])


def _sweep_age(now: datetime) -> float | None:
    return _age(Heartbeat.objects.filter(name="sweep").values_list("beat_at", flat=True).first(), now)


def _skew(now: datetime) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return abs(float((cursor.fetchone()[0] - timezone.now()).total_seconds()))


def _oldest_notice(now: datetime) -> float:
    first = Notice.objects.due(now).values_list("next_try_at", flat=True).first()
    return _age(first, now) or 0.0


def _oldest_held(now: datetime) -> float:
    first = IncomingMail.objects.held().values_list("received_at", flat=True).first()
    return _age(first, now) or 0.0


def _age(instant: datetime | None, now: datetime) -> float | None:
    return None if instant is None else (now - instant).total_seconds()


FIGURES = (
    Figure("kept_sweep_age_seconds", "Since the scheduler's last sweep ended.", _sweep_age),
    Figure("kept_clock_skew_seconds", "Between this machine's clock and the database's.", _skew),
    Figure("kept_parked_rows", "Rows that the sweep could not record.", lambda _: ParkedRow.objects.count()),
    Figure(
        "kept_clocks_unrecorded",
        "Running clocks whose due instant has passed.",
        lambda now: Clock.objects.filter(state=ClockState.RUNNING, due_at__lte=now).count(),
    ),
    Figure(
        "kept_requests_unsolved",
        "Requests that are new, open, waiting or on hold.",
        lambda _: Ticket.objects.filter(status__in=UNSOLVED).count(),
    ),
    Figure(
        "kept_escalations_open",
        "Escalations that have not ended.",
        lambda _: Escalation.objects.filter(ended_at=None).count(),
    ),
    Figure(
        "kept_notices_due",
        "Mails whose time has come and that are not sent.",
        lambda now: Notice.objects.due(now).count(),
    ),
    Figure("kept_notices_oldest_due_seconds", "How long the first of them has been due.", _oldest_notice),
    Figure(
        "kept_notices_parked",
        "Mails given up after too many tries.",
        lambda _: Notice.objects.filter(state=NoticeState.PARKED).count(),
    ),
    Figure(
        "kept_addresses_stopped",
        "Permanent bounces that nobody has cleared.",
        lambda _: Bounce.objects.filter(is_permanent=True, cleared_at=None).count(),
    ),
    Figure(
        "kept_mail_waiting",
        "Mails that came in and whose next try has come.",
        lambda now: IncomingMail.objects.due(now).count(),
    ),
    Figure(
        "kept_mail_to_sort",
        "Mails that came in and wait for somebody to sort them.",
        lambda _: IncomingMail.objects.held().count(),
    ),
    Figure("kept_mail_oldest_to_sort_seconds", "How long the first of them has waited.", _oldest_held),
    Figure("kept_jobs_queued", "Background jobs that are queued or run.", lambda _: OrmQ.objects.count()),
    Figure(
        "kept_jobs_failed_total",
        "Background jobs that failed.",
        lambda _: Failure.objects.count(),
        "counter",
    ),
)
