"""One fault put into a valid policy file: what is wrong there has a path, and the file is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

import yaml

from tests.terms.generator import made

Path = tuple[Any, ...]
NOWHERE: tuple[Any, ...] = ({"?": 1}, -1.5)
"""Values that are wrong in every place of the format."""


@dataclass(frozen=True)
class Faulty:
    """A file with one fault. `path` begins a line of the list; empty: the fault has a line and column."""

    text: bytes
    path: str
    slug: str


def faulty(seed: str) -> Faulty:
    """A random valid policy file with one random fault."""
    draw = Random(f"{seed} fault")
    policy = made(seed)
    slug = policy.document["policy"]
    if draw.random() < 0.12:
        return Faulty(_broken_text(draw, policy.text.encode()), "", slug)
    document = deepcopy(policy.document)
    path = draw.choice((_anything, _anything, _unknown_key, _missing, *_SINGLE))(draw, document)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    return Faulty(text.encode(), written(path), slug)


def written(path: Path) -> str:
    """A path as the list of faults writes it."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")


def _broken_text(draw: Random, text: bytes) -> bytes:
    """Text that is no YAML, or YAML that is no plain data."""
    lines = text.split(b"\n")
    place = draw.randrange(1, len(lines) - 1)
    kind = draw.randrange(7)
    if kind == 0:
        return b"\xff\xfe" + text
    if kind == 1:
        return text + b"\npolicy: twice\n"
    if kind == 2:
        return text.replace(b"source: drawn by lot", b"source: !!python/object/apply:os.getcwd []")
    if kind == 3:
        return text.replace(b"source: drawn by lot", b"source: &loop [*loop]")
    if kind == 4:
        return text.replace(b"source: drawn by lot", b"source: *nowhere")
    if kind == 5:
        return b"\n".join([*lines[:place], b"\t]: {", *lines[place:]])
    return text + b'\n"unended'


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place of a document below its root."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def at(document: Any, path: Path) -> Any:
    """What stands at a place."""
    for key in path:
        document = document[key]
    return document


def put(document: Any, path: Path, value: Any) -> Path:
    """Another value at a place."""
    at(document, path[:-1])[path[-1]] = value
    return path


def _anything(draw: Random, document: Any) -> Path:
    """A value that is wrong wherever it stands.

    A target is told of as a whole, and a short form under the long one that it stands for.
    """
    path = draw.choice(list(places(document)))
    put(document, path, deepcopy(draw.choice(NOWHERE)))
    is_told_above = path[-1] in ("in", "counted") or path[:2] == ("functions", "money")
    return path[:2] if path[0] == "functions" and is_told_above else path[:-1] if is_told_above else path


def _unknown_key(draw: Random, document: Any) -> Path:
    parts: list[Path] = [(), ("service_window",), ("holiday_sets", "public"), ("request_form",)]
    parts += [("calendars", name) for name in document["calendars"]]
    for name in ("severities", "support_types", "plans", "exclusions"):
        parts += [(name, number) for number in range(len(document[name]))]
    parts += [("plans", 0, "contacts"), ("plans", 0, "escalation", 1)]
    return put(document, (*draw.choice(parts), draw.choice(("colour", "on_hold", "Targets"))), "x")


def _missing(draw: Random, document: Any) -> Path:
    """A key that must be there is not."""
    places_: list[Path] = [("policy",), ("name",), ("severities",), ("plans",)]
    places_ += [("severities", 0, "code"), ("plans", 0, "code"), ("exclusions", 0, "text")]
    places_ += [("calendars", "office", "time_zone"), ("calendars", "second", "hours")]
    places_ += [
        ("service_window", "from"),
        ("plans", 1, "escalation", 0, "after"),
        ("functions", "service", "types"),
    ]
    places_ += [("plans", 0, "rates", "sponsored_partner", key) for key in ("amount", "currency", "per")]
    path = draw.choice(places_)
    del at(document, path[:-1])[path[-1]]
    return path


def _one_of(path: Path, *values: Any) -> Callable[[Random, Any], Path]:
    return lambda draw, document: put(document, path, draw.choice(values))


def _span(draw: Random, document: Any) -> Path:
    hours = document["calendars"]["office"]["hours"]
    key = draw.choice(list(hours))
    wrong = (
        "9:00-17:00",
        "24:00-08:00",
        "09:00-24:30",
        "25:00-26:00",
        "09:00",
        "09:60-10:00",
        "09.00-17.00",
        930,
    )
    hours[key].append(draw.choice(wrong))
    return ("calendars", "office", "hours", key, len(hours[key]) - 1)


def _weekday(draw: Random, document: Any) -> Path:
    key = draw.choice(("monday", "mon-", "fun-fri", "mon,,tue", "", "mon-fri-sun", "MON", 5, "weekdays"))
    put(document, ("calendars", "second", "hours", key), ["09:00-17:00"])
    return ("calendars", "second", "hours", str(key))


