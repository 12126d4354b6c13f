"""Whether the scheduler keeps up, and what is said where it or the database does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext, override

from accounts.enums import Role
from notices.models import Heartbeat
from portal.embedded.state import free_port
from tests.factories.accounts import StaffFactory
from tickets.models import ParkedRow

pytestmark = pytest.mark.django_db


def beat(seconds: float) -> None:
    """Have the last sweep end so many seconds ago."""
    Heartbeat.objects.create(name="sweep", beat_at=timezone.now() - timedelta(seconds=seconds))


def park() -> ParkedRow:
    now = timezone.now()
    return ParkedRow.objects.create(
        step="breached",
        row=77,
        ticket_number=12,
        error="ValueError: no",
        parked_at=now,
        next_try_at=now + timedelta(hours=1),
    )


@pytest.mark.parametrize(("age", "status"), [(20, 200), (200, 200), (400, 503)])
def test_readyz_tells_the_age_of_the_last_sweep(client, age, status) -> None:
    beat(age)
    answer = client.get("/readyz")
    assert answer.status_code == status
    sweep = answer.json()["checks"]["sweep"]
    assert age <= sweep["age_seconds"] < age + 60
    assert sweep["ok"] == (status == 200)


def test_readyz_is_not_ready_before_the_first_sweep(client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["sweep"]) == (503, {"ok": False, "age_seconds": None})


def test_readyz_counts_parked_rows_and_serves_all_the_same(client) -> None:
    beat(20)
    park()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["parked"]) == (200, {"ok": True, "rows": 1})


@pytest.mark.parametrize(("age", "is_late"), [(20, False), (200, False), (400, True)])
def test_the_back_office_says_when_the_sweep_is_late(client, age, is_late) -> None:
    client.force_login(StaffFactory())
    beat(age)
    page = client.get("/admin/tickets/ticket/").content.decode()
    assert ("The scheduler is late." in page) == is_late
    assert "could not record everything" not in page


def test_the_back_office_says_when_rows_are_parked(client) -> None:
    client.force_login(StaffFactory(role=Role.MANAGER))
    beat(20)
    parked = park()
    page = client.get("/admin/tickets/ticket/").content.decode()
    assert "could not record everything" in page
    listed = client.get("/admin/tickets/parkedrow/").content.decode()
    assert "ValueError: no" in listed
    assert "/admin/tickets/ticket/12/change/" in listed
    assert "ValueError: no" in client.get(f"/admin/tickets/parkedrow/{parked.pk}/change/").content.decode()


def test_a_manager_lets_parked_rows_be_tried_at_once(client) -> None:
    parked = park()
    beat(20)
    chosen = {"action": "try_again", "_selected_action": [parked.pk]}
    for role, is_tried in ((Role.AGENT, False), (Role.MANAGER, True)):
        client.force_login(StaffFactory(role=role))
        client.post("/admin/tickets/parkedrow/", chosen, follow=True)
        parked.refresh_from_db()
        assert (parked.next_try_at <= timezone.now()) == is_tried


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_development", [False, True])
def test_while_the_database_is_away_the_answer_is_503_with_words(settings, is_development) -> None:
    settings.DEBUG = is_development
    client = Client(raise_request_exception=False)
    client.force_login(StaffFactory())
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = free_port()
    try:
        pages = [client.get(path) for path in ("/", "/requests/", "/admin/", "/account/login/")]
        token = {"HTTP_AUTHORIZATION": "Bearer kept_x"}
        programs = client.get("/api/v1/requests/", **token), client.get("/readyz")
        alive = Client().get("/healthz")
    finally:
        connection.close()
        connection.settings_dict["PORT"] = port
    for page in pages[:3]:
        assert page.status_code == 503
        assert "Wait a moment, then try again" in page.content.decode()
        assert (page["Retry-After"], page["Cache-Control"]) == ("10", "no-store")
    assert pages[3].status_code in (200, 503)
    assert [program.status_code for program in programs] == [503, 503]
    assert alive.status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_while_the_mail_server_is_away_who_asks_for_a_mail_is_told_to_ask_again(settings, language) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    client = Client(raise_request_exception=False)
    client.cookies["django_language"], client.cookies["theme"] = language, "dark"
    page = client.post("/account/password/reset/", {"email": StaffFactory().email})
    assert (page.status_code, page["Retry-After"]) == (503, "10")
    text = page.content.decode()
    assert f'<html lang="{language}" data-bs-theme="dark">' in text
    with override(language):
        assert gettext("Wait a moment, then try again") in text
    assert "Our mail server is away" in text or language != "en"
