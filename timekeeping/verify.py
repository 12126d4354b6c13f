"""The verifier of a statement of promises: `python -m timekeeping.verify statement.json`.

Standard library only. It rebuilds the terms and calendars from the file, replays the recorded events as of
the moment of writing, recomputes every row and total, and compares (docs/statement.md). Exit status 0: all
agree; 1: one line for each difference; 2: the file is no statement, or can't be read.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .history import replay
from .instants import HORIZON_DAYS
from .records import Event, HistoryError, Reading, Terms
from .statement import History, Period, days_needed, figures, period_of, written
from .statement_file import (
    FORMAT,
    Malformed,
    Node,
    checksum,
    event_of,
    exclusions_of,
    terms_named,
    terms_of,
)

USAGE = "usage: python -m timekeeping.verify statement.json (or - for standard input)"
FARTHEST = timedelta(days=HORIZON_DAYS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a verification; without differences the statement is as its events say."""

    promises: int
    tickets: int
    differences: tuple[str, ...]


def verify(document: object) -> Verdict:
    """Recompute a statement that was read from JSON. Raises Malformed for what is no statement."""
    node = Node(document)
    if node["format"].text() != FORMAT:
        raise node["format"].fault(f"not {FORMAT}, the format that this verifier knows")
    period = _period(node["month"])
    written_at = node["written_at"].instant()
    if abs(written_at - period.start) > FARTHEST:
        raise node["written_at"].fault(f"more than {HORIZON_DAYS} days from the month")
    histories, found = _histories(node, written_at)
    if not found:
        for name, value in _recomputed(histories, period, written_at).items():
            found += _compared(node[name].value, value, name)
    said, comes_out = node["checksum"].text(), checksum(node.value)
    found += _compared(said, comes_out, "checksum")
    return Verdict(len(node["promises"].each()), len(histories), tuple(found))


def read(text: str) -> object:
    """The JSON of a file. Raises Malformed where it is none."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the file is no JSON: {error}") from None


def main(arguments: Sequence[str]) -> int:
    """Print the verdict on one file and return the exit status."""
    if len(arguments) != 1 or arguments[0].startswith("--"):
        return _refused(USAGE)
    try:
        verdict = verify(read(_text(arguments[0])))
    except (Malformed, OSError, RecursionError) as error:
        return _refused(f"not verified: {error}")
    for line in verdict.differences:
        print(_plain(line))
    if verdict.differences:
        return 1
    print(f"verified: {verdict.promises} promises, {verdict.tickets} tickets")
    return 0


def _text(path: str) -> str:
    try:
        if path == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except UnicodeDecodeError:
        raise Malformed("the file is not UTF-8") from None


def _refused(words: str) -> int:
    print(_plain(words), file=sys.stderr)
    return 2


def _plain(words: str) -> str:
    """Words that any terminal can show: a file may hold whatever JSON can."""
    return words.encode("ascii", "backslashreplace").decode()


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _period(node: Node) -> Period:
    try:
        return period_of(node["name"].text(), node["zone"].text())
    except Malformed:
        raise
    except (ValueError, OverflowError) as error:
        raise node.fault(str(error)) from None


def _histories(node: Node, written_at: datetime) -> tuple[list[History], list[str]]:
    """Every ticket as it reads, and a line for each whose events could not have happened."""
    terms = terms_of(node)
    histories: list[History] = []
    impossible: list[str] = []
    for item in node["tickets"].each():
        reading = _reading(item, terms, written_at)
        if isinstance(reading, str):
            impossible.append(reading)
            reading = Reading()
        histories.append(History(item["number"].whole(), reading, exclusions_of(item["exclusions"])))
    numbers = [history.number for history in histories]
    if len(set(numbers)) < len(numbers):
        raise node["tickets"].fault("a ticket is listed twice")
    return histories, impossible


def _reading(item: Node, terms: Mapping[str, Terms], written_at: datetime) -> Reading | str:
    begin = terms_named(item["terms"], terms)
    events: list[Event] = []
    for event in item["events"].each():
        events.append(event_of(event, terms))
        if events[-1].at > written_at:
            return f"{event.path}.at: lies after the statement was written"
    try:
        return replay(begin, events, written_at)
    except HistoryError as error:
        return f"{item.path}.events[{error.index}]: {error.message}"
    except (ValueError, OverflowError) as error:
        return f"{item.path}: {error}"


def _recomputed(histories: Sequence[History], period: Period, written_at: datetime) -> dict[str, Any]:
    first, last = days_needed(histories, written_at)
    return {
        "month": {
            "name": period.month,
            "zone": period.zone,
            "from": written(period.start),
            "until": written(period.end),
        },
        "days": {"from": first.isoformat(), "until": last.isoformat()},
    } | figures(histories, period, written_at)


def _compared(said: Any, found: Any, path: str) -> Iterator[str]:
    """One line for each value in which two pieces of JSON differ, with its path."""
    if isinstance(said, dict) and isinstance(found, dict):
        for key in {**found, **said}:
            here = f"{path}.{key}"
            if key not in found or key not in said:
                yield f"{here}: {'is missing' if key in found else 'does not belong here'}"
            else:
                yield from _compared(said[key], found[key], here)
    elif isinstance(said, list) and isinstance(found, list):
        if len(said) != len(found):
            yield f"{path}: says {len(said)} entries, comes out as {len(found)}"
        for index, (one, other) in enumerate(zip(said, found, strict=False)):
            yield from _compared(one, other, f"{path}[{index}]")
    elif type(said) is not type(found) or said != found:
        yield f"{path}: says {_shown(said)}, comes out as {_shown(found)}"


def _shown(value: Any) -> str:
    return json.dumps(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
