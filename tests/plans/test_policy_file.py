"""A policy file is read whole or refused whole, with every fault and its path; and it comes back the same."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.actions.publishing import import_document
from plans.policyfile import PolicyFileError, checked_document, read_document
from plans.policyfile.differences import differences
from plans.policyfile.from_rows import document_of
from plans.policyfile.weekdays import days_of, grouped
from plans.policyfile.writing import to_yaml
from tests.factories.plans import POLICIES, published_text

CASES = Path(__file__).resolve().parent.parent / "cases"
EXAMPLE = CASES / "example.yaml"
FILES = [*sorted(POLICIES.glob("*.yaml")), EXAMPLE]
SCHEMA = json.loads((POLICIES.parent / "policyfile" / "schema.json").read_text())
AT = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)

SMALL: dict[str, Any] = {
    "policy": "small",
    "name": "Small",
    "calendars": {"office": {"time_zone": "America/Chicago", "hours": {"mon-fri": ["08:00-17:00"]}}},
    "severities": [{"code": "high"}, {"code": "low"}],
    "support_types": [{"code": "technical"}],
    "channels": ["portal", "phone"],
    "plans": [
        {
            "code": "only",
            "coverage": {"office": ["office"]},
            "channels": ["portal"],
            "support_types": ["technical"],
            "targets": {"first_response": {"high": "4h"}},
        }
    ],
}


def faults_of(values: Any) -> list[str]:
    try:
        checked_document(values)
    except PolicyFileError as error:
        return [str(fault) for fault in error.faults]
    return []


def with_change(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The small file with one value put in, or taken out with `...`."""
    values = copy.deepcopy(SMALL)
    place: Any = values
    for key in path[:-1]:
        if isinstance(place, dict):
            place = place.setdefault(key, {})
        else:
            place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return values


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_files_that_ship_are_valid(file: Path) -> None:
    read_document(file.read_text())


