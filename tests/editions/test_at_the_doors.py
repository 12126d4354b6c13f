"""What publishing does at the doors: the next request follows it, older ones keep theirs."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.enums import Role
from plans.models import Contract, Edition, Plan
from plans.policyfile.from_rows import document_of
from tests.api.conftest import caller
from tests.factories.accounts import StaffFactory
from tests.factories.plans import published
from tickets.models import Ticket

TYPED = {"subject": "Quay 7 is silent", "description": "Since noon.", "severity": "P2"}


@pytest.fixture
def new_edition(scene, change, as_role, at):
    """Startup's P2 becomes 8h: published on the page by a manager, an hour after the first request."""

    def publish_it() -> Edition:
        draft = change("8h")
        with time_machine.travel(at + timedelta(hours=1), tick=False):
            page = reverse("admin:plans_edition_publish", args=[draft.pk])
            assert as_role().post(page, {"name": str(draft)}).status_code == 302
        return draft

    return publish_it


def test_the_next_request_follows_and_the_one_before_keeps_its_terms(scene, signed_in, new_edition, at):
    Contract.objects.filter(organization=scene.organization).update(edition=None)
    customer = signed_in(scene.customer)

    def submit() -> Ticket:
        typed = TYPED | {"client_key": str(uuid.uuid4()), "support_type": "technical"}
        response = customer.post("/requests/new/", typed)
        assert response.status_code == 302, response.content.decode()
        return Ticket.objects.latest("pk")

    with time_machine.travel(at, tick=False):
        before = submit()
        assert "12 h" in customer.get("/your-support/").content.decode()
    edition = new_edition()
    with time_machine.travel(at + timedelta(hours=1, seconds=1), tick=False):
        assert "8 h" in customer.get("/your-support/").content.decode()
        after = submit()
        told = caller(scene.customer).get(f"tickets/{after.pk}/").body["terms"]
    assert (before.plan.edition.number, before.clocks.get().target) == (1, "12h")
    assert (after.plan.edition, after.clocks.get().target) == (edition, "8h")
    assert told["edition"] == 2
    assert Ticket.objects.get(pk=before.pk).plan.edition.number == 1


def test_a_contract_that_keeps_its_edition_does_not_follow(scene, signed_in, new_edition, at):
    Contract.objects.filter(organization=scene.organization).update(edition=published("nextplane"))
    new_edition()
    with time_machine.travel(at + timedelta(hours=2), tick=False):
        typed = TYPED | {"client_key": str(uuid.uuid4()), "support_type": "technical"}
        assert signed_in(scene.customer).post("/requests/new/", typed).status_code == 302
    assert Ticket.objects.get().plan.edition.number == 1


@pytest.fixture
def plan(db) -> Plan:
    return published("nextplane").plans.get(code="startup")


@pytest.mark.parametrize("verb", ["put", "patch", "delete", "post"])
def test_the_api_has_no_way_to_edit_terms(plan, verb):
    before = document_of(plan.edition)
    staff = caller(StaffFactory(role=Role.MANAGER))
    read = [row for row in ("policies/", "plans/", "policies/nextplane/") if staff.get(row).status == 200]
    assert len(read) >= 2
    for path in (*read, "plans/nextplane/startup/", "editions/", f"editions/{plan.edition_id}/"):
        assert staff(verb.upper(), path, {"name": "Other"}).status in (403, 404, 405), path
    assert document_of(Edition.objects.get(pk=plan.edition_id)) == before


def test_the_back_office_edits_no_published_row(plan, as_role):
    before = document_of(plan.edition)
    client = as_role(Role.MANAGER)
    rows = {
        "plan": plan.pk,
        "edition": plan.edition_id,
        "severity": plan.edition.severities.first().pk,
        "holidayset": plan.edition.holiday_sets.first().pk,
        "exclusion": plan.edition.exclusions.first().pk,
    }
    for model, key in rows.items():
        for page in ("change", "delete"):
            answer = client.post(
                reverse(f"admin:plans_{model}_{page}", args=[key]), {"code": "x", "post": "yes"}
            )
            assert answer.status_code == 403, (model, page)
    assert document_of(Edition.objects.get(pk=plan.edition_id)) == before


def test_neither_a_queryset_nor_sql_edits_one(plan):
    for act in (
        lambda: Plan.objects.filter(pk=plan.pk).update(reopen_days=1),
        lambda: plan.targets.update(written="1h"),
        lambda: Edition.objects.filter(pk=plan.edition_id).update(queue="next-due"),
        lambda: connection.cursor().execute("UPDATE plans_plan SET reopen_days = 1"),
        lambda: connection.cursor().execute("DELETE FROM plans_target"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
