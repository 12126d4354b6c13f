"""How times and lengths are written, in three languages."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts import moments
from tests.pictures.clocks import LOS_ANGELES, NEW_YORK, NOW, TAIPEI, at

DUE = at(30, 23, 20)
LANGUAGES = ("en", "zh-hans", "zh-hant")


@pytest.mark.parametrize(
    ("language", "expected"),
    list(
        zip(
            LANGUAGES,
            ("Today, Mon 30 Nov, 18:20", "今天 11月30日 周一 18:20", "今天 11月30日 週一 18:20"),
            strict=True,
        )
    ),
)
def test_a_promise_today(language, expected):
    assert moments.moment(DUE, NOW, NEW_YORK, language) == expected


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        (DUE, "en", "today, 18:20"),
        (at(1, 5, 20, 12), "en", "tomorrow, 00:20"),
        (at(3, 17, 10, 12), "en", "Thu 3 Dec, 12:10"),
        (datetime(2025, 12, 3, 17, 10, tzinfo=UTC), "en", "Wed 3 Dec 2025, 12:10"),
        (DUE, "zh-hans", "今天 18:20"),
        (at(3, 17, 10, 12), "zh-hans", "12月3日 周四 12:10"),
        (datetime(2027, 1, 31, 17, tzinfo=UTC), "zh-hant", "2027年1月31日 週日 12:00"),
    ],
)
def test_rows_shorten(value, language, expected):
    assert moments.short_moment(value, NOW, NEW_YORK, language) == expected


def test_today_is_the_reader_s_today():
    assert moments.short_moment(DUE, NOW, TAIPEI, "en") == "today, 07:20"
    assert moments.moment(DUE, at(30, 12), TAIPEI, "zh-hant") == "明天 12月1日 週二 07:20"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (16800, ("4 h 40 min", "4 小时 40 分钟", "4 小時 40 分鐘")),
        (12 * 3600, ("12 h", "12 小时", "12 小時")),
        (48 * 60, ("48 min", "48 分钟", "48 分鐘")),
        (59, ("59 s", "59 秒", "59 秒")),
        (0, ("0 min", "0 分钟", "0 分鐘")),
        (230400, ("64 h", "64 小时", "64 小時")),
    ],
)
def test_lengths(seconds, expected):
    assert tuple(moments.length(seconds, language) for language in LANGUAGES) == expected


def test_lengths_inside_ribbons():
    assert moments.length_short(20400, "en") == "5 h 40"
    assert moments.length_short(3900, "en") == "1 h 05"
    assert moments.length_short(2880, "en") == "48 min"
    assert moments.length_short(20400, "zh-hans") == "5小时40分"


def test_distances():
    assert moments.distance(DUE, NOW, NEW_YORK, "en") == "in 4 h 40 min"
    assert moments.distance(at(3, 18, 40, 12), NOW, NEW_YORK, "en") == "in 3 days"
    assert moments.distance(at(30, 17, 52), NOW, NEW_YORK, "en") == "48 min ago"
    assert moments.left(16800, "en") == "4 h 40 min left"
    assert moments.left(-2880, "en") == "48 min over"
    assert moments.left(-2880, "zh-hans") == "逾期 48 分钟"


def test_zones():
    assert moments.city(LOS_ANGELES, "en") == "Los Angeles"
    assert moments.city(LOS_ANGELES, "zh-hant") == "洛杉磯"
    assert moments.city(ZoneInfo("Africa/Nairobi"), "zh-hans") == "Nairobi"
    assert moments.offset(NEW_YORK, NOW) == "UTC−5"
    assert moments.offset(ZoneInfo("Asia/Kolkata"), NOW) == "UTC+5:30"
    assert moments.offset(ZoneInfo("UTC"), NOW) == "UTC"


def test_the_full_moment_says_everything():
    expected = "Mon 30 Nov 2026, 18:20:00 (New York, UTC−5)"
    assert moments.full_moment(DUE, NEW_YORK, "en") == expected
