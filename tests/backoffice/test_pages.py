"""Every page of the back office answers, holds no inline style or script, and opens for the right roles."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.actions import create_token
from accounts.enums import Role
from accounts.models import Mandate
from notices.models import Heartbeat, Notice
from plans.admin.drafting import start_draft
from plans.models import Edition, Licence, Policy, Product
from tests.backoffice.conftest import QUEUE, START, page_of
from tests.factories.accounts import PartnerFactory

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
INLINE = re.compile(r"""\sstyle\s*=|<style|<script(?![^>]*\ssrc=)[^>]*>\s*\S|\son[a-z]+\s*=\s*["']""", re.I)


def assert_no_inline(html: str) -> None:
    found = INLINE.search(html)
    assert found is None, html[max(0, found.start() - 80) : found.end() + 80]


@pytest.fixture
def world(ticket, organization, staff):
    """A row of every model, and a draft beside the published edition."""
    Mandate.objects.create(partner=PartnerFactory(), organization=organization, from_on=date(2026, 1, 1))
    product = Product.objects.create(code="atlas", name="Atlas")
    Licence.objects.create(organization=organization, product=product, starts_on=date(2026, 1, 1))
    create_token(user=ticket.requester, name="their system")
    start_draft(Policy.objects.get(slug="jumpcloud-msp"))
    return staff("root")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_and_form_answers(model, world, signed_in):
    client = signed_in(world)
    opts = model._meta
    base = f"admin:{opts.app_label}_{opts.model_name}"
    pages = [reverse(f"{base}_changelist"), reverse(f"{base}_changelist") + "?q=a"]
    for row in model._default_manager.order_by("pk")[:2]:
        pages.append(reverse(f"{base}_change", args=[row.pk]))
        pages.append(reverse(f"{base}_history", args=[row.pk]))
    if admin.site._registry[model].has_add_permission(_request(world)):
        pages.append(reverse(f"{base}_add"))
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        assert_no_inline(response.content.decode())


@pytest.mark.parametrize("state", ["draft", "published"])
def test_every_row_of_an_edition_opens(state, world, signed_in):
    client = signed_in(world)
    edition = Edition.objects.get(policy__slug="jumpcloud-msp", state=state)
    for relation in (
        "plans",
        "calendars",
        "severities",
        "channels",
        "support_types",
        "request_fields",
        "scope_items",
    ):
        row = getattr(edition, relation).first()
        if row is None:
            continue
        response = client.get(reverse(f"admin:plans_{row._meta.model_name}_change", args=[row.pk]))
        assert response.status_code == 200
        assert_no_inline(response.content.decode())
        assert ("stays as it is" in response.content.decode()) == (state == "published")


def _request(user):
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = user
    return request


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_list_asked_for_what_no_row_holds_is_shown_whole(model, staff, signed_in, db):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    answer = signed_in(staff("root")).get(address, {"state": "\0", "q": "a\0", "sees": "\0"})
    assert answer.status_code in (200, 302) and answer.headers.get("Location", address) == address


def test_what_no_name_holds_is_found_nowhere(staff, signed_in, db):
    field = {"app_label": "accounts", "model_name": "contact", "field_name": "user", "term": "a\0"}
    answer = signed_in(staff("root")).get("/admin/autocomplete/", field)
    assert answer.status_code == 200 and answer.json()["results"] == []


def test_the_index_shows_what_the_role_may_open(staff, signed_in, db):
    agent = signed_in(staff(Role.AGENT)).get("/admin/").content.decode()
    assert "Queue" in agent and "API tokens" not in agent
    editor = signed_in(staff(Role.POLICY_EDITOR)).get("/admin/").content.decode()
    assert "Contracts" in editor and "/admin/tickets/ticket/" not in editor
    assert_no_inline(agent)


@pytest.mark.parametrize(
    ("role", "allowed", "refused"),
    [
        (
            Role.AGENT,
            ["tickets/ticket/", "plans/policy/"],
            ["notices/notice/", "accounts/apitoken/", "accounts/contact/add/"],
        ),
        (
            Role.LEAD,
            ["tickets/ticket/", "accounts/contact/add/", "plans/contract/add/"],
            ["plans/policy/add/"],
        ),
        (Role.MANAGER, ["tickets/ticket/", "plans/policy/add/", "notices/notice/", "auditlog/logentry/"], []),
        (Role.POLICY_EDITOR, ["plans/policy/add/", "plans/contract/"], ["tickets/ticket/", "accounts/user/"]),
        (
            Role.AUDITOR,
            ["tickets/ticket/", "auditlog/logentry/", "accounts/apitoken/"],
            ["plans/policy/add/", "tickets/ticket/add/"],
        ),
        ("", [], ["tickets/ticket/", "plans/policy/", "accounts/user/"]),
    ],
)
def test_roles_open_what_they_need(role, allowed, refused, staff, signed_in):
    client = signed_in(staff(role))
    assert [client.get(f"/admin/{page}").status_code for page in allowed] == [200] * len(allowed)
    assert [client.get(f"/admin/{page}").status_code for page in refused] == [403] * len(refused)


def test_customers_and_nobody_do_not_get_in(customer, ticket, signed_in, client):
    there = signed_in(customer)
    for page in ("/admin/", QUEUE, page_of(ticket)):
        assert there.get(page, follow=True).status_code == 404
        response = client.get(page)
        assert response.status_code == 302 and "/admin/login/" in response["Location"]
        assert client.get(response["Location"])["Location"].startswith("/account/login/")


def test_a_late_sweep_is_said(agent, db):
    late = "The scheduler is late"
    assert late in agent.get(QUEUE).content.decode()
    Heartbeat.objects.create(name="sweep", beat_at=START - timedelta(minutes=4))
    assert late not in agent.get(QUEUE).content.decode()
    Heartbeat.objects.update(beat_at=START - timedelta(minutes=6))
    assert late in agent.get(QUEUE).content.decode()


def test_what_other_packages_bring_is_no_work_for_a_manager():
    labels = {model._meta.app_label for model in admin.site._registry}
    assert labels == {"accounts", "auditlog", "notices", "plans", "tickets"}


def test_a_parked_notice_can_be_tried_again(ticket, staff, signed_in):
    notice = Notice.objects.first()
    Notice.objects.filter(pk=notice.pk).update(state="parked", tries=9)
    data = {"action": "try_again", "_selected_action": [notice.pk], "index": 0}
    signed_in(staff(Role.MANAGER)).post("/admin/notices/notice/", data)
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == ("waiting", 0)