FAULTS: list[tuple[tuple[Any, ...], Any, str]] = [
    (("policy",), ..., "policy: is missing"),
    (("policy",), "No Slug", "policy: write a slug"),
    (("name",), ..., "name: is missing"),
    (("name",), {"en": 5}, "name.en: write a text"),
    (("name",), {"English": "x"}, "name.English: no language code"),
    (("name",), [], "name: write a text"),
    (("nmae",), "x", "nmae: no such key"),
    (("terms",), "newest", "terms: write one of follow-latest, pinned"),
    (("language",), "ENGLISH", "language: no language code"),
    (("languages",), "en", "languages: write a list here"),
    (
        ("service_window",),
        {"time_zone": "Mars/Base", "from": "sat 00:00", "to": "sun 00:00"},
        "time_zone: no such",
    ),
    (
        ("service_window",),
        {"time_zone": "UTC", "from": "saturday", "to": "sun 00:00"},
        "service_window.from: write",
    ),
    (("holiday_sets",), {"x": {}}, "holiday_sets.x: write one of country, market, dates"),
    (("holiday_sets",), {"x": {"country": "US", "market": "ECB"}}, "holiday_sets.x: write one of"),
    (("holiday_sets",), {"x": {"country": "QQ"}}, "holiday_sets.x.country: its holidays are not known"),
    (("holiday_sets",), {"x": {"market": "QQQ"}}, "holiday_sets.x.market: its holidays are not known"),
    (("holiday_sets",), {"x": {"dates": {"2026-02-30": "?"}}}, "holiday_sets.x.dates.2026-02-30: no date"),
    (
        ("calendars", "office", "time_zone"),
        "Chicago",
        "calendars.office.time_zone: no such time zone: Chicago",
    ),
    (("calendars", "office", "time_zone"), ..., "calendars.office.time_zone: is missing"),
    (
        ("calendars", "office", "hours"),
        {"monday": ["08:00-17:00"]},
        "calendars.office.hours.monday: no weekday",
    ),
    (("calendars", "office", "hours"), {"mon": ["8-17"]}, "calendars.office.hours.mon[0]: write a span"),
    (
        ("calendars", "office", "hours"),
        {"mon": ["24:00-08:00"]},
        "calendars.office.hours.mon[0]: write a span",
    ),
    (
        ("calendars", "office", "hours"),
        {"mon": ["08:00-24:01"]},
        "calendars.office.hours.mon[0]: write a span",
    ),
    (
        ("calendars", "office", "hours"),
        {"mon": "08:00-17:00"},
        "calendars.office.hours.mon: write a list of spans",
    ),
    (("calendars", "office", "hours"), {}, "calendars.office.hours: the calendar never opens"),
    (("calendars", "office", "hours"), {"mon": []}, "calendars.office.hours: the calendar never opens"),
    (("calendars", "office", "holidays"), ["x"], "calendars.office.holidays[0]: no such holiday set: x"),
    (("calendars", "office", "special_days"), {"soon": []}, "calendars.office.special_days.soon: no date"),
    (("severities",), [], "severities: write at least one"),
    (("severities",), [{"code": "high"}, {"code": "high"}], "severities[1].code: high is there twice"),
    (("severities", 0, "code"), 1, "severities[0].code: write a code"),
    (("severities", 0), "high", "severities[0]: write a map here"),
    (("default_severity",), "P9", "default_severity: no such severity: P9"),
    (("severity_set_by",), "us", "severity_set_by: write one of"),
    (
        ("severity_from_impact",),
        [{"severity": "P9"}],
        "severity_from_impact[0].severity: no such severity: P9",
    ),
    (("functions",), {"x": ["sales"]}, "functions.x[0]: no such support type: sales"),
    (("functions",), {"x": {"types": ["sales"]}}, "functions.x.types[0]: no such support type: sales"),
    (("channels",), ["fax"], "channels[0]: write one of"),
    (("channels",), ["portal", "phone", "portal"], "channels[2]: portal is there twice"),
    (("channels",), [{"code": "fax"}], "channels[0].code: write one of"),
    (("request_form",), {"required": ["shoe_size"]}, "request_form.required[0]: write one of"),
    (
        ("request_form",),
        {"required": ["device"], "optional": ["device"]},
        "request_form.optional[0]: device is",
    ),
    (("queue",), "lifo", "queue: write one of first-come, next-due"),
    (("plans",), ..., "plans: is missing"),
    (("plans", 0, "coverage"), {"x": ["y"]}, "plans[0].coverage.x[0]: no such calendar: y"),
    (("plans", 0, "coverage"), {"x": []}, "plans[0].coverage.x: write at least one"),
    (("plans", 0, "coverage"), {}, "plans[0].targets.first_response: counts while the coverage is open"),
    (
        ("plans", 0, "coverage_for"),
        {"sales": ["office"]},
        "plans[0].coverage_for.sales: no such support type",
    ),
    (("plans", 0, "channels"), ["email"], "plans[0].channels[0]: no such channel: email"),
    (
        ("plans", 0, "channel_limits"),
        {"phone": ["low"]},
        "plans[0].channel_limits.phone: no such channel in this plan",
    ),
    (
        ("plans", 0, "channel_limits"),
        {"portal": ["P9"]},
        "plans[0].channel_limits.portal[0]: no such severity: P9",
    ),
    (("plans", 0, "support_types"), ["x"], "plans[0].support_types[0]: no such support type: x"),
    (
        ("plans", 0, "targets", "first_response", "P9"),
        "1h",
        "plans[0].targets.first_response.P9: no such severity",
    ),
    (("plans", 0, "targets", "first_response", "high"), "4x", "plans[0].targets.first_response.high: 4x"),
    (("plans", 0, "targets", "first_response", "high"), "0h", "plans[0].targets.first_response.high: 0h"),
    (("plans", 0, "targets", "first_response", "high"), 4, "plans[0].targets.first_response.high: 4"),
    (
        ("plans", 0, "targets", "first_response"),
        {"in": "4h", "counted": "twice"},
        "plans[0].targets.first_response: a",
    ),
    (("plans", 0, "targets", "applause"), "4h", "plans[0].targets.applause: no such metric"),
    (("plans", 0, "warn_at"), "100%", "plans[0].warn_at: write a percentage"),
    (("plans", 0, "warn_at"), 0.75, "plans[0].warn_at: write a percentage"),
    (("plans", 0, "pause_on_hold"), "yes", "plans[0].pause_on_hold: write true or false"),
    (("plans", 0, "reopen_days"), -1, "plans[0].reopen_days: write a whole number"),
    (("plans", 0, "reopen_days"), True, "plans[0].reopen_days: write a whole number"),
    (("plans", 0, "auto_close_days"), 10**30, "plans[0].auto_close_days: write a whole number"),
    (
        ("plans", 0, "escalation"),
        [{"level": 2, "name": "x", "after": "breach"}],
        "plans[0].escalation[0].level: levels",
    ),
    (
        ("plans", 0, "escalation"),
        [{"level": 1, "name": "x", "after": "4h"}],
        "plans[0].escalation[0].after: the first",
    ),
    (
        ("plans", 0, "escalation"),
        [{"level": 1, "name": "x", "after": "soon"}],
        "plans[0].escalation[0].after: write",
    ),
    (("plans", 0, "when_overdue"), ["x"], "plans[0].when_overdue[0]: no such support type: x"),
    (("plans", 0, "contacts"), {"max": 0}, "plans[0].contacts.max: write a whole number"),
    (("plans", 0, "contacts"), {"approval": "us"}, "plans[0].contacts.approval: write one of"),
    (
        ("plans", 0, "rates"),
        {"x": {"amount": "abc", "currency": "USD", "per": "hour"}},
        "plans[0].rates.x.amount: write",
    ),
    (
        ("plans", 0, "rates"),
        {"x": {"amount": "NaN", "currency": "usd", "per": "hour"}},
        "plans[0].rates.x.currency: write",
    ),
    (
        ("plans", 0, "rates"),
        {"x": {"amount": 1, "currency": "USD", "per": "hour", "coverage": "y"}},
        "coverage: no such",
    ),
    (("plans", 0, "programs"), {"x": "only"}, "plans[0].programs.x: no such other plan: only"),
    (("plans",), [SMALL["plans"][0], SMALL["plans"][0]], "plans[1].code: only is there twice"),
    (("scope",), [{"code": "x", "text": "y", "plans": ["z"]}], "scope[0].plans[0]: no such plan: z"),
    (("exclusions",), [{"code": "x"}], "exclusions[0].text: is missing"),
    (("exclusions",), [{"code": "x", "text": " "}], "exclusions[0].text: the text is empty"),
    (("name",), "", "name: the text is empty"),
    (("name",), {"en": "Small", "de": ""}, "name.de: the text is empty"),
    (("name",), "half \ud800", "name: the text has half a character"),
    (
        ("service_window",),
        {"time_zone": "UTC", "from": "", "to": "sun 00:00"},
        "service_window.from: write a weekday",
    ),
    (
        ("plans", 0, "rates"),
        {"x": {"amount": 1, "currency": "USD", "per": "hour", "round_up_to": "0h"}},
        "plans[0].rates.x.round_up_to: a duration is more than nothing",
    ),
    (("plans", 0, "targets", "first_response"), {None: "4h"}, "first_response.None: no such severity"),
    (("severities", 1, "code"), False, "(without quotes YAML reads it as false)"),
    (("plans", 0, "coverage"), {"x": ["y"]}, "no such calendar: y (there is office)"),
]


