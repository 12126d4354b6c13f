"""The verifier: takes what is as its events say, refuses everything else, and never falls over."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.statements.histories import (
    ALL_HOURS,
    CLOSED_BY_CUSTOMER,
    CONVERSATION,
    EVERYTHING,
    MERGED_AWAY,
    MISSED_UPDATE,
    MOVED,
    STILL_RUNNING,
    SURVIVOR,
    WAITING,
    asked,
    at,
    statement,
)
from timekeeping.statement import Exclusion
from timekeeping.statement_file import Malformed, checksum
from timekeeping.verify import main, verify

REPOSITORY = Path(__file__).resolve().parents[2]
NOTE = Exclusion("gateway", "Your gateway was down")
STATEMENTS = {
    "nothing": statement([]),
    "missed": statement([MISSED_UPDATE]),
    "excluded": statement([MISSED_UPDATE], exclusions={(1, "next_update", 1): NOTE}),
    "withdrawn": statement([CLOSED_BY_CUSTOMER]),
    "running": statement([STILL_RUNNING], written_at=at(28, 20, 40)),
    "paused": statement([WAITING]),
    "conversation": statement([CONVERSATION]),
    "everything": statement(EVERYTHING),
    "all of it excluded": statement([MISSED_UPDATE, MISSED_UPDATE], whole={1: NOTE}),
    "merged": statement([MERGED_AWAY, SURVIVOR]),
    "moved": statement([MOVED]),
    "another month": statement(EVERYTHING, month="2026-11", written_at=at(20, 12, month=11)),
    "another zone": statement(EVERYTHING, zone="Asia/Shanghai"),
    "around the clock": statement([[asked(at(3, 3), "P1")]], terms=ALL_HOURS),
}
Path_ = tuple[str | int, ...]


def as_read(said: dict[str, Any]) -> Any:
    return json.loads(json.dumps(said))


def leaves(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The path of every value that holds no others."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path


def altered(said: dict[str, Any], path: Path_, value: Any, forged: bool = True) -> dict[str, Any]:
    """A copy with one value changed; forged: with a checksum that fits."""
    copied = copy.deepcopy(said)
    place: Any = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copied | {"checksum": checksum(copied)} if forged else copied


def value_at(said: Any, path: Path_) -> Any:
    for key in path:
        said = said[key]
    return said


def another(value: Any) -> Any:
    """A value of the same kind that is not the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None:
        return "2026-10-05T13:00:00Z"
    if len(value) == 20 and value.endswith("Z"):
        return value[:17] + ("58Z" if value[17:19] != "58" else "57Z")
    return value + "x"


def is_refused(said: Any) -> bool:
    try:
        return bool(verify(said).differences)
    except Malformed:
        return True


