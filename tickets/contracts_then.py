"""Contracts as they stood when somebody asked: what was changed after it is taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from plans.enums import ContractEventKind
from plans.models import Contract, ContractEvent

DAYS = ("starts_on", "ends_on", "overdue_since_on")


@dataclass(frozen=True)
class ContractThen:
    """A contract's days at an instant, and the ``day`` that it was there in the contract's own zone."""

    day: date
    starts_on: date
    ends_on: date | None
    overdue_since_on: date | None

    @property
    def is_overdue(self) -> bool:
        return self.overdue_since_on is not None and self.overdue_since_on <= self.day


@dataclass
class ContractsThen:
    """Contracts by key, with what was done to them, the newest first."""

    contracts: dict[int, Contract] = field(default_factory=dict)
    events: dict[int, list[ContractEvent]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, keys: Iterable[int], since: datetime) -> ContractsThen:
        """Those contracts, and their changes since an instant. Two queries."""
        found = cls()
        wanted = set(keys)
        rows = Contract.objects.filter(pk__in=wanted).select_related("organization")
        found.contracts = {row.pk: row for row in rows}
        changed = ContractEvent.objects.filter(
            contract__in=wanted, at__gt=since, kind__in=[ContractEventKind.AMENDED, ContractEventKind.ENDED]
        )
        for event in changed.order_by("-at", "-pk"):
            found.events[event.contract_id].append(event)
        return found

    def at(self, key: int, at: datetime) -> ContractThen | None:
        """The contract as it stood at an instant; None where there is none with that key."""
        contract = self.contracts.get(key)
        if contract is None:
            return None
        days: dict[str, Any] = {name: getattr(contract, name) for name in DAYS}
        for event in self.events.get(key, ()):
            if event.at > at:
                days |= _before(event)
        zone = ZoneInfo(contract.zone)
        return ContractThen(day=at.astimezone(zone).date(), **days)


def _before(event: ContractEvent) -> dict[str, date | None]:
    """The days that an event changed, as they were before it."""
    if event.kind == ContractEventKind.ENDED:
        return {"ends_on": _day(event.data["before"])}
    changes = event.data["changes"]
    return {name: _day(changes[name][0]) for name in DAYS if name in changes}


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
