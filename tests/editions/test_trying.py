"""Try it: when a promise would be due under a plan, draft or not; and files loaded with what they change."""

from __future__ import annotations

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from plans.models import Edition
from plans.policyfile.from_rows import document_of
from plans.policyfile.writing import to_yaml
from tests.backoffice.test_pages import assert_no_inline
from tests.editions.conftest import html
from tests.factories.plans import published
from tests.tickets.conftest import utc


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(utc(2026, 11, 30, 18, 0), tick=False):
        yield


def there(edition: Edition, code: str = "startup") -> str:
    return reverse("admin:plans_plan_try", args=[edition.plans.get(code=code).pk])


# Asked on the day before Thanksgiving at 15:30 in Los Angeles: an hour and a half, then Friday.
CASE = {
    "severity": "P1",
    "support_type": "technical",
    "coverage": "us",
    "zone": "America/Los_Angeles",
    "at": "2026-11-25T15:30",
}


def clocks(response) -> dict[str, object]:
    return {answer["label"]: answer["clock"] for answer in response.context["answers"]}


def test_a_case_is_answered_with_its_explanation(db, as_role):
    response = as_role(Role.AGENT).get(there(published("nextplane")), CASE)
    found = clocks(response)
    assert found["First response"].due_at == utc(2026, 11, 27, 19, 30)
    assert found["Resolution"] is None
    shown = html(response)
    assert "Thanksgiving" in shown and "<svg" in shown and "No promised time" in shown
    assert_no_inline(shown)


def test_a_draft_says_what_the_edition_in_force_says_too(change, as_role):
    response = as_role().get(there(change("8h")), CASE | {"severity": "P2"})
    assert clocks(response)["First response"].target_written == "8h"
    assert "In edition 1 (12 h) it is due" in html(response)


def test_it_begins_with_now_and_offers_tricky_moments(db, as_role):
    client = as_role()
    response = client.get(there(published("nextplane")))
    assert response.context["form"]["at"].value() == "2026-11-30T10:00"
    words = [row["words"] for row in response.context["moments"]]
    assert words == ["just before closing", "Christmas Day", "before the clocks change"]
    for row in response.context["moments"]:
        assert client.get(there(published("nextplane")) + row["address"]).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"severity": "P9"},
        {"at": "soon"},
        {"zone": "Mars/Base"},
        {"coverage": "x"},
        {"at": "9999-12-31T23:59"},
    ],
)
def test_what_makes_no_sense_is_said(wrong, db, as_role):
    response = as_role().get(there(published("nextplane")), CASE | wrong)
    assert response.status_code in (200, 400)
    assert "errsum" in html(response)


def test_who_may_try(db, as_role, signed_in, scene, client):
    address = there(published("nextplane"))
    assert as_role(Role.POLICY_EDITOR).get(address).status_code == 200
    assert signed_in(scene.customer).get(address).status_code in (302, 404)
    assert client.get(address).status_code == 302


def test_a_loaded_file_shows_what_it_changes(db, as_role):
    text = to_yaml(document_of(published("nextplane"))).replace("P2: 12h", "P2: 8h", 1)
    file = SimpleUploadedFile("p.yaml", text.encode())
    load = reverse("admin:plans_policy_load")
    response = as_role(Role.POLICY_EDITOR).post(load, {"file": file}, follow=True)
    assert "plans.startup.targets.first_response.P2" in html(response)
    assert published("nextplane").policy.draft() is not None
    bad = SimpleUploadedFile("p.yaml", text.replace("P2: 8h", "P9: 8h", 1).encode())
    refused = as_role(Role.POLICY_EDITOR).post(load, {"file": bad})
    assert refused.status_code == 400
    assert "plans[0].targets.first_response.P9: no such severity" in html(refused)