@pytest.mark.parametrize("said", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_what_is_as_its_events_say_is_verified(said: dict[str, Any]) -> None:
    verdict = verify(as_read(said))
    assert verdict.differences == ()
    assert (verdict.promises, verdict.tickets) == (len(said["promises"]), len(said["tickets"]))


@pytest.mark.parametrize("said", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_any_one_value_altered_is_refused(said: dict[str, Any]) -> None:
    for path in leaves(said):
        assert is_refused(altered(said, path, another(value_at(said, path)), forged=False)), path


FIGURES = [
    (name, path)
    for name in ("everything", "excluded", "all of it excluded", "merged", "moved")
    for path in leaves(STATEMENTS[name])
    if path[0] in ("promises", "withdrawn", "totals", "month", "days")
]


@pytest.mark.parametrize(("name", "path"), FIGURES, ids=lambda it: it if isinstance(it, str) else str(it))
def test_an_altered_figure_is_found_though_the_checksum_fits(name: str, path: Path_) -> None:
    said = STATEMENTS[name]
    forged = altered(said, path, another(value_at(said, path)))
    try:
        lines = verify(forged).differences
    except Malformed as fault:
        lines = (str(fault),)
    place = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")
    assert any(line.startswith((place, ".".join(map(str, path[:1])))) for line in lines)


SHIFTED = [
    ("tickets", 0, "events", 0, "at"),
    ("tickets", 0, "events", 1, "at"),
    ("tickets", 0, "events", 2, "at"),
    ("tickets", 0, "events", 3, "at"),
    ("tickets", 2, "events", 1, "at"),
    ("tickets", 4, "events", 2, "at"),
]


@pytest.mark.parametrize("path", SHIFTED)
def test_an_event_moved_by_a_second_makes_figures_differ(path: Path_) -> None:
    said = STATEMENTS["everything"]
    assert verify(altered(said, path, another(value_at(said, path)))).differences


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("tickets", 0, "events", 1, "do"), "ask"),
        (("tickets", 0, "events", 2, "do"), "reply"),
        (("tickets", 0, "events", 0, "severity"), "P1"),
        (("tickets", 1, "events", 2, "to"), "P3"),
        (("tickets", 1, "events", 3, "by"), "support"),
        (("terms", "t1", "targets", "first_response", "P2"), "5h"),
        (("terms", "t1", "targets", "next_update", "P2"), {"in": "8h", "counted": "elapsed"}),
        (("calendars", "c1", "hours", "thu"), ["09:30-17:00"]),
        (("calendars", "c1", "hours", "fri"), []),
        (("calendars", "c1", "time_zone"), "Europe/Paris"),
        (("calendars", "c1", "holidays", "2026-10-01"), "A day off"),
        (("calendars", "c1", "special_days", "2026-10-02"), ["10:30-17:00"]),
        (("month", "zone"), "Europe/Paris"),
        (("written_at",), "2026-10-22T12:00:00Z"),
    ],
)
def test_other_events_terms_or_calendars_make_figures_differ(path: Path_, value: Any) -> None:
    assert is_refused(altered(STATEMENTS["everything"], path, value))


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("excluded", ("tickets", 0, "exclusions", 0, "code"), "maintenance"),
        ("excluded", ("tickets", 0, "exclusions", 0, "note"), "Our own fault"),
        ("excluded", ("tickets", 0, "exclusions", 0, "metric"), "first_response"),
        ("excluded", ("tickets", 0, "exclusions", 0, "metric"), None),
        ("excluded", ("tickets", 0, "exclusions", 0, "cycle"), 2),
        ("excluded", ("tickets", 0, "exclusions"), []),
        ("all of it excluded", ("tickets", 0, "exclusions", 0, "note"), "Our own fault"),
        ("all of it excluded", ("tickets", 0, "exclusions"), []),
        (
            "all of it excluded",
            ("tickets", 1, "exclusions"),
            STATEMENTS["excluded"]["tickets"][0]["exclusions"],
        ),
        ("merged", ("tickets", 1, "events", 1, "carried", 0, "due_at"), "2026-10-06T17:30:00Z"),
        ("merged", ("tickets", 1, "events", 1, "carried", 1, "target"), "9h"),
        ("merged", ("tickets", 1, "events", 1, "carried", 1, "severity"), "P2"),
        ("merged", ("tickets", 1, "events", 1, "carried"), []),
        ("merged", ("tickets", 0, "events", 1, "do"), "resolve"),
        ("moved", ("tickets", 0, "events", 2, "terms"), "t1"),
        ("moved", ("tickets", 0, "events", 2, "terms"), "t9"),
        ("moved", ("tickets", 0, "terms"), "t2"),
        ("moved", ("terms", "t2", "targets", "next_update", "P2"), "2h"),
    ],
)
def test_altered_notes_merges_and_moves_are_found_though_the_checksum_fits(
    name: str, path: Path_, value: Any
) -> None:
    assert is_refused(altered(STATEMENTS[name], path, value))


def test_both_totals_of_what_is_excluded() -> None:
    """Of four that fell due one was missed: 75.0 as it happened, 100.0 without it; it stays a miss."""
    total = STATEMENTS["excluded"]["totals"]["all"]
    assert (total["met"], total["missed"], total["excluded"]) == (3, 1, 1)
    assert (total["raw"], total["adjusted"]) == ("75.0", "100.0")
    both = STATEMENTS["all of it excluded"]["totals"]["all"]
    assert (both["missed"], both["excluded"], both["raw"], both["adjusted"]) == (2, 1, "75.0", "85.7")


