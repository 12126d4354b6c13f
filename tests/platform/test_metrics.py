"""``/metrics``: who may read it, and that each figure is what the tables say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from notices.models import Heartbeat
from portal.metrics import CONTENT_TYPE, FIGURES
from tests.factories.many import copies
from tests.portal.conftest import Scene, ask, scene
from tickets.models import Clock, IncomingMail, ParkedRow

__all__ = ["Scene", "ask", "scene"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(client, settings):
    """``figures()``: name and value of each line of the page."""
    settings.METRICS_TOKEN = "a-long-token"

    def _figures() -> dict[str, float]:
        answer = client.get("/metrics", HTTP_AUTHORIZATION="Bearer a-long-token")
        assert (answer.status_code, answer["Content-Type"]) == (200, CONTENT_TYPE)
        lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.split() for line in lines)}

    return _figures


@pytest.mark.parametrize(
    ("token", "is_development", "given", "status"),
    [
        ("", False, "", 404),
        ("", True, "", 200),
        ("secret", False, "", 401),
        ("secret", False, "Bearer wrong", 401),
        ("secret", True, "", 401),
        ("secret", False, "Bearer secret", 200),
        ("secret", False, "Bearer sécret", 401),
    ],
)
def test_who_may_read(client, settings, token, is_development, given, status) -> None:
    settings.METRICS_TOKEN, settings.DEBUG = token, is_development
    assert client.get("/metrics", HTTP_AUTHORIZATION=given).status_code == status


def test_each_figure_is_there_once_a_sweep_has_ended(figures) -> None:
    assert "kept_sweep_age_seconds" not in figures()
    Heartbeat.objects.create(name="sweep", beat_at=timezone.now() - timedelta(seconds=30))
    found = figures()
    assert set(found) == {figure.name for figure in FIGURES}
    assert 30 <= found["kept_sweep_age_seconds"] < 90


def test_what_is_due_and_what_waits_is_counted(figures, ask) -> None:
    now = timezone.now()
    ticket = ask()
    copies(ticket, 2)
    Clock.objects.filter(state="running").update(due_at=now - timedelta(minutes=1))
    running = Clock.objects.filter(state="running").count()
    row = {"step": "breached", "error": "ValueError: no", "parked_at": now, "next_try_at": now}
    ParkedRow.objects.create(row=77, ticket_number=12, **row)
    IncomingMail.objects.create(
        digest="d", raw=b"x", received_at=now - timedelta(hours=1), state="held", next_try_at=now
    )
    found = figures()
    assert found["kept_clocks_unrecorded"] == running > 0
    assert (found["kept_requests_unsolved"], found["kept_parked_rows"]) == (3, 1)
    assert found["kept_mail_to_sort"] == 1
    assert 3600 <= found["kept_mail_oldest_to_sort_seconds"] < 3700


def test_it_costs_the_same_however_much_there_is(figures, ask, django_assert_num_queries) -> None:
    ticket = ask()
    with django_assert_num_queries(len(FIGURES)):
        figures()
    copies(ticket, 2)
    with django_assert_num_queries(len(FIGURES)):
        figures()