@pytest.mark.parametrize(("path", "value", "fault"), FAULTS, ids=[fault[:60] for *_, fault in FAULTS])
def test_a_fault_is_told_with_its_path(path: tuple[Any, ...], value: Any, fault: str) -> None:
    found = faults_of(with_change(path, value))
    assert any(fault in told for told in found), found


def test_the_small_file_itself_has_no_fault() -> None:
    assert faults_of(SMALL) == []


def test_every_fault_is_told_at_once() -> None:
    values = with_change(("default_severity",), "P9")
    values["plans"][0]["warn_at"] = "5"
    values["calendars"]["office"]["time_zone"] = "Nowhere"
    assert len(faults_of(values)) == 3


TEXTS = {
    "twice": ("policy: a\npolicy: b\n", "policy: this key is written twice"),
    "twice deep": ("plans:\n- {code: a, code: b}\n", "plans[0].code: this key is written twice"),
    "no yaml": ("policy: [", "no valid YAML"),
    "tabs": ("policy:\n\t- x", "no valid YAML"),
    "two documents": ("policy: a\n---\npolicy: b\n", "no valid YAML"),
    "python": ("policy: !!python/object/apply:os.system [ls]", "no valid YAML"),
    "itself": ("policy: &a [*a]", "contains itself"),
    "list": ("- policy", "a policy file is a map"),
    "empty": ("", "a policy file is a map"),
    "nul": ("policy: \x00", "no valid YAML"),
    "deep": ("policy: " + "[" * 5000, "no valid YAML"),
    "deeply nested": ("policy: " + "[" * 60 + "]" * 60, "nested too deeply"),
    "key": ("{[a, b]: c}", "a key is a plain word"),
    "long": ("#" * 1_000_001, "longer than"),
    "huge number": ("policy: " + "9" * 5000, "policy: write a slug"),
    "minutes to YAML": ("plans: [{code: a, reopen_days: 1:30}]", "reopen_days: write a whole number"),
    "octal to YAML": ("plans: [{code: a, reopen_days: 014}]", "reopen_days: write a whole number"),
    "clock time": (
        "plans: [{code: a, targets: {resolution: {x: 4:00}}}]",
        "resolution.x: 4:00: a target is written",
    ),
    "bool tag": ("plans: [{code: a, survey: !!bool x}]", "plans[0].survey: write true or false"),
    "int tag": ("plans: [{code: a, reopen_days: !!int ''}]", "reopen_days: write a whole number"),
    "date tag": ("holiday_sets: {x: {dates: {!!timestamp x: y}}}", "holiday_sets.x.dates.x: no date"),
    "bad date": ("holiday_sets: {x: {dates: {2026-02-30: x}}}", "holiday_sets.x.dates.2026-02-30: no date"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_no_policy_is_refused_in_words(name: str) -> None:
    text, fault = TEXTS[name]
    with pytest.raises(PolicyFileError) as caught:
        read_document(text)
    assert fault in str(caught.value)


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(PolicyFileError, match="aliases repeat them"):
        read_document("\n".join(lines))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PLACES = [path for path, *_ in FAULTS]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(path=st.sampled_from(PLACES), junk=JUNK)
def test_whatever_stands_there_is_never_a_traceback(path: tuple[Any, ...], junk: Any) -> None:
    assert isinstance(faults_of(with_change(path, junk)), list)


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="{}[]:,-&*!#|>'\" \nab1", max_size=60))
def test_whatever_is_written_is_never_a_traceback(text: str) -> None:
    with pytest.raises(PolicyFileError):
        read_document(text)


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("mon-fri", [0, 1, 2, 3, 4]),
        ("sat", [5]),
        ("mon,wed", [0, 2]),
        ("mon-sun", [0, 1, 2, 3, 4, 5, 6]),
        ("sun-thu", [6, 0, 1, 2, 3]),
        ("fri-mon, wed", [4, 5, 6, 0, 2]),
        ("mon-", None),
        ("", None),
        ("MON", None),
        (1, None),
    ],
)
def test_weekday_keys(key: Any, days: list[int] | None) -> None:
    assert days_of(key) == days


