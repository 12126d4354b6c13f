"""What two documents say differently, path by path."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from plans.policyfile.faults import below
from plans.policyfile.reading import Document

ABSENT = object()


@dataclass(frozen=True)
class Difference:
    """A place where two documents differ. Things with a code are found by it: `plans.startup.targets...`.

    `before` is None where nothing was there, `after` where nothing is any more.
    """

    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.path}: {_words(self.before)} -> {_words(self.after)}"

    @property
    def was(self) -> str:
        """What was said, in one line as a policy file writes it; empty for nothing."""
        return "" if self.before is None else written(self.before)

    @property
    def now(self) -> str:
        """What is said now, likewise."""
        return "" if self.after is None else written(self.after)


def written(value: Any) -> str:
    """A value in one line, as people write it: `P2, P3`, `yes`, `in: 8h, counted: elapsed`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {written(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(written, value))
    return "" if value is None else str(value)


def differences(before: Document | None, after: Document) -> list[Difference]:
    """Every place where `after` says something else than `before` (None: there was nothing), in order."""
    return list(_compared("", {} if before is None else before, after))


def _compared(path: str, before: Any, after: Any) -> Iterator[Difference]:
    before, after = _by_code(before), _by_code(after)
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from _compared(below(path, str(key)), before.get(key, ABSENT), after.get(key, ABSENT))
        shared = [key for key in after if key in before]
        if path in ("severities", "plans") and shared != [key for key in before if key in after]:
            yield Difference(f"{path} (order)", list(before), list(after))
    elif before is ABSENT and isinstance(after, dict) and after:
        yield from _compared(path, {}, after)
    elif after is ABSENT and isinstance(before, dict) and before:
        yield from _compared(path, before, {})
    elif before != after and (_says(before) or _says(after)):
        yield Difference(path, _shown(before), _shown(after))


def _by_code(value: Any) -> Any:
    """A list of things with codes, as a map by code."""
    if isinstance(value, list) and value and all(isinstance(item, dict) and "code" in item for item in value):
        return {item["code"]: {key: part for key, part in item.items() if key != "code"} for item in value}
    return value


def _says(value: Any) -> bool:
    return value is not ABSENT and value not in (None, "", [], {})


def _shown(value: Any) -> Any:
    return None if value is ABSENT else value


def _words(value: Any) -> str:
    if value is None:
        return "nothing"
    words = str(value)
    return words if len(words) <= 80 else f"{words[:77]}..."
