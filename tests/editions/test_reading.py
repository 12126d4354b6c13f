"""Pages of a published edition are read, not edited: names in words, hours as a picture, days off by year."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from accounts.enums import Role
from plans.models import BusinessCalendar, Edition, SpecialDay
from tests.backoffice.test_pages import assert_no_inline
from tests.editions.conftest import html
from tests.factories.plans import published
from tests.tickets.conftest import utc

# Relation of an edition, the model whose page shows one of its rows.
ROWS = {
    "plans": "plan",
    "severities": "severity",
    "support_types": "supporttype",
    "channels": "channel",
    "calendars": "businesscalendar",
    "holiday_sets": "holidayset",
    "request_fields": "requestfield",
    "categories": "requestcategory",
    "impact_rules": "impactrule",
    "functions": "contactfunction",
    "entitlements": "entitlement",
    "scope_items": "scopeitem",
    "exclusions": "exclusion",
    "conditions": "condition",
}
POLICIES = ("nextplane", "jumpcloud-msp", "office-365", "nexraid", "two-tier")


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(utc(2026, 11, 30, 18, 0), tick=False):
        yield


def pages(edition: Edition):
    yield reverse("admin:plans_edition_change", args=[edition.pk])
    for relation, model in ROWS.items():
        for row in getattr(edition, relation).all()[:2]:
            yield reverse(f"admin:plans_{model}_change", args=[row.pk])


@pytest.mark.parametrize("slug", POLICIES)
def test_no_page_shows_what_is_stored(slug, db, as_role):
    client = as_role()
    for address in pages(published(slug)):
        response = client.get(address)
        assert response.status_code == 200, address
        shown = html(response)
        assert_no_inline(shown)
        assert not re.search(r"\{&(quot|#x27);(en|zh)|>\s*None\s*<|>\s*&(quot|#x27);", shown), address


def test_a_plan_reads_as_words(db, as_role):
    plan = published("two-tier").plans.get(code="enterprise")
    shown = html(as_role(Role.AGENT).get(reverse("admin:plans_plan_change", args=[plan.pk])))
    assert "Enterprise support</h1>" in re.sub(r"\s+</h1>", "</h1>", shown)
    assert "always (America/Chicago)" in shown
    assert "when a promise is missed" in shown
    assert "4 h of open time after the level before, unacknowledged" in shown
    takes = shown[shown.index("Which channel takes which severity") :]
    assert "Support portal" in takes and "Email" in takes and "not needed" in takes
    assert 'type="checkbox" name="takes' not in shown
    assert "Programs" not in shown, "tables without rows are left out"


def test_a_calendar_is_drawn_with_its_days_off(db, as_role):
    calendar = published("two-tier").calendars.get(code="office")
    address = reverse("admin:plans_businesscalendar_change", args=[calendar.pk])
    client = as_role()
    shown = html(client.get(address))
    assert "<svg" in shown and "08:00–17:00" in shown and "America/Chicago" in shown
    assert "Christmas Day" in shown
    given = {"amend-date": "2026-12-31", "amend-spans-from": "08:00", "amend-spans-to": "12:00"}
    client.post(address, given | {"amend-reason": "New Year's Eve", "_amend": "1"})
    shown = html(client.get(address))
    assert "08:00–12:00" in shown and "New Year&#x27;s Eve" in shown
    assert SpecialDay.objects.filter(calendar=calendar).count() == 1


def test_a_calendar_in_the_customers_zone_is_drawn_too(db, as_role):
    calendar = BusinessCalendar.objects.filter(edition=published("nexraid"), time_zone="customer").get()
    shown = html(as_role().get(reverse("admin:plans_businesscalendar_change", args=[calendar.pk])))
    assert "<svg" in shown and "the customer&#x27;s own zone" in shown


def test_holidays_stand_year_by_year(db, as_role):
    found = published("two-tier").holiday_sets.get()
    shown = html(as_role().get(reverse("admin:plans_holidayset_change", args=[found.pk])))
    assert len(re.findall("<details", shown)) >= 12
    assert len(re.findall(r"<details[^>]* open", shown)) == 1
    assert "Thanksgiving Day" in shown


def test_a_draft_stays_a_form(draft, as_role):
    plan = draft.plans.get(code="startup")
    client = as_role()
    assert 'name="name-en"' in html(client.get(reverse("admin:plans_plan_change", args=[plan.pk])))
    days = draft.holiday_sets.first()
    assert 'name="country"' in html(client.get(reverse("admin:plans_holidayset_change", args=[days.pk])))
    # Somebody who may not change it reads the same draft in words.
    shown = html(as_role(Role.AGENT).get(reverse("admin:plans_plan_change", args=[plan.pk])))
    assert "us-pacific (America/Los Angeles)" in shown
    assert 'name="name-en"' not in shown


def test_its_cost_does_not_grow_with_its_rows(draft, as_role, django_assert_num_queries):
    plan, calendar = draft.plans.get(code="startup"), draft.calendars.first()
    address, client = reverse("admin:plans_plan_change", args=[plan.pk]), as_role(Role.AGENT)

    def more(n: int) -> None:
        plan.escalation_levels.create(level=n, name={"en": "Lead"}, after="request")
        option = plan.coverage_options.create(code=f"more-{n}", position=n)
        option.calendar_rows.create(calendar=calendar)
        plan.rates.create(code=f"rate-{n}", amount=1, currency="USD", per="hour", calendar=calendar)

    more(1)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    more(2)
    more(3)
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_what_a_draft_chooses_from_is_named(draft, as_role):
    """Channels by their names; kinds of help and what else a plan gives with the codes of the file."""
    shown = html(as_role().get(reverse("admin:plans_plan_change", args=[draft.plans.get(code="custom").pk])))
    for row in (*draft.support_types.all(), *draft.entitlements.all()):
        assert f"{escape(row.title())} ({row.code})" in shown
    severity = draft.severities.first()
    for channel in draft.channels.all():
        assert f'aria-label="{escape(channel.title())}, {severity.code}"' in shown


def test_the_names_are_in_the_readers_language(draft, as_role):
    channel = draft.channels.first()
    channel.name = {"en": "Our portal", "zh-hans": "我们的门户"}
    channel.save()
    there = reverse("admin:plans_plan_change", args=[draft.plans.get(code="custom").pk])
    assert "我们的门户" in html(as_role(language="zh-hans").get(there))
