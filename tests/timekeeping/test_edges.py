"""The ten edges on which engines of business time part, reckoned by hand, and our own besides."""

from datetime import date, datetime, timedelta

import pytest

from timekeeping import BusinessCalendar, Coverage, HorizonError, due_at, explain, parse_target, warn_at

from .policy_files import instant, minutes, weekdays

NEW_YORK = "America/New_York"


def calendar(
    zone: str = NEW_YORK,
    hours: dict[str, list[str]] | None = None,
    holidays: dict[date, str] | None = None,
    special: dict[date, list[str]] | None = None,
    name: str = "c",
) -> BusinessCalendar:
    week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for key, spans in (hours or {"mon-fri": ["09:00-17:00"]}).items():
        for day in weekdays(key):
            week[day] += [minutes(span) for span in spans]
    return BusinessCalendar(
        name,
        zone,
        tuple(tuple(spans) for spans in week),
        holidays or {},
        {day: tuple(minutes(span) for span in spans) for day, spans in (special or {}).items()},
    )


def office(**more: object) -> Coverage:
    return Coverage([calendar(**more)])  # type: ignore[arg-type]


def due(target: str, coverage: Coverage, at: str) -> datetime:
    return due_at(parse_target(target), coverage, instant(at))


# --- E1 to E10 of the research


def test_e1_spring_forward_takes_an_hour_out_of_a_window() -> None:
    nights = office(hours={"sun": ["00:00-06:00"]})
    start, end = instant("2026-03-08T05:00Z"), instant("2026-03-08T10:00Z")
    assert nights.counted_seconds(start, end) == 300 * 60
    assert due("5h", nights, "2026-03-08T05:00Z") == end


def test_e2_fall_back_adds_an_hour_to_a_window() -> None:
    nights = office(hours={"sun": ["00:00-06:00"]})
    start, end = instant("2026-11-01T04:00Z"), instant("2026-11-01T11:00Z")
    assert nights.counted_seconds(start, end) == 420 * 60
    assert due("7h", nights, "2026-11-01T04:00Z") == end


def test_e3_a_window_across_midnight() -> None:
    nights = office(hours={"tue": ["22:00-06:00"]})
    start = instant("2026-06-03T02:00Z")  # Tuesday 22:00
    assert nights.counted_seconds(start, instant("2026-06-03T08:00Z")) == 360 * 60
    assert due("6h", nights, "2026-06-03T02:00Z") == instant("2026-06-03T08:00Z")


def test_e4_around_the_clock_across_spring_forward() -> None:
    always = office(hours={"mon-sun": ["00:00-24:00"]})
    assert due("24h", always, "2026-03-07T17:00Z") == instant("2026-03-08T17:00Z")


def test_e5_a_holiday_in_the_middle() -> None:
    coverage = office(holidays={date(2026, 11, 26): "Thanksgiving"})
    assert due("4h", coverage, "2026-11-25T20:00Z") == instant("2026-11-27T16:00Z")


def test_e6_a_start_outside_the_hours() -> None:
    assert due("1h", office(), "2026-06-06T12:00Z") == instant("2026-06-08T14:00Z")


def test_e7_what_runs_out_at_a_closing_is_due_at_that_closing() -> None:
    assert due("8h", office(), "2026-06-01T13:00Z") == instant("2026-06-01T21:00Z")
    assert due("8h", office(), "2026-05-30T13:00Z") == instant("2026-06-01T21:00Z")


def test_e8_two_windows_a_day() -> None:
    coverage = office(hours={"mon-fri": ["09:00-12:00", "13:00-17:00"]})
    assert due("4h", coverage, "2026-06-01T13:00Z") == instant("2026-06-01T18:00Z")


def test_e9_two_holidays_in_a_row_and_no_more_after() -> None:
    coverage = office(holidays={date(2026, 12, 24): "Eve", date(2026, 12, 25): "Christmas"})
    assert due("8h", coverage, "2026-12-23T18:00Z") == instant("2026-12-28T18:00Z")
    assert due("4h", coverage, "2035-06-01T13:00Z") == instant("2035-06-01T17:00Z")


