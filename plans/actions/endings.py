"""Telling people in time that a contract ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Contact, User
from accounts.standing import read_standings, standing_of
from notices.outbox import Draft, Recipient, queue
from plans.enums import ContractEventKind
from plans.models import Contract, ContractEvent, Plan
from plans.models.contracts import ENDING_TOLD
from plans.notice_groups import CONTRACTS


@dataclass(frozen=True)
class _Ending:
    """A contract that ends in ``left`` days, to be told of at the mark of ``stage`` days."""

    contract: Contract
    stage: int
    left: int


@transaction.atomic
def tell_of_endings(*, contracts: Iterable[Contract], at: datetime) -> int:
    """Tell administrators and account managers of those that end in 30, 7 or 1 days. Returns how many.

    Days are those of the contract's own zone. Once each, however often and by however many it is run: whoever
    sets the mark tells. After an outage only the nearest is told. How many queries it takes does not depend
    on how many contracts end, only on how many policies they are of.
    """
    endings = [ending for contract in contracts if (ending := _ending(contract, at))]
    endings = _marked(endings)
    if not endings:
        return 0
    ContractEvent.objects.bulk_create(
        ContractEvent(contract=one.contract, kind=ContractEventKind.TOLD, at=at, data={"days": one.left})
        for one in endings
    )
    plans, people = _plans(endings), _administrators(endings, at)
    queue([draft for one in endings for draft in _drafts(one, plans, people)], at)
    return len(endings)


def _ending(contract: Contract, at: datetime) -> _Ending | None:
    assert contract.ends_on is not None  # as `ending` finds them
    left = (contract.ends_on - at.astimezone(ZoneInfo(contract.zone)).date()).days
    stage = min((days for days in ENDING_TOLD if left <= days), default=None)
    if stage is None or left < 0 or stage == contract.ending_told:
        return None
    return _Ending(contract, stage, left)


def _marked(endings: list[_Ending]) -> list[_Ending]:
    """Those that are as they were read, with their marks set."""
    keys = sorted(one.contract.pk for one in endings)
    rows = Contract.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    stored = {pk: rest for pk, *rest in rows.values_list("pk", "ends_on", "ending_told")} if keys else {}
    unchanged = [
        one
        for one in endings
        if stored.get(one.contract.pk) == [one.contract.ends_on, one.contract.ending_told]
    ]
    for stage in {one.stage for one in unchanged}:
        marked = [one.contract.pk for one in unchanged if one.stage == stage]
        Contract.objects.filter(pk__in=marked).update(ending_told=stage)
    return unchanged


def _plans(endings: list[_Ending]) -> dict[int, tuple[str, int]]:
    """The English name of each contract's plan and its days of grace, by the contract's key."""
    following = {one.contract.policy for one in endings if one.contract.edition_id is None}
    current = {policy.pk: policy.current() for policy in following}
    editions = {one.contract.pk: one.contract.edition or current[one.contract.policy_id] for one in endings}
    rows = Plan.objects.filter(edition__in={edition for edition in editions.values() if edition})
    known = {(plan.edition_id, plan.code): (plan.title("en"), plan.grace_days) for plan in rows}
    found = {}
    for one in endings:
        edition, code = editions[one.contract.pk], one.contract.plan_code
        found[one.contract.pk] = known.get((edition.pk, code), (code, 0)) if edition else (code, 0)
    return found


def _administrators(endings: list[_Ending], at: datetime) -> dict[int, list[User]]:
    """Administrators with standing at ``at``, by the key of their organization."""
    contacts = Contact.objects.active(at).filter(
        organization__in={one.contract.organization_id for one in endings},
        is_administrator=True,
        user__is_active=True,
    )
    rows = list(contacts.select_related("user"))
    users = {contact.user_id: contact.user for contact in rows}
    read_standings(users.values(), at)
    found: dict[int, list[User]] = defaultdict(list)
    for contact in rows:
        user = users[contact.user_id]
        if contact.organization_id in standing_of(user, at).contacts:
            found[contact.organization_id].append(user)
    return found


def _drafts(
    one: _Ending, plans: dict[int, tuple[str, int]], people: dict[int, list[User]]
) -> Iterator[Draft]:
    contract = one.contract
    name, grace_days = plans[contract.pk]
    facts: dict[str, Any] = {
        "for_organization": contract.organization_id,
        "organization": contract.organization.name,
        "plan": name,
        "ends_on": f"{contract.ends_on:%Y-%m-%d}",
        "days": one.left,
    }
    if grace_days and contract.ends_on is not None:
        facts["taken_until_on"] = f"{contract.ends_on + timedelta(days=grace_days):%Y-%m-%d}"
    key = f"contract_ending:{contract.pk}:{contract.ends_on:%Y%m%d}:{one.stage}"
    told = {person.pk: (person, "/your-support/") for person in people.get(contract.organization_id, [])}
    manager = contract.account_manager
    if manager is not None and manager.is_active:
        told[manager.pk] = (manager, f"/admin/plans/contract/{contract.pk}/change/")
    for person, path in told.values():
        yield Draft(key, "contract_ending", _recipient(person), facts | {"path": path}, kind=CONTRACTS.code)


def _recipient(user: User) -> Recipient:
    return Recipient(f"user:{user.pk}", user.email, user.language or "en", user.time_zone)
