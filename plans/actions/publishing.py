"""Importing a policy, publishing an edition, and adding a special day to a published calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q

from accounts.models import User
from plans.enums import EditionState
from plans.holidays import days_of_year, package_version, years_frozen
from plans.models import BusinessCalendar, Contract, Edition, HolidayDay, Policy, SpecialDay
from plans.policyfile import Document
from plans.policyfile.from_rows import document_of
from plans.policyfile.rows import write_rows


class PublishError(ValueError):
    """An edition that can't be published, in words: contracts would lose their plan, or it is no draft."""


@dataclass(frozen=True)
class Imported:
    """What an import did: `edition` says what the file says; `is_new` unless one already did."""

    edition: Edition
    is_new: bool


@transaction.atomic
def import_document(*, document: Document, at: datetime) -> Imported:
    """Keep a document as a draft edition of its policy, unless the draft or the current one says the same.

    A draft that is there is written over. `at` is when: the policy's first edition makes the policy.
    """
    policy, _ = Policy.objects.get_or_create(slug=document["policy"])
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    draft, current = policy.draft(), policy.current()
    for edition in (draft, current):
        if edition is not None and document_of(edition) == document:
            return Imported(edition, is_new=False)
    if draft is None:
        last = policy.editions.aggregate(last=Max("number"))["last"] or 0
        draft = Edition.objects.create(policy=policy, number=last + 1)
    write_rows(draft, document)
    return Imported(draft, is_new=True)


@transaction.atomic
def publish(*, edition: Edition, at: datetime, by: User | None = None) -> Edition:
    """Make a draft the policy's current edition from `at` on; the one before it is retired.

    Holidays are frozen: two years back, ten ahead, with the version of the package. Raises PublishError
    where contracts that follow the newest edition would lose their plan or coverage option, or where
    `edition` is no draft.
    """
    policy = Policy.objects.select_for_update().get(pk=edition.policy_id)
    edition = policy.editions.select_for_update(of=("self",)).get(pk=edition.pk)
    if not edition.is_draft:
        raise PublishError(f"edition {edition.number} of {policy.slug} is no draft")
    current = policy.current()
    if current is not None and current.published_at is not None and at < current.published_at:
        raise PublishError(
            f"edition {current.number} was published later, at {current.published_at:%Y-%m-%d %H:%M}"
        )
    _refuse_orphans(edition, at.date())
    _freeze_holidays(edition, at.year)
    policy.editions.published().update(state=EditionState.RETIRED, retired_at=at)
    edition.state = EditionState.PUBLISHED
    edition.published_at = at
    edition.published_by = by
    edition.save()
    return edition


def _refuse_orphans(edition: Edition, on: date) -> None:
    """Contracts that follow the newest edition find their plan and coverage option in it."""
    offered = {
        plan.code: {"", *(option.code for option in plan.coverage_options.all())}
        for plan in edition.plans.prefetch_related("coverage_options")
    }
    following = Contract.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), edition__isnull=True)
    elected = (
        following.filter(policy=edition.policy_id).order_by().values_list("plan_code", "coverage_option")
    )
    for plan, option in sorted(set(elected)):
        if plan not in offered:
            raise PublishError(f"contracts have the plan {plan}, which this edition does not offer")
        if option not in offered[plan]:
            raise PublishError(f"contracts have elected {option} of plan {plan}, which this edition has not")


def _freeze_holidays(edition: Edition, year: int) -> None:
    years = years_frozen(year)
    for row in edition.holiday_sets.exclude(country="", market=""):
        row.days.all().delete()
        HolidayDay.objects.bulk_create(
            HolidayDay(holiday_set=row, date=day, name=name)
            for one in years
            for day, name in days_of_year(row.country, row.subdivision, row.market, one).items()
        )
    edition.holidays_version = package_version()
    edition.frozen_from_year, edition.frozen_until_year = years.start, years.stop - 1


@transaction.atomic
def amend_calendar(
    *, calendar: BusinessCalendar, day: date, spans: list[str], at: datetime, by: User | None, reason: str
) -> SpecialDay:
    """Add a special day to a published calendar; only clocks started later than `at` read it.

    `spans` are `HH:MM-HH:MM`, none for a day off. Raises ValidationError where they are written wrongly.
    """
    row = SpecialDay(
        calendar=calendar, date=day, spans=sorted(spans), amended_at=at, amended_by=by, reason=reason
    )
    row.full_clean()
    row.save()
    return row
