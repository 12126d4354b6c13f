"""What work costs: the hours that count, rounding, and amounts to the cent. No database."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from timekeeping import BusinessCalendar, Coverage
from timekeeping.charges import Rate, Work, amount, billed, counted

OFFICE = BusinessCalendar("office", "America/Los_Angeles", (((540, 1020),),) * 5 + ((), ()))
MINUTE, HOUR = 60, 3600


def rate(**changes) -> Rate:
    """USD 250 an hour within the office's hours, rounded up to the hour for each case."""
    facts = {"amount": Decimal("250.00"), "currency": "USD", "round_up_to": HOUR}
    return Rate(**(facts | {"coverage": Coverage((OFFICE,))} | changes))


def until(day: int, hour: int, minute: int = 0) -> datetime:
    """Of December 2026; the 1st is a Tuesday, and 09:00 in Los Angeles is 17:00 UTC."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def test_only_work_within_the_rate_s_hours_counts():
    assert counted(rate(), Work(90 * MINUTE, until(1, 18))) == HOUR, "half an hour before nine"
    assert counted(rate(), Work(HOUR, until(5, 20))) == 0, "a Saturday"
    assert counted(rate(coverage=None), Work(HOUR, until(5, 20))) == HOUR


@pytest.mark.parametrize(
    ("minutes", "hours", "price"),
    [
        ((), 0, "0.00"),
        ((1,), 1, "250.00"),
        ((60,), 1, "250.00"),
        ((50, 30), 2, "500.00"),
        ((61,), 2, "500.00"),
    ],
)
def test_the_time_of_a_case_is_rounded_up_once(minutes, hours, price):
    works = [Work(m * MINUTE, until(1, 20 + at)) for at, m in enumerate(minutes)]
    assert (billed(rate(), works), amount(rate(), works)) == (hours * HOUR, Decimal(price))


def test_each_piece_of_work_may_be_rounded_instead():
    works = [Work(50 * MINUTE, until(1, 20)), Work(30 * MINUTE, until(2, 20))]
    assert amount(rate(rounding="entry", round_up_to=15 * MINUTE), works) == Decimal("375.00")
    nothing = [Work(HOUR, until(5, 20))]
    assert amount(rate(rounding="entry"), nothing) == 0, "nothing counts, so nothing is rounded up"


def test_amounts_are_exact_to_the_cent_half_up():
    twenty = [Work(20 * MINUTE, until(1, 20))]
    assert amount(rate(round_up_to=0), twenty) == Decimal("83.33")
    assert amount(rate(round_up_to=0, amount=Decimal("0.03")), [Work(30 * MINUTE, until(1, 20))]) == Decimal(
        "0.02"
    )
    assert str(amount(rate(), twenty)) == "250.00"


def test_a_day_and_a_case_cost_once():
    works = [
        Work(HOUR, until(1, 20)),
        Work(HOUR, until(1, 22)),
        Work(HOUR, until(2, 20)),
        Work(HOUR, until(5, 20)),
    ]
    assert amount(rate(per="day", zone="America/Los_Angeles"), works) == Decimal("500.00")
    assert amount(rate(per="case"), works) == Decimal("250.00")
    assert amount(rate(per="case"), works[3:]) == 0