def test_e10_other_hours_on_saturday() -> None:
    coverage = office(hours={"mon-fri": ["09:00-17:00"], "sat": ["10:00-14:00"]})
    assert due("3h", coverage, "2026-06-05T20:00Z") == instant("2026-06-06T16:00Z")


# --- boundaries and the change of the clock


def test_an_opening_takes_the_first_and_a_closing_the_last_occurrence() -> None:
    coverage = office(hours={"sun": ["01:15-01:45"]})
    [span] = coverage.spans(instant("2026-11-01T00:00Z"), instant("2026-11-02T00:00Z"))
    assert (span.start, span.end) == (instant("2026-11-01T05:15Z"), instant("2026-11-01T06:45Z"))


def test_a_missing_wall_time_is_the_instant_of_the_change() -> None:
    coverage = office(hours={"sun": ["02:15-02:45", "02:30-04:00"]})
    [span] = coverage.spans(instant("2026-03-08T00:00Z"), instant("2026-03-09T00:00Z"))
    assert (span.start, span.end) == (instant("2026-03-08T07:00Z"), instant("2026-03-08T08:00Z"))


def test_a_day_that_the_zone_skipped_is_no_business_day() -> None:
    coverage = office(zone="Pacific/Apia", hours={"mon-sun": ["09:00-17:00"]})
    assert due("nbd", coverage, "2011-12-29T20:00Z") == instant("2011-12-31T03:00Z")


def test_equal_ends_are_a_whole_day() -> None:
    coverage = office(zone="UTC", hours={"mon": ["09:00-09:00"]})
    assert due("24h", coverage, "2026-06-01T00:00Z") == instant("2026-06-02T09:00Z")


def test_a_holiday_cancels_the_spans_that_open_on_it_and_only_those() -> None:
    coverage = office(zone="UTC", hours={"mon-sun": ["22:00-06:00"]}, holidays={date(2026, 6, 2): "h"})
    spans = coverage.spans(instant("2026-06-01T12:00Z"), instant("2026-06-04T00:00Z"))
    found = [(span.start.isoformat()[8:13], span.end.isoformat()[8:13]) for span in spans]
    assert found == [("01T22", "02T06"), ("03T22", "04T00")]


def test_a_special_day_overrides_hours_and_holiday() -> None:
    day = date(2026, 6, 2)
    coverage = office(zone="UTC", holidays={day: "h"}, special={day: ["10:00-11:00"]})
    assert due("2h", coverage, "2026-06-01T16:00Z") == instant("2026-06-02T11:00Z")
    closed = office(zone="UTC", special={day: []})
    assert due("2h", closed, "2026-06-01T16:00Z") == instant("2026-06-03T10:00Z")


def test_overlaps_of_a_union_count_once_and_the_first_is_named() -> None:
    one = calendar(zone="UTC", name="one")
    two = calendar(zone="UTC", hours={"mon-fri": ["08:00-12:00", "16:00-18:00"]}, name="two")
    coverage = Coverage([one, two])
    spans = coverage.spans(instant("2026-06-01T00:00Z"), instant("2026-06-02T00:00Z"))
    assert [(s.start.hour, s.end.hour, s.calendar_name) for s in spans] == [
        (8, 9, "two"),
        (9, 17, "one"),
        (17, 18, "two"),
    ]
    assert coverage.counted_seconds(instant("2026-06-01T00:00Z"), instant("2026-06-02T00:00Z")) == 36000


def test_a_span_holds_its_opening_and_not_its_closing() -> None:
    coverage = office(zone="UTC")
    assert coverage.is_open(instant("2026-06-01T09:00Z"))
    assert not coverage.is_open(instant("2026-06-01T17:00Z"))
    assert coverage.current_closing(instant("2026-06-01T09:00Z")) == instant("2026-06-01T17:00Z")
    assert coverage.current_closing(instant("2026-06-01T17:00Z")) is None
    assert coverage.next_opening(instant("2026-06-01T09:00Z")) == instant("2026-06-02T09:00Z")
    assert coverage.next_opening(instant("2026-06-01T08:59:59Z")) == instant("2026-06-01T09:00Z")
    always = office(hours={"mon-sun": ["00:00-24:00"]})
    assert always.current_closing(instant("2026-06-01T09:00Z")) is None
    assert always.next_opening(instant("2026-06-01T09:00Z")) is None


