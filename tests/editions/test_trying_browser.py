"""The case beside the targets in a real browser: it follows what is typed, and saves nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import Role
from plans.models import Plan
from tests.factories.accounts import StaffFactory

pytestmark = pytest.mark.browser


@pytest.mark.django_db(transaction=True)
def test_it_follows_what_is_typed(change, sign_in):
    plan = change("12h").plans.get(code="startup")
    page = sign_in(StaffFactory(role=Role.MANAGER).email)
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(reverse("admin:plans_plan_change", args=[plan.pk]))
    page.locator("#id_try-severity").select_option("P1")
    page.locator("#id_try-zone").select_option("America/Los_Angeles")
    page.locator("#id_try-at").fill("2026-11-25T15:30")
    cell = page.locator(".editgrid input[type=text]").first
    cell.fill("1h")
    page.get_by_text("In edition 1 (4 h) it is due").first.wait_for()
    page.locator(".tryit__due", has_text="16:30 in Los Angeles").first.wait_for()
    cell.fill("2 days")
    page.get_by_text("Put right what is marked first").wait_for()
    cell.fill("2h")
    page.get_by_text("Put right what is marked first").wait_for(state="detached")
    page.locator(".btn--word").nth(1).click()
    page.wait_for_function("document.getElementById('id_try-at').value !== '2026-11-25T15:30'")
    assert faults == []
    assert (
        Plan.objects.get(pk=plan.pk).targets.get(metric="first_response", severity__code="P1").written == "4h"
    )