def test_weekly_hours_are_grouped_and_read_back() -> None:
    week = [["08:00-12:00"], ["08:00-12:00"], [], ["08:00-12:00"], [], ["10:00-11:00"], ["10:00-11:00"]]
    assert grouped(week) == {"mon-tue,thu": ["08:00-12:00"], "sat-sun": ["10:00-11:00"]}


def test_a_category_may_be_a_name_alone() -> None:
    named = ["hardware", "Login & passwords", {"code": "other", "name": "Other"}]
    document = checked_document(with_change(("request_form",), {"categories": named}))
    assert document["request_form"]["categories"] == [
        {"code": "hardware", "name": ""},
        {"code": "login-passwords", "name": "Login & passwords"},
        {"code": "other", "name": "Other"},
    ]
    assert read_document(to_yaml(document)) == document
    assert faults_of(with_change(("request_form",), {"categories": ["..."]}))[0].startswith(
        "request_form.categories[0]: write a code"
    )


TRAPS = ["one\x85two", "016", "1:30", "no", "a\u2028b", " lead", "two\nlines\n", "\ufeffx"]


@pytest.mark.parametrize("text", TRAPS)
def test_a_text_is_read_back_as_it_was_written(text: str) -> None:
    document = checked_document(with_change(("severities", 0, "description"), text))
    assert read_document(to_yaml(document)) == document


