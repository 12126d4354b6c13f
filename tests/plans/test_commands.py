"""The commands: the case files exactly, bad lines on their line, and policies as files."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from plans.models import Edition, Policy
from tests.plans.test_policy_file import CASES, EXAMPLE

RESULTS = ("due_at", "status", "clocks", "error", "index")


def answers(command: str, lines: list[str | bytes], *arguments: str) -> list[dict[str, Any]]:
    """What a command writes to these lines on standard input."""
    written = [line if isinstance(line, bytes) else line.encode() for line in lines]
    out, kept = io.StringIO(), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(b"\n".join(written) + b"\n"))
    try:
        call_command(command, *arguments, stdout=out)
    finally:
        sys.stdin = kept
    return [json.loads(line) for line in out.getvalue().splitlines()]


def cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / name).read_text().splitlines()]


def check_cases(command: str, name: str, *arguments: str) -> None:
    wanted = cases(name)
    asked = [json.dumps({k: v for k, v in case.items() if k not in RESULTS}) for case in wanted]
    found = answers(command, asked, *arguments)
    assert len(found) == len(wanted)
    for case, answer in zip(wanted, found, strict=True):
        if case.get("error"):
            assert set(answer) == {"error", "index"}
            assert answer["index"] == case["index"]
        else:
            assert answer == case
            assert (
                list(answer)[: len(case) - 2] == [key for key in case if key not in RESULTS][: len(case) - 2]
            )


@pytest.mark.django_db
def test_due_instants_under_the_five_policies() -> None:
    check_cases("due", "due.jsonl")


@pytest.mark.django_db
def test_histories_under_the_five_policies() -> None:
    check_cases("replay", "histories.jsonl")


def test_due_instants_of_a_file_that_is_not_imported() -> None:
    check_cases("due", "example-due.jsonl", "--file", str(EXAMPLE))


def test_histories_of_a_file_that_is_not_imported() -> None:
    check_cases("replay", "example-histories.jsonl", "--file", str(EXAMPLE))


@pytest.mark.django_db
def test_an_imported_file_answers_as_the_file() -> None:
    call_command("policy", "import", str(EXAMPLE), "--publish", stdout=io.StringIO())
    check_cases("due", "example-due.jsonl")
    check_cases("replay", "example-histories.jsonl")


GOOD = {
    "policy": "example",
    "plan": "p0",
    "coverage": "x",
    "severity": "s1",
    "metric": "next_update",
    "at": "2027-06-24T13:30:00Z",
}
BAD_DUE: list[tuple[Any, str]] = [
    ("{", "no JSON"),
    ("[]", "no JSON object"),
    ('"text"', "no JSON object"),
    ("", "no JSON"),
    (b"\xff", "not UTF-8"),
    ("[" * 100_000, ""),
    ('{"at": NaN}', "NaN"),
    ({"policy": "other"}, "no such policy"),
    ({"policy": 5}, "policy is no text"),
    ({"plan": None}, "plan is missing"),
    ({"plan": "p9"}, "no such plan: p9"),
    ({"coverage": "z"}, "no such coverage"),
    ({"coverage": ["x"]}, "coverage is no text"),
    ({"severity": "s9"}, "no such severity: s9"),
    ({"severity": 1}, "severity is no text"),
    ({"metric": "applause"}, "no such metric"),
    ({"support_type": "sales"}, "no such support type"),
    ({"support_type": "billing"}, "time zone"),
    ({"time_zone": "Mars/Base"}, "no such time zone"),
    ({"at": "2027-06-24T13:30:00"}, "no time zone"),
    ({"at": "2027-06-24"}, "no instant"),
    ({"at": "2027-02-30T00:00:00Z"}, "no instant"),
    ({"at": 1_800_000_000}, "at is no text"),
    ({"at": "0001-01-01T00:00:00+14:00"}, "outside the years"),
    ({"at": "9999-12-31T23:59:59Z"}, ""),
    ({"explain": "true"}, "explain is neither"),
    ({"until": "soon"}, "until is no instant"),
    ({"huge": 1e400}, "JSON"),
]


@pytest.mark.parametrize(("line", "words"), BAD_DUE, ids=[str(line)[:40] for line, _ in BAD_DUE])
def test_a_bad_case_is_an_error_on_its_line(line: Any, words: str) -> None:
    line = json.dumps(GOOD | line) if isinstance(line, dict) else line
    found = answers("due", [json.dumps(GOOD), line, json.dumps(GOOD)], "--file", str(EXAMPLE))
    assert set(found[1]) == {"error"}
    assert words in found[1]["error"]
    assert found[0] == found[2]
    assert "due_at" in found[0]


def test_what_an_editor_adds_to_a_line_is_no_part_of_the_case() -> None:
    asked = GOOD | {"error": "of an earlier answer"}
    first, second = answers(
        "due", [b"\xef\xbb\xbf" + json.dumps(asked).encode(), json.dumps(GOOD) + "\r"], "--file", str(EXAMPLE)
    )
    assert first == second
    assert "due_at" in first


def test_explanations_cover_the_time_without_gap() -> None:
    for case in cases("example-due.jsonl"):
        asked = {key: value for key, value in case.items() if key != "due_at"} | {"explain": True}
        (found,) = answers("due", [json.dumps(asked)], "--file", str(EXAMPLE))
        pieces = sorted(found["counted"] + found["skipped"], key=lambda piece: piece["from"])
        if found["due_at"] is None:
            assert pieces == []
            continue
        edges = [piece["from"] for piece in pieces] + [found["due_at"]]
        assert edges[0] == case["at"]
        assert [piece["to"] for piece in pieces] == edges[1:]
        assert all(("name" in piece) == (piece["why"] == "holiday") for piece in found["skipped"])


def test_counted_seconds_until() -> None:
    asked = GOOD | {"at": "2026-06-01T05:00:00Z", "until": "2026-06-01T06:00:00Z"}
    (found,) = answers("due", [json.dumps(asked)], "--file", str(EXAMPLE))
    assert found["counted_seconds"] == 3600
    (none,) = answers("due", [json.dumps(asked | {"until": "2026-01-01T00:00:00Z"})], "--file", str(EXAMPLE))
    assert none["counted_seconds"] == 0


@pytest.mark.django_db
def test_nothing_is_counted_without_coverage() -> None:
    asked = {
        "policy": "jumpcloud-msp",
        "plan": "free",
        "severity": "S1",
        "metric": "first_response",
        "at": "2026-06-01T05:00:00Z",
        "until": "2026-07-01T06:00:00Z",
        "explain": True,
    }
    (found,) = answers("due", [json.dumps(asked)])
    assert found == asked | {"due_at": None, "counted": [], "skipped": [], "counted_seconds": 0}


HISTORY = {
    "policy": "example",
    "plan": "p0",
    "coverage": "x",
    "now": "2027-01-10T00:00:00Z",
    "events": [
        {"at": "2027-01-01T00:00:00Z", "do": "submit", "severity": "s1"},
        {"at": "2027-01-02T00:00:00Z", "do": "reply"},
    ],
}


def replayed(**changes: Any) -> dict[str, Any]:
    (found,) = answers("replay", [json.dumps(HISTORY | changes)], "--file", str(EXAMPLE))
    return found


@pytest.mark.parametrize(
    ("second", "index"),
    [
        ({"at": "2027-01-02T00:00:00Z", "do": "dance"}, 1),
        ({"at": "2027-01-02T00:00:00Z", "do": "merge"}, 1),
        ({"at": "2027-01-02T00:00:00Z", "do": "close", "by": "cat"}, 1),
        ({"at": "2027-01-02T00:00:00Z", "do": 5}, 1),
        ({"at": "2026-01-02T00:00:00Z", "do": "reply"}, 1),
        ({"at": "2027-01-02T00:00:00", "do": "reply"}, 1),
        ({"at": None, "do": "reply"}, 1),
        ("reply", 1),
        ({"at": "2027-01-02T00:00:00Z", "do": "severity", "to": "s9", "how": "lowered"}, 1),
        ({"at": "2027-01-02T00:00:00Z", "do": "severity", "to": "s2", "how": "raised"}, 1),
        ({"at": "2027-01-02T00:00:00Z", "do": "unhold"}, 1),
    ],
)
def test_the_first_bad_event_is_told_by_its_index(second: Any, index: int) -> None:
    found = replayed(events=[HISTORY["events"][0], second])
    assert set(found) == {"error", "index"}
    assert found["index"] == index


def test_nothing_after_now_is_read() -> None:
    later = {"at": "2027-02-01T00:00:00Z", "do": "dance"}
    assert replayed(events=[*HISTORY["events"], later, "junk"])["status"] == "open"


def test_before_the_submission_there_is_nothing() -> None:
    found = replayed(now="2026-01-01T00:00:00Z")
    assert (found["status"], found["clocks"]) == (None, [])


def test_an_earlier_refusal_comes_before_a_later_fault() -> None:
    bad = {"at": "2027-01-01T12:00:00Z", "do": "unhold"}
    assert replayed(events=[HISTORY["events"][0], bad, {"at": "?"}])["index"] == 1


@pytest.mark.parametrize("changes", [{"events": []}, {"events": {}}, {"now": "later"}, {"events": [5]}])
def test_a_history_that_is_none(changes: dict[str, Any]) -> None:
    assert "error" in replayed(**changes)


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("policy", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_policy_check_changes_nothing(tmp_path: Path) -> None:
    assert "valid" in run("check", str(EXAMPLE))
    bad = tmp_path / "bad.yaml"
    bad.write_text(EXAMPLE.read_text().replace("default_severity: s2", "default_severity: s7"))
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 fault\\)") as caught:
        call_command("policy", "check", str(bad), stdout=out)
    assert caught.value.returncode == 1
    assert out.getvalue() == "default_severity: no such severity: s7 (there is s1, s2, s3)\n"
    with pytest.raises(CommandError, match="default_severity"):
        run("import", str(EXAMPLE), str(bad))
    assert not Policy.objects.filter(slug="example").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["999999999h", "999999999bd", "{in: 999999999h, counted: elapsed}"])
def test_a_target_that_never_falls_due_is_told_before_it_is_published(tmp_path: Path, target: str) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(EXAMPLE.read_text().replace("s1: 2bd", f"s1: {target}", 1))
    out = io.StringIO()
    with pytest.raises(CommandError, match="can't be published"):
        call_command("policy", "check", str(bad), stdout=out)
    assert out.getvalue().startswith("plans[0].targets.first_response.s1: 999999999")
    assert "is more than 3,660 days" in run("preview", str(bad))
    with pytest.raises(CommandError, match=r"kept as a draft: plans\[0\].targets.first_response.s1"):
        run("import", str(bad), "--publish")


def test_a_target_that_its_calendar_has_no_time_for_is_warned_of(tmp_path: Path) -> None:
    rare = tmp_path / "rare.yaml"
    rare.write_text(EXAMPLE.read_text().replace("s1: 2bd", "s1: 80000h", 1))
    warning, valid = run("check", str(rare)).splitlines()
    assert warning.startswith("warning: plans[0].targets.first_response.s1: 80000h does not fall due")
    assert "valid" in valid


@pytest.mark.django_db
def test_policy_import_preview_publish_export(tmp_path: Path) -> None:
    assert "example 1: draft" in run("import", str(EXAMPLE))
    assert Policy.objects.get(slug="example").current() is None
    assert "example 1: published" in run("import", str(EXAMPLE), "--publish")
    assert "nothing would change" in run("import", str(EXAMPLE), "--publish")
    changed = tmp_path / "changed.yaml"
    changed.write_text(EXAMPLE.read_text().replace("s1: 30m", "s1: 45m", 1))
    preview = run("preview", str(changed))
    cells, *replayed = preview.splitlines()
    assert cells == "plans.p0.targets.next_update.s1: 30m -> 45m"
    assert replayed[0].startswith("replayed 0 of 0 requests")
    assert Edition.objects.filter(policy__slug="example").count() == 1
    assert preview in run("import", str(changed), "--publish")
    exported = tmp_path / "exported.yaml"
    exported.write_text(run("export", "example"))
    assert "unchanged" in run("import", str(exported))
    assert run("export", "example") == exported.read_text()
    first = run("export", "example", "--edition", "1")
    assert "s1: 30m" in first


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [["export", "nowhere"], ["check", "/nowhere.yaml"], ["preview", "/"]])
def test_policy_errors_are_words(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)


def test_due_with_a_bad_file_says_why(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("policy: x")
    with pytest.raises(CommandError, match="plans: is missing"):
        answers("due", ["{}"], "--file", str(bad))
