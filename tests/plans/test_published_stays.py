"""A published edition and its rows stay as they are, whoever tries; and wrong rows can't be made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from plans import models as rows
from plans.actions.publishing import PublishError, amend_calendar, import_document, publish
from plans.models import Contract, Edition, HolidayDay, Policy, Severity, SpecialDay
from plans.policyfile import checked_document
from plans.policyfile.from_rows import document_of
from plans.terms import policy_terms, terms_for
from tests.factories.accounts import OrganizationFactory
from tests.factories.plans import ContractFactory, published, published_text
from tests.plans.test_policy_file import EXAMPLE, SMALL, with_change
from timekeeping import due_at

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)

OF_AN_EDITION = [
    model
    for model in (getattr(rows, name) for name in rows.__all__)
    if model
    not in (
        *(rows.Policy, rows.Edition, rows.Contract, rows.ContractEvent),
        *(rows.Product, rows.Licence, rows.ProgramEnrolment),
    )
]


@pytest.fixture
def example() -> Edition:
    return published_text(EXAMPLE.read_text())


def refused(act: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def some_row(model: type[models.Model]) -> models.Model:
    row = model._default_manager.first()
    if row is None:
        pytest.fail(f"no policy that ships has a {model.__name__}")
    return row


@pytest.mark.parametrize("model", OF_AN_EDITION, ids=lambda model: model.__name__)
def test_no_row_of_a_published_edition_changes(model: type[models.Model], example: Edition) -> None:
    row = some_row(model)
    refused(row.save)
    refused(lambda: model._default_manager.filter(pk=row.pk).update(id=row.pk))
    table = model._meta.db_table
    refused(lambda: connection.cursor().execute(f"UPDATE {table} SET id = id WHERE id = %s", [row.pk]))  # noqa: S608
    refused(lambda: connection.cursor().execute(f"DELETE FROM {table} WHERE id = %s", [row.pk]))  # noqa: S608
    row.id, row._state.adding = None, True
    refused(lambda: row.save(force_insert=True))


def test_what_rows_point_to_stays_too() -> None:
    plan = published("nextplane").plans.get(code="business")
    refused(lambda: plan.channels.clear())
    refused(lambda: plan.channels.add(plan.edition.channels.get(code="phone")))
    refused(lambda: plan.support_types.clear())
    refused(lambda: plan.entitlements.clear())
    refused(lambda: plan.overdue_types.clear())


def test_an_edition_moves_one_way() -> None:
    edition = published("nextplane")
    for values in (
        {"state": "draft", "published_at": None},
        {"name": "other"},
        {"number": 7},
        {"published_at": AT},
        {"holidays_version": "0"},
    ):
        refused(lambda values=values: Edition.objects.filter(pk=edition.pk).update(**values))
    refused(lambda: Edition.objects.filter(pk=edition.pk)._raw_delete("default"))
    with pytest.raises(ValidationError, match="stays as it is"):
        edition.full_clean()
    with pytest.raises(PublishError, match="no draft"):
        publish(edition=edition, at=AT)


def test_an_edition_begins_as_a_draft_and_there_is_one_at_a_time() -> None:
    policy = published("nextplane").policy
    refused(lambda: Edition.objects.create(policy=policy, number=2, state="published", published_at=AT))
    draft = Edition.objects.create(policy=policy, number=2)
    refused(lambda: Edition.objects.create(policy=policy, number=3))
    refused(lambda: Edition.objects.filter(pk=draft.pk).update(state="retired"))
    draft.delete()


def test_publishing_retires_the_edition_before() -> None:
    first = published_text(EXAMPLE.read_text())
    changed = EXAMPLE.read_text().replace("s2: 30m", "s2: 45m", 1)
    second = published_text(changed, AT)
    first.refresh_from_db()
    assert (first.state, first.retired_at, second.state, second.number) == ("retired", AT, "published", 2)
    assert Policy.objects.get(slug="example").current() == second
    assert list(first.policy.editions.in_force_at(AT - timedelta(seconds=1))) == [first]
    assert list(first.policy.editions.in_force_at(AT)) == [second]


def test_a_draft_is_written_over_and_may_go() -> None:
    document = checked_document(SMALL)
    first = import_document(document=document, at=AT)
    assert first.is_new
    assert not import_document(document=document, at=AT).is_new
    other = checked_document(with_change(("name",), "Other"))
    second = import_document(document=other, at=AT)
    assert (second.is_new, second.edition) == (True, first.edition)
    assert document_of(Edition.objects.get(pk=first.edition.pk)) == other
    second.edition.delete()


def test_rows_of_two_editions_do_not_meet() -> None:
    draft = import_document(document=checked_document(SMALL), at=AT).edition
    other = published("nextplane")
    plan = draft.plans.get()
    refused(lambda: plan.channels.add(other.channels.first()))
    refused(lambda: plan.targets.create(metric="resolution", severity=other.severities.first(), written="4h"))


@pytest.mark.parametrize(
    ("written", "is_elapsed"), [("4x", False), ("0h", False), ("", False), ("2bd", True), ("nbd", True)]
)
def test_a_target_that_is_none_is_no_row(written: str, is_elapsed: bool) -> None:
    draft = import_document(document=checked_document(SMALL), at=AT).edition
    cell = {"metric": "resolution", "severity": draft.severities.get(code="high")}
    refused(lambda: draft.plans.get().targets.create(written=written, is_elapsed=is_elapsed, **cell))


def test_spans_are_written_as_spans() -> None:
    calendar = import_document(document=checked_document(SMALL), at=AT).edition.calendars.get()
    refused(lambda: calendar.special_days.create(date=date(2026, 1, 1), spans=["8-12"]))
    refused(lambda: calendar.weekly_hours.create(weekday=7, spans=[]))
    refused(lambda: Severity.objects.create(edition=calendar.edition, code="a b", rank=9))


def test_holidays_are_frozen_two_years_back_and_ten_ahead() -> None:
    edition = published("nextplane")
    years = sorted(HolidayDay.objects.filter(holiday_set__edition=edition).dates("date", "year"))
    assert [years[0].year, years[-1].year] == [2024, 2036]
    assert (edition.frozen_from_year, edition.frozen_until_year) == (2024, 2036)
    assert edition.holidays_version


def test_frozen_days_hold_and_other_years_come_from_the_package() -> None:
    terms = policy_terms(published("two-tier")).terms("standard")
    holidays = terms.coverage.calendars[0].holidays
    assert holidays.get(date(2026, 12, 25)) == "Christmas Day"
    assert holidays.get(date(2040, 12, 25)) == "Christmas Day"
    assert holidays.get(date(2027, 12, 31)) == "New Year's Day (observed)"


def test_a_special_day_added_later_counts_for_clocks_started_later(example: Edition) -> None:
    calendar = published("two-tier").calendars.get(code="office")
    before = terms_for(calendar.edition, "standard")
    amend_calendar(calendar=calendar, day=date(2026, 12, 1), spans=[], at=AT, by=None, reason="moving")
    terms = terms_for(calendar.edition, "standard")
    target = terms.targets["first_response"]["high"]
    assert due_at(target, terms.coverage_at(AT), AT) == due_at(target, before.coverage, AT)
    later = AT + timedelta(seconds=1)
    assert due_at(target, terms.coverage_at(later), later) == AT + timedelta(days=2, seconds=1)
    assert document_of(calendar.edition)["calendars"]["office"]["amendments"] == [
        {"at": AT, "days": {date(2026, 12, 1): []}}
    ]
    row = SpecialDay.objects.get(calendar=calendar)
    refused(row.delete)
    refused(lambda: SpecialDay.objects.create(calendar=calendar, date=date(2026, 12, 2), spans=[]))
    with pytest.raises(ValidationError):
        SpecialDay(calendar=calendar, date=date(2026, 12, 2), spans=[]).full_clean()


def test_a_contract_reads_a_published_edition_of_its_own_policy() -> None:
    contract = ContractFactory()
    draft = import_document(document=checked_document(SMALL), at=AT).edition
    for edition in (draft, published("two-tier")):
        refused(lambda edition=edition: Contract.objects.filter(pk=contract.pk).update(edition=edition))
    refused(lambda: Contract.objects.filter(pk=contract.pk).update(plan_code="gold"))
    refused(lambda: Contract.objects.filter(pk=contract.pk).update(ends_on=date(2025, 1, 1)))
    refused(lambda: Contract.objects.filter(pk=contract.pk).update(sponsor=contract.organization))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"plan_code": "gold"}, "no such plan"),
        ({"coverage_option": "always"}, "no such coverage option"),
        ({"own_targets": {"first_response": {"P1": "1h"}}}, "no targets of their own"),
        (
            {"policy": "nexraid", "plan_code": "enterprise", "own_targets": {"first_response": {"P9": "1h"}}},
            "no severity",
        ),
        ({"policy": "nexraid", "plan_code": "enterprise", "own_targets": {"x": {"high": "1x"}}}, "no metric"),
        ({"policy": "nexraid", "plan_code": "enterprise", "own_targets": ["1h"]}, "Write own targets"),
    ],
)
def test_a_contract_that_does_not_fit_is_refused_in_words(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        ContractFactory(**values)


def test_one_contract_at_a_time() -> None:
    organization = OrganizationFactory()
    ContractFactory(organization=organization, ends_on=date(2026, 6, 30))
    with pytest.raises(ValidationError, match="Another contract"):
        ContractFactory(organization=organization, starts_on=date(2026, 6, 30))
    ContractFactory(organization=organization, starts_on=date(2026, 7, 1), ends_on=None)
    values = {"policy": Policy.objects.get(slug="two-tier"), "plan_code": "standard"}
    refused(lambda: Contract.objects.create(organization=organization, starts_on=date(2028, 1, 1), **values))


def test_own_targets_win_cell_by_cell() -> None:
    own = {
        "first_response": {"high": "1h", "low": None},
        "resolution": {"high": {"in": "8h", "counted": "elapsed"}},
    }
    contract = ContractFactory(policy="nexraid", plan_code="enterprise", own_targets=own)
    terms = terms_for(contract.edition, "enterprise", own_targets=contract.own_targets)
    assert {metric: list(cells) for metric, cells in terms.targets.items()} == {
        "first_response": ["high"],
        "resolution": ["high"],
    }


def test_no_edition_is_published_that_leaves_contracts_without_their_plan() -> None:
    ContractFactory(policy="two-tier", plan_code="enterprise")
    document = document_of(published("two-tier"))
    document["plans"] = [plan for plan in document["plans"] if plan["code"] == "standard"]
    document["scope"] = []
    draft = import_document(document=document, at=AT).edition
    with pytest.raises(PublishError, match="contracts have the plan enterprise"):
        publish(edition=draft, at=AT)
    assert published("two-tier").number == 1


def test_editions_are_published_in_the_order_of_time() -> None:
    published_text(EXAMPLE.read_text(), AT)
    changed = EXAMPLE.read_text().replace("s2: 30m", "s2: 45m", 1)
    with pytest.raises(PublishError, match="was published later"):
        published_text(changed, AT - timedelta(seconds=1))
