"""What the ribbon draws: one scale, every sign, in any zone and language."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.utils import translation

from plans.pictures import mini, scale, stretches
from plans.pictures.clockview import CLOSED, COUNTED, ClockView, Stretch, from_explanation
from plans.pictures.ribbon import lying_ribbon, upright_ribbon
from tests.pictures.clocks import (
    HOUR,
    LOS_ANGELES,
    NEW_YORK,
    NOW,
    TAIPEI,
    THANKSGIVING,
    WEEKEND,
    at,
    clock,
    first_answer,
    nights,
)

MET = first_answer("met", met_at=at(27, 17, 48), counted_seconds=8280)
MISSED = clock(
    "missed",
    due_at=at(30, 14),
    met_at=at(30, 15, 28),
    over_seconds=38 * 60,
    explanation=(Stretch(at(30, 12), at(30, 14), COUNTED, 2 * HOUR),),
    target_seconds=2 * HOUR,
)
PAUSED_NOW = clock(
    "paused",
    due_at=None,
    paused_since=at(30, 17, 40),
    remaining_seconds=20400,
    explanation=(*WEEKEND[:3], Stretch(at(30, 17), at(30, 17, 40), COUNTED, 2400)),
)
EVERY = [
    clock(),
    clock("soon"),
    first_answer("preview"),
    MET,
    MISSED,
    PAUSED_NOW,
    clock("withdrawn"),
    clock(explanation=nights(9), target_seconds=72 * HOUR),
    clock(counting="days", target_seconds=None),
]


def lying(view: ClockView, zone=NEW_YORK, language: str = "en") -> str:
    return lying_ribbon(view, NOW, zone, language, "u1")


def standing(view: ClockView, zone=NEW_YORK, language: str = "en") -> str:
    return upright_ribbon(view, NOW, zone, language, "u2")


def words_of(svg: str) -> list[str]:
    return ["".join(e.itertext()) for e in ElementTree.fromstring(svg).iter("text")]


@pytest.mark.parametrize("view", EVERY, ids=lambda view: view.state)
@pytest.mark.parametrize("draw", [lying, standing])
def test_is_well_formed_has_one_title_and_no_style(draw, view):
    svg = draw(view)
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.find("title").get("id") == root.get("aria-labelledby")
    assert "style=" not in svg and not re.search(r'(fill|stroke)="#', svg)


@pytest.mark.parametrize("view", EVERY, ids=lambda view: view.state)
def test_every_id_begins_with_the_picture_s_own(view):
    assert all(found.startswith("u1") for found in re.findall(r'id="([^"]+)"', lying(view)))
    assert len(set(re.findall(r' id="([^"]+)"', lying(view)))) == len(
        re.findall(r' id="([^"]+)"', lying(view))
    )


def test_counted_time_is_drawn_to_one_scale():
    placed = scale.lying(stretches.pieces_of(clock(), NOW), 42, 666)
    units = {round(item.size / item.piece.seconds, 9) for item in placed if item.piece.kind == COUNTED}
    assert len(units) == 1
    assert sum(item.size for item in placed) == pytest.approx(666)


def test_a_short_stretch_is_24_wide_and_the_others_keep_one_scale():
    short = Stretch(at(30, 12), at(30, 12, 1), COUNTED, 60)
    night = Stretch(at(30, 12, 1), at(30, 14), CLOSED)
    rest = Stretch(at(30, 14), at(30, 22), COUNTED, 8 * HOUR)
    placed = scale.lying(stretches.pieces_of(clock(explanation=(short, night, rest)), NOW), 42, 666)
    assert [round(item.size) for item in placed] == [24, 92, 550]


def test_a_fold_is_92_a_holiday_130_a_pause_104():
    kinds = {
        item.piece.kind: round(item.size) for item in scale.lying(stretches.pieces_of(clock(), NOW), 42, 666)
    }
    assert kinds[CLOSED] == 92 and kinds["paused"] == 104
    placed = scale.lying(stretches.pieces_of(first_answer("preview"), NOW), 42, 666)
    assert {item.piece.kind: round(item.size) for item in placed}["holiday"] == 130


def test_lengths_stand_inside_only_where_they_fit():
    words = words_of(lying(clock()))
    assert "5 h 40" in words and "1 h 40" in words and "4 h 40" in words
    early = clock(explanation=(Stretch(at(30, 18, 39), at(30, 23), COUNTED, 15660),))
    assert "1 min" not in words_of(lying(early))


def test_weekend_is_named_in_the_contract_s_zone():
    assert "Weekend" in words_of(lying(clock()))
    assert "Weekend" in words_of(lying(clock(), TAIPEI))
    assert "Weekend" not in words_of(lying(first_answer("preview")))


def test_a_weekend_entered_on_saturday_is_one_too():
    late = Stretch(at(28, 22), at(30, 17), CLOSED)
    assert stretches.is_weekend(late, LOS_ANGELES)
    assert not stretches.is_weekend(Stretch(at(27, 1), at(27, 17), CLOSED), LOS_ANGELES)
    assert not stretches.is_weekend(Stretch(at(29, 22), at(30, 17), CLOSED), LOS_ANGELES)


def test_words_make_room_for_a_pin_in_a_folded_stretch():
    rows = (
        Stretch(at(30, 12), at(30, 18), COUNTED, 6 * HOUR),
        Stretch(at(30, 18), at(30, 22), CLOSED),
        Stretch(at(30, 22), at(30, 23), COUNTED, HOUR),
    )
    svg = lying(clock(explanation=rows, target_seconds=7 * HOUR))
    assert 'text-anchor="start">Closed<' in svg


def test_a_holiday_keeps_its_name_and_is_escaped():
    svg = lying(first_answer("preview"))
    assert "Thanksgiving &lt;Day&gt;" in svg
    assert 'class="rb-hol"' in svg


def test_before_submitting_nothing_is_used_and_there_is_no_now():
    svg = lying(first_answer("preview"))
    assert (
        "rb-used" not in svg and "rb-now" not in svg and "Due" in words_of(svg) and "Asked" in words_of(svg)
    )


def test_met_shows_the_answer_and_what_was_left_dashed():
    svg = lying(MET)
    assert "rb-left--spare" in svg and 'class="rb-met"' in svg and "Answered 12:48" in words_of(svg)


def test_missed_shows_the_time_after_the_due_instant():
    svg = lying(MISSED)
    words = words_of(svg)
    assert "rb-lateb" in svg and 'class="rb-late"' in svg
    assert {"Missed", "38 min over", "Answered", "10:28"} <= set(words)


def test_overdue_without_an_answer_ends_at_now():
    svg = lying(replace(MISSED, met_at=None, over_seconds=None))
    assert "Now 13:40" in words_of(svg) and 'class="rb-late"' not in svg


def test_a_pause_at_the_start_is_striped_up_to_the_first_counted_second():
    svg = lying(clock())
    assert svg.index("rb-pause") < svg.index("rb-used")
    assert "1 h 32 min" in words_of(svg)


def test_while_paused_there_is_no_due_time():
    words = words_of(lying(PAUSED_NOW))
    assert "No due time" in words and "Due" not in words
    assert "No due time while paused" in words_of(standing(PAUSED_NOW))


def test_always_open_is_one_bar_without_folds():
    one = (Stretch(at(30, 15, 5), at(30, 19, 5), COUNTED, 4 * HOUR),)
    svg = lying(clock(explanation=one, target_seconds=4 * HOUR))
    assert "rb-thin" not in svg and svg.count('class="rb-left"') == 1


def test_no_promise_draws_nothing():
    assert lying(clock("none")) == "" and standing(clock(explanation=())) == ""
    assert mini.used_share(clock("missed")) == 1.0


def test_more_than_seven_stretches_fold_the_middle():
    pieces = stretches.pieces_of(clock(explanation=nights(12), target_seconds=96 * HOUR), NOW)
    assert len(pieces) <= 7 and any(piece.kind == stretches.FOLDED for piece in pieces)
    assert sum(piece.seconds for piece in pieces) == 96 * HOUR


def test_neighbours_of_one_kind_are_one_piece():
    halves = (
        Stretch(at(30, 12), at(30, 14), COUNTED, 2 * HOUR, "emea"),
        Stretch(at(30, 14), at(30, 20), COUNTED, 6 * HOUR, "us"),
    )
    assert len(stretches.pieces_of(clock(explanation=halves), NOW)) == 1


def test_business_days_are_equally_wide_named_and_without_notches():
    view = clock(counting="days", target_seconds=None, target_written="2bd", explanation=nights(3))
    placed = scale.lying(stretches.pieces_of(view, NOW), 42, 666, even=True)
    assert len({round(item.size, 3) for item in placed if item.piece.kind == COUNTED}) == 1
    svg = lying(view)
    assert "rb-notch" not in svg and {"Mon", "Tue", "Wed"} <= set(words_of(svg))


def test_a_change_of_clocks_is_marked():
    rows = (
        Stretch(at(30, 20, month=10), at(31, 0, month=10), COUNTED, 4 * HOUR),
        Stretch(at(31, 0, month=10), at(2, 17), CLOSED),
        Stretch(at(2, 17), at(2, 21), COUNTED, 4 * HOUR),
    )
    view = clock(explanation=rows, due_at=at(2, 21), target_seconds=8 * HOUR)
    assert "rb-change" in lying(view) and "rb-change" in standing(view)
    assert "rb-change" not in lying(view, TAIPEI)
    [(instant, shift)] = stretches.clock_changes(rows[0].start, rows[-1].end, NEW_YORK)
    assert instant == at(1, 6) and shift == -HOUR


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("en", NEW_YORK, {"Fri 27 Nov", "Mon 30 Nov", "18:20", "5 h 40"}),
        ("zh-hans", TAIPEI, {"11月28日", "12月1日", "07:20", "5小时40分"}),
        ("zh-hant", TAIPEI, {"11月28日", "12月1日", "07:20", "5小時40分"}),
    ],
)
def test_times_are_the_reader_s(language, zone, expected):
    with translation.override(language):
        assert expected <= set(words_of(lying(clock(), zone, language)))


def test_times_under_the_ribbon_do_not_touch():
    rows = (
        Stretch(at(30, 12), at(30, 12, 1), COUNTED, 60),
        Stretch(at(30, 12, 1), at(30, 14), CLOSED),
        Stretch(at(30, 14), at(30, 23), COUNTED, 9 * HOUR),
    )
    times = [
        (float(e.get("x")), "".join(e.itertext()))
        for e in ElementTree.fromstring(lying(clock(explanation=rows))).iter("text")
        if e.get("class", "").startswith("rb-time")
    ]
    places = sorted(x for x, _words in times)
    assert all(later - earlier > 36 for earlier, later in zip(places, places[1:], strict=False))


def test_rows_of_the_explanation_become_stretches_in_order():
    rows = from_explanation(
        {
            "counted": [
                {
                    "from": "2026-11-25T23:30:00+00:00",
                    "to": "2026-11-26T01:00:00+00:00",
                    "seconds": 5400,
                    "calendar": "us",
                }
            ],
            "skipped": [(at(26, 1), at(26, 8), "closed", None)],
        }
    )
    assert rows == THANKSGIVING[:2]
    assert LOS_ANGELES.key == "America/Los_Angeles"
