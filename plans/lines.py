"""Questions as JSON lines: a line in, a line out, and a bad line answered with what is wrong with it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from timekeeping import HistoryError

Case = dict[str, Any]

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


class LineError(ValueError):
    """A line that can't be answered, in words for whoever wrote it."""


def answered(line: bytes | str, answer: Callable[[Case], Case]) -> str:
    """The answer to one line, as JSON. Whatever is wrong with the line becomes `{"error": ...}`."""
    try:
        return json.dumps(answer(_case(line)), allow_nan=False)
    except HistoryError as error:
        return json.dumps({"error": error.message, "index": error.index})
    except RecursionError:
        return json.dumps({"error": "the line is nested too deeply"})
    except (ValueError, OverflowError) as error:
        return json.dumps({"error": str(error) or "the line can't be answered"})


def _case(line: bytes | str) -> Case:
    try:
        text = line.decode("utf-8-sig") if isinstance(line, bytes) else line
        case = json.loads(text, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise LineError("the line is not UTF-8") from None
    except LineError:
        raise
    except ValueError as error:
        raise LineError(f"the line is no JSON: {str(error)[:200]}") from None
    if not isinstance(case, dict):
        raise LineError("the line is no JSON object")
    return case


def _no_number(word: str) -> None:
    raise LineError(f"{word} is no number of JSON")


def text_of(case: Case, key: str) -> str:
    """The text under a key that must be there."""
    value = case.get(key)
    if value is None:
        raise LineError(f"{key} is missing")
    if not isinstance(value, str):
        raise LineError(f"{key} is no text")
    return value


def optional_text(case: Case, key: str) -> str | None:
    """The text under a key, None where it is absent or null."""
    return None if case.get(key) is None else text_of(case, key)


def optional_flag(case: Case, key: str) -> bool:
    """The boolean under a key, False where it is absent or null."""
    value = case.get(key)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise LineError(f"{key} is neither true nor false")
    return value


def instant_of(case: Case, key: str) -> datetime:
    """The instant under a key that must be there, in UTC and whole seconds."""
    written = text_of(case, key)
    if not _INSTANT.fullmatch(written):
        raise LineError(f"{key} is no instant such as 2026-11-25T23:30:00Z")
    try:
        found = datetime.fromisoformat(written.upper())
    except ValueError:
        raise LineError(f"{key} is no instant such as 2026-11-25T23:30:00Z") from None
    if found.tzinfo is None:
        raise LineError(f"{key} has no time zone: write it with Z or an offset")
    try:
        return found.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise LineError(f"{key} lies outside the years 1 to 9999") from None


def written_instant(at: datetime | None) -> str | None:
    """An instant as the interfaces write it: 2026-11-25T23:30:00Z."""
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
