"""A case is tried beside the plan's targets with what stands in the form: nothing of it is saved."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from plans.models import Plan, Target
from plans.policyfile.from_rows import document_of
from tests.backoffice.test_terms import fields_of
from tests.editions.conftest import html
from tests.factories.plans import published
from tests.tickets.conftest import utc


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(utc(2026, 11, 25, 23, 30), tick=False):
        yield


@pytest.fixture
def plan(draft) -> Plan:
    return draft.plans.get(code="startup")


def change(plan: Plan) -> str:
    return reverse("admin:plans_plan_change", args=[plan.pk])


def trying(plan: Plan) -> str:
    return reverse("admin:plans_plan_try", args=[plan.pk])


def filled(client: Client, plan: Plan) -> dict[str, Any]:
    """The plan's form as a browser would send it."""
    return fields_of(client.get(change(plan)))


def cell(data: dict[str, Any], plan: Plan, severity: str, metric: str = "first_response") -> str:
    key = str(plan.edition.severities.get(code=severity).pk)
    prefixes = [name.removesuffix("-severity") for name in data if name.endswith("-severity")]
    return next(
        f"{prefix}-written"
        for prefix in prefixes
        if str(data[f"{prefix}-severity"]) == key and data.get(f"{prefix}-metric") == metric
    )


def due(response: Any, label: str = "First response") -> Any:
    return next(row["clock"] for row in response.context["tried"]["answers"] if row["label"] == label).due_at


def test_unsaved_values_are_worked_out_and_not_saved(plan, as_role):
    client = as_role()
    before = document_of(plan.edition)
    data = filled(client, plan)
    data |= {"try-severity": "P1", "try-at": "2026-11-25T15:30", "try-zone": "America/Los_Angeles"}
    assert due(client.post(trying(plan), data, HTTP_HX_REQUEST="true")) == utc(2026, 11, 27, 19, 30)
    data[cell(data, plan, "P1")] = "1h"
    response = client.post(trying(plan), data, HTTP_HX_REQUEST="true")
    assert due(response) == utc(2026, 11, 26, 0, 30)
    shown = html(response)
    assert "<svg" in shown and "In edition 1 (4 h) it is due" in shown
    assert "<form" not in shown, "a part of the page"
    assert document_of(Plan.objects.get(pk=plan.pk).edition) == before
    assert not Target.objects.filter(plan=plan, written="1h").exists()


def test_a_moment_that_catches_people_out_is_one_press(plan, as_role):
    client = as_role()
    data = filled(client, plan)
    data["try-severity"] = "P1"
    moments = client.post(trying(plan), data, HTTP_HX_REQUEST="true").context["tried"]["moments"]
    assert [row["words"] for row in moments] == [
        "just before closing",
        "Thanksgiving Day",
        "before the clocks change",
    ]
    response = client.post(trying(plan), data | {"try-moment": moments[1]["written"]}, HTTP_HX_REQUEST="true")
    assert response.context["tried"]["form"]["at"].value() == "2026-11-26T10:00"
    assert due(response) == utc(2026, 11, 27, 21, 0)


def test_without_scripts_the_page_comes_back_with_what_was_typed(plan, as_role):
    client = as_role()
    data = filled(client, plan)
    name = cell(data, plan, "P1")
    data |= {name: "30m", "name-en": "Starter", "try-severity": "P1"}
    response = client.post(trying(plan), data)
    assert response.status_code == 200
    again = fields_of(response)
    assert again[name] == "30m" and again["name-en"] == "Starter"
    assert f'action="{change(plan)}"' in html(response), "saving goes where it always goes"
    assert "not saved yet" in html(response) and "was 4h" in html(response)
    assert due(response) == utc(2026, 11, 26, 0, 0)
    assert Plan.objects.get(pk=plan.pk).title() == "Startup"


def test_a_cell_that_is_no_target_is_said(plan, as_role):
    client = as_role()
    data = filled(client, plan)
    data[cell(data, plan, "P4")] = "2 days"
    answer = html(client.post(trying(plan), data, HTTP_HX_REQUEST="true"))
    assert "Put right what is marked first" in answer
    response = client.post(trying(plan), data)
    assert response.status_code == 400 and "is no target. Write" in html(response)


def test_a_published_plan_is_tried_as_it_stands(db, as_role):
    plan = published("nextplane").plans.get(code="startup")
    client = as_role(Role.AGENT)
    data = {"try-severity": "P1", "try-at": "2026-11-25T15:30", "try-zone": "America/Los_Angeles"}
    for headers in ({"HTTP_HX_REQUEST": "true"}, {}):
        assert due(client.post(trying(plan), data, **headers)) == utc(2026, 11, 27, 19, 30)
    assert "Try it" in html(client.get(change(plan)))


def test_who_may_try(plan, as_role, signed_in, scene, client):
    assert client.post(trying(plan)).status_code == 302
    assert signed_in(scene.customer).post(trying(plan)).status_code in (302, 404)
    assert as_role(Role.AGENT).post(trying(plan), {}, HTTP_HX_REQUEST="true").status_code == 200
    assert as_role().put(trying(plan)).status_code == 405
    assert as_role().post(reverse("admin:plans_plan_try", args=[10**9])).status_code == 404
