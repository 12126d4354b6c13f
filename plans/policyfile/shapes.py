"""Shapes of values in a policy file: each reads a raw value, notes its faults, and gives it back clean.

A shape is a function `(value, path, faults) -> clean`. Where a value is wrong it gives `None`, and what
comes after goes on, so that a file's faults are all listed at once.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import available_timezones

from plans.models.codes import CODE_PATTERN, DURATION_PATTERN, SPAN_PATTERN, WEEK_MOMENT_PATTERN
from plans.policyfile.faults import Faults, below
from plans.texts import LANGUAGE_CODE, MAX_TEXT
from timekeeping import parse_target

Shape = Callable[[Any, str, Faults], Any]
ZONES = frozenset(available_timezones())


@dataclass(frozen=True)
class Key:
    """A key of a map: its shape, and what stands for it when it is left out."""

    shape: Shape
    default: Any = None
    is_required: bool = False


def keyed(keys: dict[str, Key]) -> Shape:
    """A map with these keys and no others."""

    def read(value: Any, path: str, faults: Faults) -> Any:
        if not isinstance(value, dict):
            faults.add(path, "write a map here")
            return None
        for key in value:
            if key not in keys:
                faults.add(below(path, str(key)), "no such key")
        clean = {}
        for name, key in keys.items():
            if name not in value:
                if key.is_required:
                    faults.add(below(path, name), "is missing")
                clean[name] = key.default() if callable(key.default) else key.default
            else:
                clean[name] = key.shape(value[name], below(path, name), faults)
        return clean

    return read


def list_of(shape: Shape, at_least: int = 0) -> Shape:
    """A list of such values; a wrong one stands in it as None, so that places stay as in the file."""

    def read(value: Any, path: str, faults: Faults) -> list[Any]:
        if not isinstance(value, list):
            faults.add(path, "write a list here")
            return []
        if len(value) < at_least:
            faults.add(path, "write at least one")
        return [shape(item, below(path, index), faults) for index, item in enumerate(value)]

    return read


def map_of(key_shape: Shape, shape: Shape) -> Shape:
    """A map from such keys to such values; what has a wrong key is left out."""

    def read(value: Any, path: str, faults: Faults) -> dict[Any, Any]:
        if not isinstance(value, dict):
            faults.add(path, "write a map here")
            return {}
        clean: dict[Any, Any] = {}
        for raw, item in value.items():
            place = below(path, str(raw))
            key = key_shape(raw, place, faults)
            if key is not None and key in clean:
                faults.add(place, "is written twice")
            content = shape(item, place, faults)
            if key is not None:
                clean[key] = content
        return clean

    return read


def choice(values: Iterable[str]) -> Shape:
    """One of some words."""
    allowed = list(values)

    def read(value: Any, path: str, faults: Faults) -> str | None:
        if isinstance(value, str) and value in allowed:
            return value
        faults.add(path, f"write one of {', '.join(allowed)}{unquoted(value)}")
        return None

    return read


def whole(least: int, most: int) -> Shape:
    """A whole number between two, both allowed."""

    def read(value: Any, path: str, faults: Faults) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        faults.add(path, f"write a whole number from {least} to {most}")
        return None

    return read


def written_as(pattern: str, hint: str) -> Shape:
    """A text of a given form."""
    form = re.compile(pattern)

    def read(value: Any, path: str, faults: Faults) -> str | None:
        if isinstance(value, str) and value.isascii() and form.fullmatch(value):
            return value
        faults.add(path, hint + unquoted(value))
        return None

    return read


def unquoted(value: Any) -> str:
    """What to do about a text that YAML reads as something else (`no` is false): words for a fault."""
    if isinstance(value, bool):
        return f" (without quotes YAML reads it as {str(value).lower()})"
    if isinstance(value, date):
        return " (without quotes YAML reads it as a date)"
    return " (without quotes YAML reads it as a number)" if isinstance(value, int | float) else ""


def more_than_nothing(shape: Shape) -> Shape:
    """Such a duration that is not 0h or 0m."""

    def read(value: Any, path: str, faults: Faults) -> Any:
        written = shape(value, path, faults)
        if isinstance(written, str) and written[:1].isdigit() and not any(c in "123456789" for c in written):
            faults.add(path, "a duration is more than nothing")
        return written

    return read


def or_none(shape: Shape) -> Shape:
    """Such a value, or null as if the key were left out."""
    return lambda value, path, faults: None if value is None else shape(value, path, faults)


code = written_as(CODE_PATTERN, "write a code of letters, digits, dots, dashes and underscores, up to 50")
slug = written_as(r"^[a-z0-9][a-z0-9-]{0,49}$", "write a slug of small letters, digits and dashes, up to 50")
duration = more_than_nothing(written_as(DURATION_PATTERN, "write a duration like 4h, 30m or 1h30m"))
week_moment = written_as(rf"(?!$){WEEK_MOMENT_PATTERN}", 'write a weekday and a time, like "sat 00:00"')
currency = written_as(r"^[A-Z]{3}$", "write a currency code of three capitals, like USD")
span = written_as(SPAN_PATTERN, 'write a span as "HH:MM-HH:MM", with 24:00 allowed as its end')


def boolean(value: Any, path: str, faults: Faults) -> bool | None:
    """True or false."""
    if isinstance(value, bool):
        return value
    faults.add(path, "write true or false")
    return None


def text(value: Any, path: str, faults: Faults) -> Any:
    """A text: a plain string, or a map of strings by language."""
    if isinstance(value, str):
        return _plain(value, path, faults)
    if not isinstance(value, dict) or not value:
        faults.add(path, "write a text, or a map of texts by language" + unquoted(value))
        return ""
    for language, words in value.items():
        place = below(path, str(language))
        if not isinstance(language, str) or not LANGUAGE_CODE.fullmatch(language):
            faults.add(place, f"no language code: write one like en or zh-hans{unquoted(language)}")
        if not isinstance(words, str):
            faults.add(place, "write a text (in quotes where it looks like a number or a date)")
        else:
            _plain(words, place, faults)
    return dict(value)


def needed_text(value: Any, path: str, faults: Faults) -> Any:
    """A text that says something, in every language in which it is there."""
    words = text(value, path, faults)
    for key, written in words.items() if isinstance(words, dict) else [(None, words)]:
        if isinstance(written, str) and isinstance(value, str | dict) and not written.strip():
            faults.add(path if key is None else below(path, key), "the text is empty")
    return words


def _plain(value: str, path: str, faults: Faults) -> str:
    if len(value) > MAX_TEXT:
        faults.add(path, f"the text is longer than {MAX_TEXT:,} characters")
    if any(ord(letter) < 32 and letter not in "\n\t" for letter in value) or "\x7f" in value:
        faults.add(path, "the text has control characters")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        faults.add(path, "the text has half a character (a surrogate)")
    return value


def language(value: Any, path: str, faults: Faults) -> str | None:
    """A language code such as en or zh-hans."""
    if isinstance(value, str) and len(value) <= 15 and LANGUAGE_CODE.fullmatch(value):
        return value
    faults.add(path, f"no language code: write one like en or zh-hans{unquoted(value)}")
    return None


def zone(value: Any, path: str, faults: Faults) -> str | None:
    """An IANA time zone."""
    if isinstance(value, str) and value in ZONES:
        return value
    faults.add(path, f"no such time zone: {_short(value)}")
    return None


def zone_or_customer(value: Any, path: str, faults: Faults) -> str | None:
    """An IANA time zone, or `customer`."""
    return value if value == "customer" else zone(value, path, faults)


def day(value: Any, path: str, faults: Faults) -> date | None:
    """A date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    faults.add(path, "no date: write it as YYYY-MM-DD")
    return None


