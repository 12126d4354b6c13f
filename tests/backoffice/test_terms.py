"""Terms by forms: drafts, publishing, hours, targets, contracts; published editions stay as they are."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from plans.admin.drafting import start_draft
from plans.admin.widgets import by_language
from plans.models import BusinessCalendar, Contract, Edition, Plan, Policy, SpecialDay
from plans.policyfile import read_document
from plans.policyfile.from_rows import document_of
from plans.policyfile.writing import to_yaml
from plans.texts import text_in
from tests.factories.accounts import OrganizationFactory
from tests.factories.plans import POLICIES, published


@pytest.fixture
def edition(db) -> Edition:
    return published("jumpcloud-msp")


@pytest.fixture
def editor(staff, signed_in):
    return signed_in(staff(Role.POLICY_EDITOR))


@pytest.fixture
def draft(edition, editor) -> Edition:
    response = editor.post(reverse("admin:plans_policy_draft", args=[edition.policy_id]))
    return Edition.objects.get(pk=response["Location"].strip("/").split("/")[-2])


def html(response) -> str:
    return response.content.decode()


def fields_of(response) -> dict:
    """What the form of a page would send as it stands."""
    data = {}
    context = response.context
    for form in [
        context["adminform"].form,
        *(f for i in context["inline_admin_formsets"] for f in i.formset.forms),
    ]:
        for bound in form:
            data |= _sent(bound)
    for inline in context["inline_admin_formsets"]:
        for bound in inline.formset.management_form:
            data[bound.html_name] = bound.value()
    return data


def _sent(bound) -> dict:
    value, name = bound.value(), bound.html_name
    kind = type(bound.field.widget).__name__
    if kind == "TextsWidget":
        texts = value if isinstance(value, dict) else {"en": value or ""}
        return {f"{name}-{code}": text for code, text in texts.items()}
    if kind == "ExamplesWidget":
        return {f"{name}-{code}": text for code, text in by_language(value or []).items()}
    if kind == "ChannelsWidget":
        return {f"{name}-{key}": columns for key, columns in (value or {}).items()}
    if kind == "SpansWidget":
        spans = [span.split("-") for span in value or []]
        return {f"{name}-from": [a for a, _b in spans], f"{name}-to": [b for _a, b in spans]}
    if kind == "CheckboxInput":
        return {name: "on"} if value else {}
    if kind == "CheckboxSelectMultiple":
        return {name: [getattr(one, "pk", one) for one in value or []]}
    return {name: "" if value is None else value}


def test_a_draft_says_what_the_edition_in_force_says(draft, edition):
    assert draft.is_draft and draft.number == edition.number + 1
    assert draft.plans.count() == edition.plans.count()


@pytest.mark.parametrize(
    "model", ["plan", "severity", "channel", "businesscalendar", "supporttype", "edition"]
)
def test_a_published_edition_is_read_and_never_edited(model, edition, staff, signed_in):
    root = signed_in(staff("root"))
    rows = {
        "plan": edition.plans,
        "severity": edition.severities,
        "channel": edition.channels,
        "businesscalendar": edition.calendars,
        "supporttype": edition.support_types,
    }
    row = rows[model].first() if model in rows else edition
    there = reverse(f"admin:plans_{model}_change", args=[row.pk])
    assert "stays as it is" in html(root.get(there))
    assert root.post(there, {"code": "other", "_save": "1"}).status_code == 403
    assert root.post(there.replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_a_plan_saved_as_it_stands_stays_as_it_is(draft, editor):
    for plan in draft.plans.all():
        there = reverse("admin:plans_plan_change", args=[plan.pk])
        before = _promises(plan)
        response = editor.post(there, fields_of(editor.get(there)))
        assert response.status_code == 302, response.context["errors"]
        assert _promises(Plan.objects.get(pk=plan.pk)) == before


def _promises(plan):
    targets = sorted(plan.targets.values_list("metric", "severity__code", "written", "is_elapsed"))
    options = [
        (o.code, [r.calendar.code for r in o.calendar_rows.all()]) for o in plan.coverage_options.all()
    ]
    channels = sorted(plan.channels.values_list("code", flat=True))
    return targets, options, channels, plan.name


def test_a_draft_saved_page_by_page_says_what_it_said(staff, signed_in):
    """With limits of channels and examples in three languages."""
    manager = signed_in(staff(Role.MANAGER))
    draft = start_draft(published("office-365").policy)
    before = document_of(draft)
    assert any(plan["channel_limits"] for plan in before["plans"])
    assert any(row["examples"] for row in before["severities"])
    for model, rows in (
        ("plan", draft.plans),
        ("severity", draft.severities),
        ("supporttype", draft.support_types),
    ):
        for row in rows.all()[:2]:
            there = reverse(f"admin:plans_{model}_change", args=[row.pk])
            response = manager.post(there, fields_of(manager.get(there)))
            assert response.status_code == 302, response.context["errors"]
    assert document_of(Edition.objects.get(pk=draft.pk)) == before


def test_lines_that_a_browser_sends_can_be_loaded_again(draft, editor):
    severity = draft.severities.first()
    there = reverse("admin:plans_severity_change", args=[severity.pk])
    data = fields_of(editor.get(there)) | {"description-en": "One.\r\nTwo.", "examples-en": "A\r\nB"}
    assert editor.post(there, data).status_code == 302
    severity.refresh_from_db()
    assert severity.description["en"] == "One.\nTwo."
    assert [text_in(one, "en") for one in severity.examples][:2] == ["A", "B"]
    assert read_document(to_yaml(document_of(draft)))["severities"] == document_of(draft)["severities"]


@pytest.mark.parametrize("field", ["name-en", "description-zh-hans", "examples-en", "code"])
def test_a_sign_that_cant_be_kept_is_said_at_its_field(field, draft, editor):
    there = reverse("admin:plans_severity_change", args=[draft.severities.first().pk])
    answer = editor.post(there, fields_of(editor.get(there)) | {field: "a\0b"})
    assert answer.status_code == 200 and "<title>Error:" in html(answer)


def test_channels_are_a_grid_of_what_each_takes(draft, editor):
    plan = draft.plans.get(code="premium")
    there = reverse("admin:plans_plan_change", args=[plan.pk])
    s1, s2, s3 = (str(draft.severities.get(code=code).pk) for code in ("S1", "S2", "S3"))
    portal, email, phone = (str(draft.channels.get(code=code).pk) for code in ("portal", "email", "phone"))
    data = fields_of(editor.get(there))
    assert data[f"takes-{portal}"] == [s1, s2, s3]
    data[f"takes-{portal}"], data[f"takes-{email}"] = [s2, s3], []
    assert editor.post(there, data).status_code == 302
    assert set(plan.channels.values_list("code", flat=True)) == {"portal", "phone", "chat"}
    limit = plan.channel_limits.get()
    assert limit.channel.code == "portal"
    assert set(limit.severities.values_list("code", flat=True)) == {"S2", "S3"}

    page = html(editor.get(there))
    assert page.count("changed") >= 2 and "not in the plan" in page and "not needed" in page
    data = fields_of(editor.get(there)) | {f"takes-{portal}": [s1, s2, s3, "x", phone]}
    assert editor.post(there, data).status_code == 302
    assert not plan.channel_limits.exists()


def test_targets_are_a_grid(draft, editor):
    plan = draft.plans.get(code="standard")
    there = reverse("admin:plans_plan_change", args=[plan.pk])
    page = editor.get(there)
    data = fields_of(page)
    cells = {(str(f["metric"].value()), str(f["severity"].value())): f.prefix for f in _grid(page)}
    s1, s3 = (str(draft.severities.get(code=code).pk) for code in ("S1", "S3"))
    data[cells["first_response", s1] + "-written"] = " 1H 30m "
    data[cells["first_response", s3] + "-written"] = ""
    data[cells["resolution", s1] + "-written"] = "2bd"
    assert editor.post(there, data).status_code == 302
    found = set(plan.targets.values_list("metric", "severity__code", "written"))
    assert {("first_response", "S1", "1h30m"), ("resolution", "S1", "2bd")} <= found
    assert not plan.targets.filter(metric="first_response", severity__code="S3").exists()

    data = fields_of(editor.get(there))
    cells = {
        (str(f["metric"].value()), str(f["severity"].value())): f.prefix for f in _grid(editor.get(there))
    }
    data[cells["next_update", s1] + "-written"] = "2 days"
    bad = editor.post(there, data)
    assert bad.status_code == 200
    assert "“2 days” is no target" in html(bad) and 'value="2 days"' in html(bad)
    assert "<title>Error:" in html(bad)


def _grid(page):
    return page.context["inline_admin_formsets"][0].formset.forms


def test_hours_are_pairs_of_times(draft, editor):
    calendar = draft.calendars.get(code="office")
    there = reverse("admin:plans_businesscalendar_change", args=[calendar.pk])
    data = fields_of(editor.get(there))
    data["weekly_hours-0-spans-from"], data["weekly_hours-0-spans-to"] = ["9", "13.30"], ["12:00", "1730"]
    assert editor.post(there, data).status_code == 302
    assert calendar.weekly_hours.get(weekday=0).spans == ["09:00-12:00", "13:30-17:30"]
    data = fields_of(editor.get(there))
    data["weekly_hours-0-spans-from"], data["weekly_hours-0-spans-to"] = ["25:00"], ["12:00"]
    bad = editor.post(there, data)
    assert "is no span" in html(bad) and 'value="25:00"' in html(bad)
    data["weekly_hours-0-spans-from"] = [""]
    assert "Write both times" in html(editor.post(there, data))


def test_a_published_calendar_takes_special_days(edition, editor):
    calendar = edition.calendars.get(code="office")
    there = reverse("admin:plans_businesscalendar_change", args=[calendar.pk])
    bad = editor.post(
        there, {"_amend": "1", "amend-date": "soon", "amend-spans-from": "", "amend-spans-to": ""}
    )
    assert bad.status_code == 200 and "Write the date as" in html(bad)
    good = {
        "_amend": "1",
        "amend-date": "2026-12-24",
        "amend-reason": "Inventory",
        "amend-spans-from": "9",
        "amend-spans-to": "12",
    }
    assert editor.post(there, good).status_code == 302
    day = SpecialDay.objects.get(calendar=calendar)
    assert (day.date, day.spans, day.reason) == (date(2026, 12, 24), ["09:00-12:00"], "Inventory")
    assert editor.post(there, good).status_code in (200, 302)


def test_publishing_is_confirmed_by_name(draft, edition, editor):
    there = reverse("admin:plans_edition_publish", args=[draft.pk])
    assert "What differs from edition 1" in html(editor.get(there))
    bad = editor.post(there, {"name": "something"})
    assert bad.status_code == 400 and f"Write {draft} to publish it." in html(bad)
    assert editor.post(there, {"name": str(draft)}).status_code == 302
    draft.refresh_from_db()
    edition.refresh_from_db()
    assert (draft.state, edition.state) == ("published", "retired")
    assert editor.post(there, {"name": str(draft)}).status_code == 403


def test_a_draft_with_faults_is_not_published(draft, editor):
    draft.severities.all().delete()
    there = reverse("admin:plans_edition_publish", args=[draft.pk])
    response = editor.post(there, {"name": str(draft)})
    assert response.status_code == 400
    assert "Put these right first" in html(response)


def test_policy_files_are_loaded_and_saved(edition, editor):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = editor.get(reverse("admin:plans_edition_file", args=[edition.pk]))
    assert file.content.startswith(b"policy: jumpcloud-msp")
    load = reverse("admin:plans_policy_load")
    for content, said in ((b"policy: [", "line"), (b"\xff\xfe", "UTF-8"), (b"policy: x", "severities")):
        bad = editor.post(load, {"file": SimpleUploadedFile("p.yaml", content)})
        assert bad.status_code == 400 and said in html(bad), html(bad)[:3000]
    assert editor.post(load, {}).status_code == 400
    text = (POLICIES / "two-tier.yaml").read_bytes().replace(b"auto_close_days: 7", b"auto_close_days: 9")
    assert editor.post(load, {"file": SimpleUploadedFile("p.yaml", text)}).status_code == 302
    assert Policy.objects.get(slug="two-tier").draft() is not None


def test_a_contract_names_policy_and_plan_as_one(edition, staff, signed_in):
    lead = signed_in(staff(Role.LEAD))
    organization = OrganizationFactory()
    there = reverse("admin:plans_contract_add")
    data = {
        "organization": organization.pk,
        "plan": "jumpcloud-msp/standard",
        "starts_on": "2026-01-01",
        "own_targets": "",
        "enrolments-TOTAL_FORMS": 0,
        "enrolments-INITIAL_FORMS": 0,
    }
    bad = lead.post(there, data | {"own_targets": "first_response S1 2h"})
    assert "carry no targets of their own" in html(bad)
    bad = lead.post(there, data | {"own_targets": "soon"})
    assert "Line 1: write promise" in html(bad) and "soon" in html(bad)
    bad = lead.post(there, data | {"plan": "", "ends_on": "2025-01-01"})
    assert "Choose the plan that was sold" in html(bad)
    assert lead.post(there, data).status_code == 302, html(lead.post(there, data))
    contract = Contract.objects.get()
    assert (contract.policy.slug, contract.plan_code) == ("jumpcloud-msp", "standard")
    overlapping = lead.post(there, data)
    assert "Another contract of this organization" in html(overlapping)
    change = reverse("admin:plans_contract_change", args=[contract.pk])
    assert lead.post(change, fields_of(lead.get(change)) | {"reference": "A-1"}).status_code == 302
    contract.refresh_from_db()
    assert (contract.reference, contract.plan_code) == ("A-1", "standard")


def test_a_new_plan_goes_into_a_draft(draft, editor):
    there = reverse("admin:plans_plan_add")
    page = editor.get(there)
    data = fields_of(page) | {"edition": draft.pk, "code": "gold", "name-en": "Gold"}
    response = editor.post(there, data)
    assert response.status_code == 302, response.context["errors"]
    assert draft.plans.get(code="gold").name == "Gold"


def test_lists_of_rows_cost_the_same(draft, editor, django_assert_max_num_queries):
    for model in ("plan", "severity", "businesscalendar", "contract"):
        with django_assert_max_num_queries(12):
            editor.get(reverse(f"admin:plans_{model}_changelist"))
    assert BusinessCalendar.objects.exists()
