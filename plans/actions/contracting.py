"""The life of a contract: made, amended, renewed, ended. Each step is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from plans.enums import ContractEventKind, ContractTerms
from plans.models import Contract, ContractEvent, Edition, Policy

# What a renewal takes over from the contract before it.
_TAKEN_OVER = (
    *("organization_id", "policy_id", "plan_code", "coverage_option", "product_id", "time_zone"),
    *("own_targets", "sponsor_id", "account_manager_id", "reference"),
)
_FACTS = (
    *_TAKEN_OVER,
    *("edition_id", "starts_on", "ends_on", "is_trial", "overdue_since_on", "renews_id"),
)


class ContractError(ValueError):
    """What can't be done to a contract, in words for whoever asked."""


def edition_for_new(policy: Policy) -> Edition | None:
    """The edition that a contract made now keeps; None where the policy's contracts follow the newest."""
    current = policy.current()
    return current if current is not None and current.terms == ContractTerms.PINNED else None


@transaction.atomic
def make(*, contract: Contract, at: datetime, actor: User | None, reason: str = "") -> Contract:
    """Keep a new contract and the beginning of its history. Raises ContractError where it does not fit."""
    if contract.edition_id is None:
        contract.edition = edition_for_new(contract.policy)
    _keep(contract)
    data = {"renews": contract.renews_id} if contract.renews_id else {}
    _record(contract, ContractEventKind.MADE, at, actor, reason, data)
    return contract


@transaction.atomic
def amend(*, contract: Contract, at: datetime, actor: User | None, reason: str = "") -> dict[str, list[Any]]:
    """Keep the changed values of ``contract``; returns each as ``{field: [before, after]}``.

    Raises ContractError where they do not fit, for instance where another contract runs at that time.
    """
    before = _locked(contract)
    changes = {
        name: [getattr(before, name), getattr(contract, name)]
        for name in _FACTS
        if getattr(before, name) != getattr(contract, name)
    }
    if not changes:
        return {}
    if "ends_on" in changes:
        contract.ending_told = None
    _keep(contract)
    _record(contract, ContractEventKind.AMENDED, at, actor, reason, {"changes": changes})
    return changes


@transaction.atomic
def renew(
    *, contract: Contract, until: date | None, at: datetime, actor: User | None, reason: str = ""
) -> Contract:
    """The contract that follows: from the day after the last, to ``until`` (None: it goes on).

    It takes the plan over, under the edition that a contract made now has. Raises ContractError where the
    contract has no last day or was renewed, and where the new one does not fit.
    """
    before = _locked(contract)
    if before.ends_on is None:
        raise ContractError(_("This contract has no last day: it goes on by itself."))
    if Contract.objects.filter(renews=before).exists():
        raise ContractError(_("This contract was renewed already."))
    taken = {name: getattr(before, name) for name in _TAKEN_OVER}
    starts_on = before.ends_on + timedelta(days=1)
    if until is not None and until < starts_on:
        raise ContractError(_("The last day lies before the first. Choose a later one."))
    new = Contract(**taken, starts_on=starts_on, ends_on=until, renews=before)
    make(contract=new, at=at, actor=actor, reason=reason)
    _record(before, ContractEventKind.RENEWED, at, actor, reason, {"by": new.pk})
    return new


@transaction.atomic
def end(*, contract: Contract, on: date, at: datetime, actor: User | None, reason: str) -> Contract:
    """Let a contract end on an earlier day, which is included.

    Raises ContractError where that is before its first day or not before its last.
    """
    found = _locked(contract)
    if on < found.starts_on:
        raise ContractError(_("That is before its first day, %(day)s.") % {"day": found.starts_on})
    if found.ends_on is not None and on >= found.ends_on:
        raise ContractError(_("It ends on %(day)s already. Choose an earlier day.") % {"day": found.ends_on})
    data = {"before": found.ends_on, "after": on}
    found.ends_on, found.ending_told = on, None
    _keep(found)
    _record(found, ContractEventKind.ENDED, at, actor, reason, data)
    return found


def _locked(contract: Contract) -> Contract:
    """The contract as it is stored, locked until the transaction ends."""
    rows = Contract.objects.select_for_update(of=("self",)).select_related("organization", "policy")
    return rows.get(pk=contract.pk)


def _keep(contract: Contract) -> None:
    """Save what fits. Raises ContractError in words: overlapping, a plan that the edition has not, days."""
    if contract.ends_on is not None and contract.ends_on < contract.starts_on:
        raise ContractError(_("The last day lies before the first. Choose a later one."))
    try:
        contract.full_clean()
    except ValidationError as error:
        raise ContractError(" ".join(error.messages)) from None
    try:
        with transaction.atomic():
            contract.save()
    except IntegrityError:
        # Somebody else's fitted, too, and was quicker.
        raise ContractError(
            _("Somebody kept something at this moment that this does not fit. Look at it, then try again.")
        ) from None


def _record(
    contract: Contract,
    kind: ContractEventKind,
    at: datetime,
    actor: User | None,
    reason: str,
    data: dict[str, Any],
) -> None:
    ContractEvent.objects.create(
        contract=contract, kind=kind, at=at, actor=actor, reason=reason[:500], data=data
    )
