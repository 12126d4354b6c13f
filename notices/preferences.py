"""What a person wants to hear of, and how: groups that the rooms above name, a choice for each.

No row is the default, "at once". An essential group can't be turned off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from notices.enums import How
from notices.models import Preference

# When a daily digest goes, in its reader's zone.
DAILY_AT = time(8, 0)


@dataclass(frozen=True)
class Group:
    """A kind of event under which people choose: its ``name`` and ``hint``, shown in order of ``place``."""

    code: str
    name: Any
    hint: Any
    place: int
    is_essential: bool = False
    for_staff: bool = False
    for_customers: bool = False


_groups: dict[str, Group] = {}


def add_group(group: Group) -> None:
    _groups[group.code] = group


def groups_for(*, is_staff: bool) -> list[Group]:
    """The groups that such a person hears of: those to choose from first, the essential ones last."""
    found = [group for group in _groups.values() if (group.for_staff if is_staff else group.for_customers)]
    return sorted(found, key=lambda group: (group.is_essential, group.place))


def may_be_chosen(kind: str) -> bool:
    """Whether people may turn notices of this kind off."""
    group = _groups.get(kind)
    return group is not None and not group.is_essential


def is_for_staff_alone(kind: str) -> bool:
    group = _groups.get(kind)
    return group is not None and group.for_staff and not group.for_customers


def choices_of(recipient_key: str) -> dict[str, How]:
    """What a person chose, by group."""
    rows = Preference.objects.filter(recipient_key=recipient_key)
    return {row.kind: How(row.how) for row in rows}


def choices_of_all(recipient_keys: Iterable[str]) -> dict[tuple[str, str], How]:
    """What these people chose, by person and group; essential groups left out. One query."""
    rows = Preference.objects.filter(recipient_key__in=set(recipient_keys))
    return {(row.recipient_key, row.kind): How(row.how) for row in rows if may_be_chosen(row.kind)}


@transaction.atomic
def choose(*, recipient_key: str, wishes: Mapping[str, How]) -> None:
    """Keep what a person wants; essential and unknown groups are left as they are."""
    wanted = {kind: how for kind, how in wishes.items() if may_be_chosen(kind)}
    Preference.objects.bulk_create(
        [Preference(recipient_key=recipient_key, kind=kind, how=how) for kind, how in wanted.items()],
        update_conflicts=True,
        unique_fields=["recipient_key", "kind"],
        update_fields=["how"],
    )


def next_daily(at: datetime, zone: str) -> datetime:
    """The next instant after ``at`` at which it is eight in the morning in ``zone``."""
    place = ZoneInfo(zone)
    day = at.astimezone(place).date()
    today = datetime.combine(day, DAILY_AT, place)
    return today if today > at else datetime.combine(day + timedelta(days=1), DAILY_AT, place)
