"""Days off, from the `holidays` package or frozen in an edition.

The package is asked one year at a time, with observed days, and never twice for the same year.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import holidays as package

from plans.texts import Text, text_in

FROZEN_YEARS_BACK = 2
FROZEN_YEARS_AHEAD = 10


def package_version() -> str:
    """The version of the `holidays` package, recorded with frozen days."""
    return str(package.__version__)


@lru_cache(maxsize=4096)
def days_of_year(country: str, subdivision: str, market: str, year: int) -> dict[date, str]:
    """Days off of a country or a financial market in one year. Raises KeyError for one that is unknown."""
    try:
        if country:
            found = package.country_holidays(country, subdiv=subdivision or None, years=year)
        else:
            found = package.financial_holidays(market, years=year)
    except NotImplementedError as error:
        raise KeyError(str(error)) from None
    return {day: name for day, name in sorted(found.items()) if day.year == year}


def is_known_set(country: str, subdivision: str, market: str) -> bool:
    """Whether the package knows the country or market; a set of own dates is always known."""
    if not country and not market:
        return True
    try:
        days_of_year(country, subdivision, market, 2026)
    except KeyError:
        return False
    return True


def years_frozen(year: int) -> range:
    """The years whose days an edition keeps that is published in `year`: two back, ten ahead."""
    return range(year - FROZEN_YEARS_BACK, year + FROZEN_YEARS_AHEAD + 1)


@dataclass(frozen=True)
class HolidayTerms:
    """Days off under one name: `own` dates, or those of a country or market.

    For the latter `frozen` holds within `frozen_years`, and the package beyond them.
    """

    country: str = ""
    subdivision: str = ""
    market: str = ""
    own: Mapping[date, Text] = field(default_factory=dict)
    frozen: Mapping[date, str] = field(default_factory=dict)
    frozen_years: range = range(0)

    def get(self, day: date, /) -> str | None:
        """The name of the holiday on a date, or None."""
        if not self.country and not self.market:
            name = self.own.get(day)
            return None if name is None else text_in(name, "en")
        if day.year in self.frozen_years:
            return self.frozen.get(day)
        return days_of_year(self.country, self.subdivision, self.market, day.year).get(day)


@dataclass(frozen=True)
class HolidayUnion:
    """The days of several sets; where two have the same day, the first names it."""

    sets: tuple[HolidayTerms, ...]

    def get(self, day: date, /) -> str | None:
        """The name of the holiday on a date, or None."""
        for holiday_set in self.sets:
            name = holiday_set.get(day)
            if name is not None:
                return name
        return None