def instant(value: Any, path: str, faults: Faults) -> datetime | None:
    """A moment with its zone, given back in UTC and whole seconds."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, datetime) and value.tzinfo is not None:
        try:
            return value.astimezone(UTC).replace(microsecond=0)
        except OverflowError:
            pass
    faults.add(path, "no instant: write it as 2026-11-25T23:30:00Z")
    return None


def percent(value: Any, path: str, faults: Faults) -> int | None:
    """A share of the target, 1% to 99%, as a whole number."""
    if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]?%", value):
        return int(value[:-1])
    faults.add(path, "write a percentage from 1% to 99%")
    return None


def amount(value: Any, path: str, faults: Faults) -> str | None:
    """Money as a text with two decimals."""
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
        if number.is_finite() and 0 <= number < 10**10 and number == number.quantize(Decimal("0.01")):
            return str(number.quantize(Decimal("0.01")))
    except InvalidOperation:
        pass
    faults.add(path, 'write an amount with up to two decimals, like "250.00"')
    return None


def target(value: Any, path: str, faults: Faults) -> Any:
    """A target as written: `4h`, `2bd`, `nbd`, or `{in: 4h, counted: elapsed}`."""
    try:
        return parse_target(value).written
    except ValueError as error:
        faults.add(path, _short(error) + unquoted(value))
        return None


def _short(value: Any) -> str:
    words = str(value)
    return words if len(words) <= 100 else f"{words[:97]}..."
