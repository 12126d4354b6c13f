"""The words beside the ribbon: they add up to the promise."""

from __future__ import annotations

import pytest

from plans.pictures import week, words
from plans.pictures.clockview import COUNTED, Stretch
from tests.pictures.clocks import HOUR, NEW_YORK, NOW, TAIPEI, at, clock, first_answer, nights


def test_the_last_counted_row_equals_the_promise():
    rows = words.stretch_rows(clock(), NOW, NEW_YORK, "en")
    assert [row.kind for row in rows] == ["Paused", "Counted", "Not counted", "Counted"]
    assert rows[-1].counted == "12 h"
    assert rows[0].when == "Fri 27 Nov 12:48 – 14:20" and rows[0].when_contract == "Fri 27 Nov 09:48 – 11:20"
    assert rows[2].why == "Closed for the weekend" and rows[2].length == "64 h"


def test_a_stretch_to_midnight_ends_at_24():
    assert words.span(at(27, 17), at(28, 5), NOW, NEW_YORK, "en") == "Fri 27 Nov 12:00 – 24:00"


def test_the_contract_s_zone_is_left_out_where_it_reads_the_same():
    rows = words.stretch_rows(clock(zone=NEW_YORK), NOW, NEW_YORK, "en")
    assert {row.when_contract for row in rows} == {""}


def test_the_sum_is_what_was_promised():
    parts, total = words.sum_parts(clock(), NOW, NEW_YORK, "en")
    assert [(part.length, part.words) for part in parts] == [
        ("5 h 40 min", "Fri"),
        ("1 h 40 min", "today so far"),
        ("4 h 40 min", "still to come"),
    ]
    assert (total.length, total.words) == ("12 h", "promised")


def test_odd_seconds_still_add_up():
    rows = (
        Stretch(at(30, 12), at(30, 12, 30), COUNTED, 1799),
        Stretch(at(30, 12, 30), at(30, 13), "closed"),
        Stretch(at(30, 13), at(30, 20), COUNTED, 12601),
    )
    parts, total = words.sum_parts(clock(explanation=rows, target_seconds=4 * HOUR), NOW, NEW_YORK, "en")
    minutes = sum(_minutes(part.length) for part in parts)
    assert minutes == 240 and total.length == "4 h"


def _minutes(length: str) -> int:
    numbers = dict(reversed(pair) for pair in zip(*[iter(length.split())] * 2, strict=True))
    return int(numbers.get("h", 0)) * 60 + int(numbers.get("min", 0))


def test_many_days_are_gathered_and_days_have_no_sum():
    parts, _total = words.sum_parts(
        clock(explanation=nights(9), target_seconds=72 * HOUR), at(9, 20), NEW_YORK, "en"
    )
    assert len(parts) == 2 and parts[0].words == "counted"
    assert words.sum_parts(clock(counting="days"), NOW, NEW_YORK, "en") is None


def test_before_submitting_the_parts_are_days():
    parts, total = words.sum_parts(first_answer("preview"), at(25, 23, 30), NEW_YORK, "en")
    assert [part.words for part in parts] == ["today", "Fri"] and total.length == "4 h"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-hans", "11月28日 周六 03:20 – 09:00"), ("zh-hant", "11月28日 週六 03:20 – 09:00")],
)
def test_chinese_rows(language, expected):
    assert words.stretch_rows(clock(), NOW, TAIPEI, language)[1].when == expected


def test_the_title_is_one_sentence():
    title = words.title(clock(), NOW, NEW_YORK, "en")
    assert title == "Next news: from Fri 27 Nov, 12:48 to Mon 30 Nov, 18:20, stretch by stretch"


def test_the_legend_names_only_signs_in_use():
    assert [css for css, _words in words.legend(first_answer("preview"))] == [
        "steps--counted steps--future",
        "steps--closed",
        "steps--holiday",
    ]


def test_the_week_draws_the_union_in_the_reader_s_zone():
    spans = [week.OpenSpan(at(25, 17), at(26, 1)), week.OpenSpan(at(25, 20), at(26, 3))]
    closed = [week.ClosedDay(at(26, 17), at(27, 1), "Thanksgiving <Day>")]
    svg = week.week(at(23, 0).date(), spans, closed, at(25, 23), NEW_YORK, "en", "w1")
    assert "12:00–22:00" in svg and "Thanksgiving &lt;Day&gt;" in svg and svg.count("wk-open") == 1
    assert "wk-today" in svg and "style=" not in svg
    both_days = week.week(at(23, 0).date(), spans, [], at(25, 23), TAIPEI, "zh-hant", "w2")
    assert both_days.count("wk-open") == 1 and "01:00–11:00" in both_days