def _special_day(draw: Random, document: Any) -> Path:
    key = draw.choice(("2026-02-30", "tomorrow", "26-01-01", 20260101, "2026-13-01", "2026-1-1"))
    document["calendars"]["office"]["special_days"] = {key: []}
    return ("calendars", "office", "special_days", str(key))


def _target(draw: Random, document: Any) -> Path:
    wrong: tuple[Any, ...] = (
        "4x",
        "0h",
        "-1h",
        "0bd",
        "1.5h",
        "",
        "h",
        "2 h",
        "4H",
        "nbd2",
        "1m1h",
        4,
        True,
        [],
    )
    wrong += ({"in": "nbd", "counted": "elapsed"}, {"in": "4h", "counted": "covered"}, {"in": "4h"})
    metric = draw.choice(("first_response", "resolution"))
    place = ("plans", 0, "targets", metric)
    put(document, place, {"s1": draw.choice(wrong)})
    return (*place, "s1")


def _uncovered(draw: Random, document: Any) -> Path:
    """A target that counts while the coverage is open, and no coverage."""
    put(document, ("plans", -1, "targets"), {"first_response": draw.choice(("4h", "nbd", "2bd"))})
    return ("plans", len(document["plans"]) - 1, "targets", "first_response")


def _twice(draw: Random, document: Any) -> Path:
    name = draw.choice(("severities", "support_types", "exclusions", "plans"))
    document[name].append(deepcopy(document[name][0]))
    return (name, len(document[name]) - 1, "code")


def _two_kinds(draw: Random, document: Any) -> Path:
    document["holiday_sets"]["own"]["country"] = "US"
    return ("holiday_sets", "own")


def _closed(draw: Random, document: Any) -> Path:
    document["calendars"]["second"] = {"time_zone": "UTC", "hours": draw.choice(({}, {"mon": []}))}
    return ("calendars", "second", "hours")


def _reference(draw: Random, document: Any) -> Path:
    """A name that is nowhere in the file."""
    lists: list[Path] = [("plans", 0, key) for key in ("channels", "support_types", "when_overdue")]
    lists += [("plans", 0, "coverage", option) for option in "xyz"]
    lists += [
        ("calendars", "always", "holidays"),
        ("functions", "money"),
        ("plans", 0, "channel_limits", "portal"),
    ]
    place = draw.choice(lists)
    found = at(document, place)
    if place == ("functions", "money"):
        put(document, place, {"types": found})
        place = (*place, "types")
    found.append("nowhere")
    return (*place, len(found) - 1)


_PLAN: Path = ("plans", 0)
_SINGLE: tuple[Callable[[Random, Any], Path], ...] = (
    *(
        _span,
        _weekday,
        _special_day,
        _target,
        _uncovered,
        _twice,
        _two_kinds,
        _closed,
        _reference,
        _reference,
    ),
    _one_of(("policy",), "Capitals", "", "-x", "a b", "x" * 51, 7),
    _one_of(("terms",), "latest", "", True),
    _one_of(("default_severity",), "s9", "S1", ""),
    _one_of(("calendars", "office", "time_zone"), "Mars/Base", "", "Customer", "UTC+1", "../etc/passwd", 5),
    _one_of(("holiday_sets", "public"), {}, {"country": "QQ"}, {"market": "NOWHERE"}, {"subdivision": "CA"}),
    _one_of((*_PLAN, "warn_at"), "0%", "100%", "75", 75, 0.75),
    _one_of((*_PLAN, "reopen_days"), -1, 1.5, "14", True, 10**9),
    _one_of((*_PLAN, "own_targets"), "maybe", 1),
    _one_of((*_PLAN, "escalation", 1, "level"), 1, 3, 0, "two"),
    _one_of((*_PLAN, "escalation", 0, "after"), "4h", "soon", 4, "0h"),
    _one_of((*_PLAN, "targets", "applause"), "4h"),
    _one_of((*_PLAN, "targets", "resolution"), {"s9": "4h"}, {"high": None, "s1": "4h"}),
    _one_of((*_PLAN, "coverage", "x"), [], "office", ["nowhere"], ["office", "office"]),
    _one_of((*_PLAN, "coverage_for"), {"nothing": ["office"]}, {"billing": ["nowhere"]}, {"billing": []}),
    _one_of((*_PLAN, "channel_limits"), {"fax": ["s1"]}, {"portal": ["s9"]}, {"portal": "s1"}),
    _one_of((*_PLAN, "programs", "jumpstart"), "p0", "p9", ["none"]),
    _one_of((*_PLAN, "rates", "sponsored_partner", "amount"), "-1", "much", "1.005", "1e400", "NaN"),
    _one_of((*_PLAN, "contacts", "max"), 0, -5, "ten"),
    _one_of(("service_window", "from"), "saturday 00:00", "sat", "sat 25:00"),
    _one_of(("languages", 0), "english!", "", 5),
    _one_of(("channels", 0), "fax", {"name": "Portal"}, 5),
)
