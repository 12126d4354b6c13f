"""Policy files asked through `manage.py due --file`, and every answer held against the paper."""

from __future__ import annotations

import io
import json
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.terms.generator import WALK_BEFORE, WALK_DAYS, Made, made, questions
from tests.terms.paper import Paper, Unreachable, length_of
from tests.timekeeping import naive

Expected = tuple[dict[str, Any], Any, Any]
"""A case, its coverage on paper, and when it is due on paper."""


def through_due(file: Path, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the command answers, called within this process."""
    out, kept = io.StringIO(), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO("".join(json.dumps(case) + "\n" for case in cases).encode()))
    try:
        call_command("due", "--file", str(file), stdout=out)
    finally:
        sys.stdin = kept
    return [json.loads(line) for line in out.getvalue().splitlines()]


def expectations(policy: Made, count: int) -> tuple[Paper, list[Expected]]:
    """The first questions about a policy that the paper reaches, with its answers."""
    naive.walls.cache_clear()
    paper = Paper(policy.text, policy.around - timedelta(days=WALK_BEFORE), WALK_DAYS)
    found: list[Expected] = []
    for case in islice(questions(policy), count * 20):
        coverage = paper.coverage(case)
        try:
            due = None if coverage == "zone" else paper.due(coverage, paper.target(case), instant(case["at"]))
        except Unreachable:
            continue
        found.append((case, coverage, due))
        if len(found) == count:
            break
    return paper, found


def differences(seed: str, count: int) -> tuple[int, list[str]]:
    """How many cases of one file were asked, and in what the answers differ from the paper."""
    policy = made(seed)
    paper, expected = expectations(policy, count)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "policy.yaml"
        file.write_text(policy.text)
        answers = through_due(file, [case for case, _, _ in expected])
    found = [] if len(answers) == len(expected) else [f"{len(answers)} answers to {len(expected)} cases"]
    for (case, coverage, due), answer in zip(expected, answers, strict=False):
        found += [
            f"{seed}: {fault}: {json.dumps(case)}" for fault in faults(paper, case, coverage, due, answer)
        ]
    return len(expected), found


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def written(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def faults(paper: Paper, case: dict[str, Any], coverage: Any, due: Any, answer: dict[str, Any]) -> list[str]:
    """What is wrong with one answer."""
    if coverage == "zone" or due == "horizon":
        word = "time zone" if coverage == "zone" else "3,660 days"
        return [] if set(answer) == {"error"} and word in answer["error"] else [f"no error, but {answer}"]
    if "error" in answer:
        return [f"the error {answer['error']}"]
    found = []
    if answer["due_at"] != written(due):
        found.append(f"due {answer['due_at']}, on paper {written(due)}")
    if "until" in case:
        at, until = instant(case["at"]), instant(case["until"])
        counted = max(0, coverage.counted(at, until)) if coverage else 0
        if answer["counted_seconds"] != counted:
            found.append(f"counted {answer['counted_seconds']}, on paper {counted}")
    if {key: answer[key] for key in case} != case:
        found.append("the case did not come back as it was")
    return found or explanation_faults(paper.target(case), case["at"], coverage, due, answer)


def explanation_faults(
    target: Any, at: str, coverage: Any, due: datetime | None, answer: dict[str, Any]
) -> list[str]:
    """What is wrong with `counted` and `skipped`, where the due instant is right."""
    counted, skipped = answer["counted"], answer["skipped"]
    if due is None:
        return ["nothing is promised, and something explained"] if counted + skipped else []
    kind, length = length_of(target)
    if kind == "elapsed":
        whole = [{"from": at, "to": written(due), "seconds": length, "calendar": None}]
        return [] if (counted, skipped) == (whole, []) else ["elapsed time is not one stretch"]
    rows = sorted(counted + skipped, key=lambda row: row["from"])
    edges = [at, *(row["to"] for row in rows)]
    if edges != [*(row["from"] for row in rows), written(due)] or sorted(set(edges)) != edges:
        return ["the rows leave a gap or overlap"]
    total = length if kind == "covered" else coverage.counted(instant(at), due)
    lengths = [int((instant(row["to"]) - instant(row["from"])).total_seconds()) for row in counted]
    if [row["seconds"] for row in counted] != lengths or sum(lengths) != total:
        return [f"the counted rows add up to {sum(lengths)}, not to {total}"]
    return [fault for row in counted if (fault := _counted_fault(coverage, row))] + [
        fault for row in skipped if (fault := _skipped_fault(coverage, row))
    ]


def _row_minutes(coverage: Any, row: dict[str, Any]) -> tuple[int, int]:
    begin, end = (coverage.seconds(instant(row[key])) for key in ("from", "to"))
    return begin // 60, -(-end // 60)


def _counted_fault(coverage: Any, row: dict[str, Any]) -> str:
    """The named calendar is open throughout, and none before it at any minute."""
    begin, end = _row_minutes(coverage, row)
    for walked in coverage.calendars:
        opened = _open_minutes(walked, begin, end)
        if walked.calendar.name == row["calendar"]:
            return "" if opened == end - begin else f"{row['calendar']} is closed in {row}"
        if opened:
            return f"{walked.calendar.name} is open in {row}"
    return f"no such calendar in {row}"


def _open_minutes(walked: Any, begin: int, end: int) -> int:
    minutes = bytearray(end - begin)
    for span in walked.spans:
        first, last = max(span.opens, begin), min(span.closes, end)
        if first < last:
            minutes[first - begin : last - begin] = b"\1" * (last - first)
    return sum(minutes)


def _skipped_fault(coverage: Any, row: dict[str, Any]) -> str:
    """Nothing is open, and the reason is that of a date that shows there, or of the date before."""
    begin, end = _row_minutes(coverage, row)
    if any(coverage.open[begin:end]):
        return f"open in {row}"
    for minute in (begin, end - 1):
        today, before = [], []
        for walked in coverage.calendars:
            day = date(1970, 1, 1) + timedelta(days=walked.latest[minute] // 1440)
            today.append(walked.calendar.reason(day))
            before.append(walked.calendar.reason(day - timedelta(days=1)))
        reason = (row["why"], row.get("name"))
        allowed = {*today, *before} if row["why"] != "closed" else {("closed", None)} - set(today)
        if row["why"] == "closed" and any(today):
            return f"closed, and a date is special in {row}"
        if reason not in allowed:
            return f"no such reason in {row}"
    return ""
