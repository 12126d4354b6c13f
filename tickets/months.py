"""Months of a reader's zone, by which reports are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo


@dataclass(frozen=True)
class Month:
    """A month of a zone: ``[start, end)``."""

    first: date
    zone: tzinfo

    @property
    def start(self) -> datetime:
        return datetime(self.first.year, self.first.month, 1, tzinfo=self.zone)

    @property
    def end(self) -> datetime:
        return self.moved(1).start

    def moved(self, months: int) -> Month:
        """The month so many later, or earlier."""
        count = self.first.year * 12 + self.first.month - 1 + months
        return Month(date(count // 12, count % 12 + 1, 1), self.zone)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


def month_of(at: datetime, zone: tzinfo) -> Month:
    """The month of an instant, as the zone's calendar has it."""
    return Month(at.astimezone(zone).date().replace(day=1), zone)