# --- the horizon


def test_too_little_open_time_within_the_horizon_is_an_error() -> None:
    never = Coverage([])
    once = office(zone="UTC", hours={"mon": []}, special={date(2036, 6, 8): ["00:00-24:00"]})
    assert never.counted_seconds(instant("2026-06-01T00:00Z"), instant("2027-06-01T00:00Z")) == 0
    for target in ("1m", "1bd", "nbd"):
        with pytest.raises(HorizonError):
            due(target, never, "2026-06-01T00:00Z")
        assert due(target, once, "2026-06-02T00:01Z") <= instant("2036-06-09T00:00Z")
    assert due("1m", once, "2026-06-01T00:01:00Z") == instant("2036-06-08T00:01Z")
    with pytest.raises(HorizonError):
        due("1m", once, "2026-06-01T00:00:59Z")
    with pytest.raises(HorizonError):
        due("2bd", once, "2026-06-02T00:01Z")
    assert due_at(parse_target({"in": "36h", "counted": "elapsed"}), never, instant("2026-06-01T00:00Z"))


# --- business days


@pytest.mark.parametrize(
    ("target", "at", "expected"),
    [
        ("1bd", "2026-06-01T10:00:07Z", "2026-06-02T10:00:07Z"),  # inside: the same wall time
        ("1bd", "2026-06-05T10:00Z", "2026-06-08T10:00Z"),  # Friday to Monday
        ("1bd", "2026-06-01T08:59:59Z", "2026-06-01T17:00Z"),  # closed: the day of the next opening is day 1
        ("2bd", "2026-06-05T17:00Z", "2026-06-09T17:00Z"),  # at a closing it is closed
        ("nbd", "2026-06-01T08:00Z", "2026-06-02T17:00Z"),
        ("nbd", "2026-06-05T10:00Z", "2026-06-08T17:00Z"),
    ],
)
def test_business_days(target: str, at: str, expected: str) -> None:
    assert due(target, office(zone="UTC"), at) == instant(expected)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-06-01T08:30Z", "2026-06-02T10:00Z"),  # before the first opening: that opening
        ("2026-06-01T12:30Z", "2026-06-02T14:00Z"),  # in the break: its end
        ("2026-06-01T12:00Z", "2026-06-02T12:00Z"),  # at a closing: that closing
        ("2026-06-01T16:30Z", "2026-06-02T16:00Z"),  # after the last closing: that closing
    ],
)
def test_a_business_day_with_other_hours(at: str, expected: str) -> None:
    special = {date(2026, 6, 2): ["10:00-12:00", "14:00-16:00"]}
    coverage = office(zone="UTC", hours={"mon-fri": ["08:00-17:00"]}, special=special)
    assert due("1bd", coverage, at) == instant(expected)


def test_business_days_of_nights_belong_to_the_evening() -> None:
    nights = office(zone="UTC", hours={"mon-fri": ["22:00-06:00"]})
    assert due("1bd", nights, "2026-06-02T02:00Z") == instant("2026-06-03T02:00Z")
    assert due("1bd", nights, "2026-06-06T02:00Z") == instant("2026-06-09T02:00Z")
    assert due("nbd", nights, "2026-06-06T02:00Z") == instant("2026-06-09T06:00Z")


def test_of_two_spans_the_one_that_opened_first() -> None:
    coverage = office(zone="UTC", hours={"mon": ["20:00-10:00"], "tue,wed,thu": ["08:00-17:00"]})
    # 09:00 after Monday's night is 09:00 after Tuesday's hours: brought back to their end
    assert due("1bd", coverage, "2026-06-02T09:00Z") == instant("2026-06-02T17:00Z")


def test_business_days_look_at_the_first_calendar_alone() -> None:
    weekdays_only = calendar(zone="UTC")
    coverage = Coverage([weekdays_only, calendar(zone="UTC", hours={"mon-sun": ["00:00-24:00"]}, name="x")])
    assert due("1bd", coverage, "2026-06-06T12:00Z") == instant("2026-06-08T17:00Z")
    assert due("nbd", coverage, "2026-06-05T12:00Z") == instant("2026-06-08T17:00Z")