@pytest.mark.django_db
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_import_export_import_gives_the_same_policy(file: Path) -> None:
    document = read_document(file.read_text())
    edition = published_text(file.read_text())
    assert differences(document, document_of(edition)) == []
    assert document_of(edition) == document
    exported = to_yaml(document_of(edition))
    assert read_document(exported) == document
    again = import_document(document=read_document(exported), at=AT)
    assert (again.is_new, again.edition) == (False, edition)
    assert to_yaml(document_of(again.edition)) == exported


@pytest.mark.django_db
def test_plain_texts_and_maps_come_back_as_they_were() -> None:
    values = with_change(("name",), {"en": "Small", "zh-hant": "小"})
    values["severities"][0]["name"] = "Plain"
    edition = published_text(yaml.safe_dump(values, allow_unicode=True))
    exported = yaml.safe_load(to_yaml(document_of(edition)))
    assert exported["name"] == {"en": "Small", "zh-hant": "小"}
    assert exported["severities"] == [{"code": "high", "name": "Plain"}, {"code": "low"}]


def test_amendments_and_odd_values_come_back() -> None:
    values = with_change(("calendars", "office", "special_days"), {date(2026, 12, 24): ["08:00-12:00"]})
    values["calendars"]["office"]["amendments"] = [
        {"at": "2026-12-01T10:00:00+01:00", "days": {date(2026, 12, 31): []}}
    ]
    values["plans"][0] |= {"when_overdue": [], "warn_at": "50%", "auto_close_days": 0, "grace_days": 3}
    values["severity_from_impact"] = [{"severity": "high", "can_sign_in": False, "users_affected": 0}]
    document = checked_document(values)
    assert read_document(to_yaml(document)) == document
    assert document["calendars"]["office"]["amendments"][0]["at"] == datetime(2026, 12, 1, 9, tzinfo=UTC)


def as_json(value: Any) -> Any:
    """YAML values as a schema sees them: keys and dates are texts."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_schema_beside_accepts_what_is_valid(file: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(as_json(yaml.safe_load(file.read_text())))


def test_the_schema_knows_every_key_of_the_format() -> None:
    document = checked_document(SMALL)
    assert set(SCHEMA["properties"]) == set(document)
    assert set(SCHEMA["$defs"]["plan"]["properties"]) == set(document["plans"][0])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(with_change(("nmae",), "x"))
