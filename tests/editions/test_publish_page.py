"""The page before publishing: figures, picture, table, download, and the name to confirm."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from plans.actions.publishing import PublishError, publish
from plans.models import Edition, SpecialDay, Target
from tests.backoffice.test_pages import assert_no_inline
from tests.editions.conftest import html
from tests.factories.accounts import OrganizationFactory
from tests.tickets.conftest import contract_for, utc
from tickets.actions import say

NOW = utc(2026, 12, 1, 21, 0)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page(draft):
    return reverse("admin:plans_edition_publish", args=[draft.pk])


@pytest.fixture
def late(ask, scene):
    """A P2 that was answered after ten counted hours."""
    ticket = ask("P2")
    say(ticket=ticket, author=scene.agent, body="Found it.", at=utc(2026, 12, 1, 20, 0))
    return ticket


def test_the_page_shows_figures_picture_and_table(late, change, page, as_role):
    change("8h")
    shown = html(as_role().get(page))
    for words in ("1 due time<", "would differ, of 2", "1 new breach<", "0 breaches gone", "100.0 → 0.0 %"):
        assert words in shown, words
    assert "missed by 2 h" in shown and f"#{late.pk}" in shown
    assert 'class="db-old"' in shown and 'class="db-ans"' in shown
    assert "12h → 8h" in shown
    assert "plans.startup.targets.first_response.P2" in shown
    assert re.search(r"1 contract stays</b>\s+with the edition", shown)
    assert_no_inline(shown)


def test_the_download_lists_every_due_time(late, change, page, as_role):
    change("8h")
    response = as_role(Role.POLICY_EDITOR).get(page + "due-times.csv")
    assert response["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(response.content.decode()))
    assert (row["request"], row["organization"]) == (str(late.pk), late.organization.slug)
    assert (row["plan"], row["severity"]) == ("startup", "P2")
    assert (row["due_before"], row["due_after"]) == ("2026-12-01T22:00:00Z", "2026-12-01T18:00:00Z")
    assert (row["moved_seconds"], row["breach"]) == ("-14400", "appears")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.MANAGER, 200),
        (Role.POLICY_EDITOR, 200),
        (Role.LEAD, 403),
        (Role.AGENT, 403),
        (Role.AUDITOR, 403),
    ],
)
def test_who_may_publish(role, status, page, draft, as_role):
    client = as_role(role)
    assert client.get(page).status_code == status
    assert client.get(page + "due-times.csv").status_code == status
    if status == 403:
        assert client.post(page, {"name": str(draft)}).status_code == 403
        draft.refresh_from_db()
        assert draft.is_draft


def test_others_find_nothing(page, scene, client, signed_in):
    assert client.get(page).status_code == 302
    assert signed_in(scene.customer).get(page).status_code in (302, 404)
    assert signed_in(scene.customer).post(page).status_code in (302, 404)


def test_a_draft_changed_meanwhile_is_looked_at_again(change, page, draft, as_role):
    client = as_role()
    seen = client.get(page).context["form"]["seen"].value()
    change("8h")
    again = client.post(page, {"name": str(draft), "seen": seen})
    assert again.status_code == 400
    assert "was changed since you opened this page" in html(again)
    seen = again.context["form"]["seen"].value()
    assert client.post(page, {"name": str(draft), "seen": seen}).status_code == 302


def test_the_first_edition_has_nothing_to_compare(db, as_role):
    from plans.actions.publishing import import_document
    from plans.policyfile import read_document
    from tests.plans.test_policy_file import EXAMPLE

    made = import_document(document=read_document(EXAMPLE.read_text()), at=NOW)
    shown = as_role().get(reverse("admin:plans_edition_publish", args=[made.edition.pk]))
    assert shown.status_code == 200 and "The first edition" in html(shown)


def test_queries_do_not_grow_with_requests(change, page, as_role, ask):
    change("8h")
    client = as_role()
    counts = set()
    for more in (1, 2, 47):
        for _ in range(more):
            ask("P2")
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counts.add(len(queries))
    assert len(counts) == 1, counts


def test_a_calendar_that_never_opens_is_not_published(draft, page, as_role):
    calendar = draft.calendars.order_by("pk").first()
    calendar.weekly_hours.exclude(weekday=0).delete()
    mondays = [date(2026, 11, 30) + timedelta(weeks=week) for week in range(56)]
    SpecialDay.objects.bulk_create(SpecialDay(calendar=calendar, date=day, spans=[]) for day in mondays)
    fault = f"calendars.{calendar.code}: no open second in a year"
    assert fault in html(as_role().get(page))
    assert as_role().post(page, {"name": str(draft)}).status_code == 400
    with pytest.raises(PublishError, match="no open second in a year"):
        publish(edition=draft, at=NOW)
    draft.refresh_from_db()
    assert draft.is_draft


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def test_what_is_published_stays(change, page, draft, as_role):
    change("8h")
    client = as_role()
    assert client.post(page, {"name": str(draft)}).status_code == 302
    target = Target.objects.get(
        plan__edition=draft, plan__code="startup", metric="first_response", severity__code="P2"
    )
    assert target.written == "8h"
    there = reverse("admin:plans_plan_change", args=[target.plan_id])
    assert client.post(there, {"code": "other"}).status_code == 403
    assert client.post(page, {"name": str(draft)}).status_code == 403
    target.written = "1h"
    refused(target.save)
    refused(lambda: Target.objects.filter(pk=target.pk).update(written="1h"))
    refused(lambda: Edition.objects.filter(pk=draft.pk).update(name="Other"))
    with connection.cursor() as cursor:
        refused(lambda: cursor.execute("UPDATE plans_target SET written = '1h' WHERE id = %s", [target.pk]))
        refused(lambda: cursor.execute("DELETE FROM plans_target WHERE id = %s", [target.pk]))
    for method in ("put", "patch", "delete", "post"):
        assert getattr(client, method)("/api/v1/policies/nextplane/").status_code in (401, 403, 404, 405)
    target.refresh_from_db()
    assert target.written == "8h"


def test_requests_keep_their_terms_and_new_ones_read_the_new(late, change, page, draft, as_role, ask):
    change("8h")
    assert as_role().post(page, {"name": str(draft)}).status_code == 302
    late.refresh_from_db()
    assert late.plan.edition.number == 1
    assert late.clocks.get(metric="first_response").due_at == utc(2026, 12, 1, 22, 0)
    # This policy pins: the scene's contract keeps its edition too, and a new contract reads the new one.
    assert ask("P2").plan.edition.number == 1
    other = contract_for(OrganizationFactory(), "nextplane", "startup")
    assert other.edition == draft
