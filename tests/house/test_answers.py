"""What every answer carries, whoever makes it; and what no answer, mail or line of a log gives away."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError
from django.test import Client

from portal.logs import without_keys
from tests.factories.accounts import ContactFactory, StaffFactory, UserFactory
from tests.factories.plans import ContractFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=BACKEND)
    return client


def away(*args: Any, **kwargs: Any) -> None:
    raise OperationalError("the database is away")


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(
    ("address", "host", "status"),
    [
        ("/nowhere/", "testserver", 404),
        ("/requests/7/", "testserver", 404),
        ("/api/nowhere/", "testserver", 404),
        ("/account/login/", "evil.example", 400),
        ("/", "testserver", 503),
        ("/static/css/base.css", "testserver", 200),
    ],
)
def test_each_answer_says_what_may_run_and_stands_in_no_frame(
    settings: Any, monkeypatch: pytest.MonkeyPatch, debug: bool, address: str, host: str, status: int
) -> None:
    settings.DEBUG = debug
    client = browser(UserFactory())
    if status == 503:
        monkeypatch.setattr("portal.home.standing_of", away)
    answer = client.get(address, headers={"host": host})
    assert answer.status_code == status
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_is_a_readers_own_is_kept_by_nobody_between_us() -> None:
    answer = browser(ContactFactory().user).get("/requests/")
    assert {"private", "no-cache"} <= set(answer["Cache-Control"].split(", "))


@pytest.mark.parametrize("known", [True, False])
def test_a_new_password_is_chosen_at_our_own_site_whatever_host_was_asked(
    settings: Any, client: Client, known: bool
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    person = UserFactory(email="ada@company.example")
    email = person.email if known else "nobody@company.example"
    client.post("/account/password/reset/", {"email": email}, headers={"host": "evil.example"})
    said = mail.outbox[-1]
    assert "evil.example" not in said.body + said.subject
    assert said.subject.startswith(f"[{settings.SITE_NAME}]") and "sign up" not in said.body
    found = re.search(r"https?://\S+/account/password/reset/key/\S+", said.body)
    assert bool(found) == known
    if found:
        assert found[0].startswith(settings.SITE_URL)
        page = client.get(found[0].removeprefix(settings.SITE_URL), follow=True)
        assert page.status_code == 200 and "password1" in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/invitation/eyJjb250YWN0Ijox:abc/",
        "/files/eyJmIjoiMCJ9:abc/",
        "/account/password/reset/key/1a-cfz-5e2/",
        "/account/confirm-email/MTI:1w/",
    ],
)
def test_no_line_of_a_log_holds_an_address_that_is_a_key(address: str) -> None:
    key = address.rstrip("/").rpartition("/")[2]
    told = {"event": f"Unprocessable Entity: {address}", "request": f"POST {address}?x=1", "code": 422}
    assert key not in str(without_keys(None, "warning", told))
    assert address.removesuffix(f"{key}/") in str(told) and told["code"] == 422


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 5000, "\u0661" * 5000])
def test_endless_numbers_are_not_found(digits: str) -> None:
    contact = ContactFactory()
    ContractFactory(organization=contact.organization, policy="nextplane", plan_code="startup")
    asked = browser(contact.user).get("/support/statement/", {"contract": digits})
    assert asked.status_code == 404
    assert browser(StaffFactory()).get(f"/admin/tickets/ticket/{digits}/change/").status_code == 404