@pytest.mark.parametrize("name", ["promises", "withdrawn", "tickets"])
def test_what_is_left_out_or_said_twice_is_found(name: str) -> None:
    said = STATEMENTS["everything"]
    assert is_refused(altered(said, (name,), said[name][1:]))
    assert is_refused(altered(said, (name,), said[name] + said[name][:1]))


def test_each_difference_is_a_line_with_its_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = altered(STATEMENTS["missed"], ("promises", 0, "early_seconds"), 1)
    said = altered(said, ("totals", "all", "met"), 9)
    assert run(tmp_path, said) == 1
    assert capsys.readouterr().out.splitlines() == [
        "promises[0].early_seconds: says 1, comes out as 9000",
        "totals.all.met: says 9, comes out as 3",
    ]


def test_an_impossible_event_is_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = altered(STATEMENTS["missed"], ("tickets", 0, "events", 1, "do"), "reopen")
    assert run(tmp_path, said) == 1
    assert capsys.readouterr().out == "tickets[0].events[1]: reopen is no move from new\n"


def test_a_verified_statement_says_how_much_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, STATEMENTS["everything"]) == 0
    assert (
        capsys.readouterr().out
        == f"verified: {len(STATEMENTS['everything']['promises'])} promises, 5 tickets\n"
    )


def test_a_byte_order_mark_is_no_part_of_a_statement(tmp_path: Path) -> None:
    assert run(tmp_path, "\ufeff" + json.dumps(STATEMENTS["everything"])) == 0


def run(folder: Path, said: Any) -> int:
    file = folder / "statement.json"
    file.write_text(said if isinstance(said, str) else json.dumps(said))
    return main([str(file)])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "3",
        '"text"',
        "{}",
        '{"format": "kept.statement/2"}',
        '{"format": 1}',
        "[" * 100_000,
        '{"format": "kept.statement/1", "written_at": NaN}',
        '{"format": "kept.statement/1", "written_at": ' + "9" * 5000 + "}",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_statement_is_told_plainly(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, text) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("not verified: ") and "Traceback" not in told.err


@pytest.mark.parametrize(
    "value", [None, True, -1, 10**30, 1.5, "", "x", "\ud800", [], [[]], {}, {"a": 1}], ids=repr
)
def test_any_value_of_another_kind_never_ends_in_a_traceback(
    value: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(repr(value))  # noqa: S311 - the same on every run
    for name, most in (("everything", 30), ("merged", 15), ("moved", 10), ("excluded", 10)):
        said = STATEMENTS[name]
        places = list(leaves(said)) + [(key,) for key in said]
        places += [("tickets", 1, "events", 1, "carried"), ("tickets", 1, "events", 1, "carried", 0)] * (
            name == "merged"
        )
        for path in chance.sample(places, most):
            assert run(tmp_path, altered(said, path, value)) in (0, 1, 2), path
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["missing", "folder", "binary"])
def test_a_file_that_cannot_be_read_is_told_plainly(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "statement.json"
    if kind == "folder":
        file.mkdir()
    elif kind == "binary":
        file.write_bytes(b"\xff\xfe\x00")
    assert main([str(file)]) == 2
    assert capsys.readouterr().err.startswith("not verified: ")


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["--help"]])
def test_other_arguments_get_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("usage: ")


def test_it_runs_without_django_and_without_warnings(tmp_path: Path) -> None:
    file = tmp_path / "statement.json"
    file.write_text(json.dumps(STATEMENTS["everything"]))
    code = (
        "import runpy, sys; sys.argv = ['verify', sys.argv[1]]\n"
        "try: runpy.run_module('timekeeping.verify', run_name='__main__')\n"
        "finally: assert not {'django', 'psycopg', 'holidays'} & set(sys.modules)"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-W",
            "error",
            "-c",
            f"import sys; sys.path.insert(0, {str(REPOSITORY)!r})\n{code}",
            str(file),
        ],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("verified: ")