def test_a_wall_time_that_is_missing_or_comes_twice() -> None:
    coverage = office(hours={"mon-sun": ["00:00-24:00"]})
    assert due("1bd", coverage, "2026-03-07T07:30Z") == instant("2026-03-08T07:00Z")
    assert due("1bd", coverage, "2026-10-31T05:30Z") == instant("2026-11-01T05:30Z")


# --- targets as written


@pytest.mark.parametrize("text", ["4h", "30m", "1h30m", "100h", "90m", "2bd", "nbd"])
def test_a_target_reads_and_writes(text: str) -> None:
    assert parse_target(text).written == text


def test_an_elapsed_target_reads_and_writes() -> None:
    written = {"in": "8h", "counted": "elapsed"}
    assert parse_target(written).written == written
    assert parse_target(written).seconds == 8 * 3600


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "0h",
            "0m",
            "0h0m",
            "4x",
            "-1h",
            "h",
            "4 h",
            "4h ",
            "1m1h",
            "0bd",
            "bd",
            "nbd2",
            "1.5h",
            "4H",
            "٤h",
        ),
        *(4, 4.0, None, True, [], {}),
        *({"in": "4h"}, {"in": "nbd", "counted": "elapsed"}, {"in": "4h", "counted": "sometimes"}),
        *({"in": "4h", "counted": "elapsed", "x": 1}, {"in": 4, "counted": "elapsed"}),
    ],
)
def test_a_bad_target_is_refused_with_a_sentence(text: object) -> None:
    with pytest.raises(ValueError, match="target"):
        parse_target(text)


# --- why, and warnings


def test_thanksgiving_explained() -> None:
    coverage = office(zone="America/Los_Angeles", holidays={date(2026, 11, 26): "Thanksgiving Day"})
    start, target = instant("2026-11-25T23:30Z"), parse_target("4h")
    told = explain(target, coverage, start, due_at(target, coverage, start))
    assert [(p.seconds, p.calendar) for p in told.counted] == [(5400, "c"), (9000, "c")]
    assert [(p.why, p.name) for p in told.skipped] == [
        ("closed", None),
        ("holiday", "Thanksgiving Day"),
        ("closed", None),
    ]


def test_what_a_holiday_took_from_the_next_morning_carries_its_name() -> None:
    coverage = office(zone="UTC", hours={"mon-sun": ["22:00-06:00"]}, holidays={date(2026, 6, 2): "h"})
    told = explain(parse_target("4h"), coverage, instant("2026-06-02T05:00Z"), instant("2026-06-03T23:00Z"))
    assert [(p.why, p.start, p.end) for p in told.skipped] == [
        ("holiday", instant("2026-06-02T06:00Z"), instant("2026-06-03T06:00Z")),
        ("closed", instant("2026-06-03T06:00Z"), instant("2026-06-03T22:00Z")),
    ]


def test_the_warning_comes_when_the_share_has_passed() -> None:
    coverage, start = office(zone="UTC"), instant("2026-06-01T16:00Z")
    target = parse_target("4h")
    end = due_at(target, coverage, start)
    assert warn_at(target, coverage, start, end, 0.75) == instant("2026-06-02T11:00Z")
    paused = [(instant("2026-06-02T09:00Z"), instant("2026-06-02T10:00Z"))]
    assert warn_at(target, coverage, start, end + timedelta(hours=1), 0.75, paused) == instant(
        "2026-06-02T12:00Z"
    )
    wall = parse_target({"in": "8h", "counted": "elapsed"})
    assert warn_at(wall, coverage, start, instant("2026-06-02T00:00Z"), 0.75) == instant("2026-06-01T22:00Z")


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        due_at(parse_target("4h"), office(), datetime(2026, 6, 1))


def test_a_calendar_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no such time zone"):
        calendar(zone="Mars/Olympus")
    with pytest.raises(ValueError, match="no minutes of a day"):
        calendar(hours={"mon": ["09:00-25:00"]})
