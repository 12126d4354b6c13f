"""Importing a policy, publishing an edition, and adding a special day to a published calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from accounts.models import User
from plans.actions.announcing import announce
from plans.enums import EditionState
from plans.holidays import days_of_year, package_version, years_frozen
from plans.models import BusinessCalendar, Contract, Edition, HolidayDay, Policy, SpecialDay
from plans.policyfile import Document, PolicyFileError, read_document
from plans.policyfile.from_rows import document_of
from plans.policyfile.rows import write_rows
from plans.policyfile.writing import to_yaml
from plans.terms import never_due, never_open, policy_terms


class PublishError(ValueError):
    """An edition that can't be published, in words."""


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
    policy, _made = Policy.objects.get_or_create(slug=document["policy"])
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

    Administrators of contracts that follow it are told what changes for them.

    Holidays are frozen: two years back, ten ahead, with the version of the package. Raises PublishError
    where `edition` is no draft, and where `unpublishable` finds something.
    """
    policy = Policy.objects.select_for_update().get(pk=edition.policy_id)
    edition = policy.editions.select_for_update(of=("self",)).get(pk=edition.pk)
    if not edition.is_draft:
        raise PublishError(_("%(edition)s is no draft") % {"edition": edition})
    current = policy.current()
    if current is not None and current.published_at is not None and at < current.published_at:
        raise PublishError(
            _("%(edition)s was published later, at %(at)s")
            % {"edition": current, "at": f"{current.published_at:%Y-%m-%d %H:%M}"}
        )
    for fault in unpublishable(edition, at):
        raise PublishError(fault)
    _freeze_holidays(edition, at.year)
    policy.editions.published().update(state=EditionState.RETIRED, retired_at=at)
    edition.state = EditionState.PUBLISHED
    edition.published_at = at
    edition.published_by = by
    edition.save()
    if current is not None:
        announce(before=current, edition=edition, at=at)
    return edition


def unpublishable(edition: Edition, at: datetime) -> list[str]:
    """Why a draft can't be published at `at`, in words with the place; empty where it can.

    Contracts that follow the newest edition keep their plan and coverage option, and every calendar opens
    within a year, and no target is longer than any search for its end.
    """
    terms = policy_terms(edition)
    return [*never_open(terms, at), *never_due(terms), *_orphans(edition, at.date())]


def faults_of(edition: Edition, at: datetime) -> list[str]:
    """Everything that keeps a draft from being published: faults of its policy file, then `unpublishable`."""
    try:
        read_document(to_yaml(document_of(edition)))
    except PolicyFileError as error:
        return [str(fault) for fault in error.faults]
    return unpublishable(edition, at)


def _orphans(edition: Edition, on: date) -> list[str]:
    """Contracts that follow the newest edition find their plan and coverage option in it."""
    offered = {
        plan.code: {"", *(option.code for option in plan.coverage_options.all())}
        for plan in edition.plans.prefetch_related("coverage_options")
    }
    following = Contract.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), edition__isnull=True)
    elected = (
        following.filter(policy=edition.policy_id).order_by().values_list("plan_code", "coverage_option")
    )
    return [
        _("contracts have elected %(option)s of plan %(plan)s, which this edition has not")
        % {"option": option, "plan": plan}
        if plan in offered
        else _("contracts have the plan %(plan)s, which this edition does not offer") % {"plan": plan}
        for plan, option in sorted(set(elected))
        if option not in offered.get(plan, ())
    ]


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
