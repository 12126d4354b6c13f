"""Whatever is sent, the answer is a problem that names the place, never a fault of ours."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, quote, urlencode

import pytest

from plans.actions.publishing import import_document
from plans.policyfile import read_document
from tests.api.conftest import START
from tests.api.test_doors import FORM, form
from tests.factories.plans import POLICIES, published
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
HUGE = 10**400
VALUES = [
    None,
    True,
    0,
    -1,
    HUGE,
    1.5,
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "x" * 60_000,
    [],
    ["x"],
    {},
    {"x": 1},
    [[[[]]]],
    "'; DROP TABLE x; --",
    "\u202e",
    "\U0001f600" * 300,
]
TICKET_FIELDS = (
    "organization",
    "subject",
    "description",
    "severity",
    "support_type",
    "category",
    "product",
    "device",
    "operating_system",
    "external_reference",
    "impact",
    "best_time_to_contact",
    "accepts_rate",
    "channel",
    "requester",
    "received_at",
)


@pytest.mark.parametrize("field", TICKET_FIELDS)
def test_any_value_in_any_field_of_a_new_ticket(admin, agent, field):
    for value in VALUES:
        answer = admin.post("tickets/", {"subject": "x", field: value})
        assert answer.status in (201, 400, 403), (value, answer.body)
        if answer.status == 400:
            assert all(
                error["pointer"].startswith(f"/{field}") or value == "\ud800"
                for error in answer.body["errors"]
            ), value
        staff = agent.post(
            "tickets/",
            {"organization": "managed", "requester": "admin@managed.example", "subject": "x", field: value},
        )
        assert staff.status in (201, 400, 403), (value, staff.body)


@pytest.mark.parametrize(
    "field", ["external_reference", "category", "severity", "severity_how", "severity_reason"]
)
def test_any_value_in_any_field_of_a_change(admin, ticket, field):
    whole = {"severity": "S1", "severity_how": "raised", "severity_reason": "worse"}
    for value in VALUES:
        body = (whole if field.startswith("severity") else {}) | {field: value}
        assert admin.patch(f"tickets/{ticket.pk}/", body).status in (200, 400, 403), value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"subject": "\xff"}',
        b"[]",
        b'"text"',
        b"5",
        b"null",
        b"true",
        b"NaN",
        b'{"subject": NaN}',
        b'{"subject": Infinity}',
        b'{"subject": "a", "subject": "b"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"subject": ' + b"9" * 5000 + b"}",
        b"\x00",
        b'{"subject": "x"} trailing',
    ],
)
def test_bodies_that_are_no_ticket(admin, raw):
    answer = admin("POST", "tickets/", raw)
    assert answer.status == 400, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not Ticket.objects.exists()


def test_a_body_that_is_too_large(admin):
    answer = admin("POST", "tickets/", b'{"subject": "' + b"x" * 2_000_000 + b'"}')
    assert (answer.status, answer.code) == (413, "too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_other_content_types(admin, kind):
    assert admin("POST", "tickets/", b'{"subject": "x"}', Content_Type=kind).status == 415


def test_unknown_fields_are_named(admin, ticket):
    answer = admin.post("tickets/", {"subject": "x", "status": "closed", "number": 5, "is_staff": True})
    assert answer.pointers == {
        "/status": "unknown_field",
        "/number": "unknown_field",
        "/is_staff": "unknown_field",
    }
    nested = admin.post("tickets/", {"subject": "x", "impact": {"can_sign_in": "no", "who": 1}})
    assert nested.pointers == {"/impact/who": "unknown_field", "/impact/can_sign_in": "invalid"}
    assert admin.patch(f"tickets/{ticket.pk}/", {"status": "closed"}).pointers == {"/status": "unknown_field"}


def test_lines_stay_lines(admin):
    made = admin.post("tickets/", {"subject": " one\r\ntwo\u2028three\t", "description": "a\nb"})
    assert (made.body["subject"], made.body["description"]) == ("one two three", "a\nb")


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_mistakes_are_told_in_the_callers_language(nobody, admin, language):
    sent = {"subject": 5, "x": 1, "accepts_rate": "yes", "device": "\0", "impact": {"users_affected": -1}}
    told = [
        error["detail"] for error in admin.post("tickets/", sent, Accept_Language=language).body["errors"]
    ]
    told += [
        error["detail"] for error in admin.get("tickets/?limit=x&q=", Accept_Language=language).body["errors"]
    ]
    told += [nobody.get("tickets/", Accept_Language=language).body["detail"]]
    told += [admin("DELETE", "tickets/", Accept_Language=language).body["detail"]]
    told += [admin("POST", "tickets/", b"x", Content_Type="a/b", Accept_Language=language).body["detail"]]
    assert all(re.search("[\u4e00-\u9fff]", words) for words in told), told


def test_titles_say_what_the_status_means(admin, ticket):
    titles = {admin.get(path).body["title"] for path in ("tickets/0/", "organizations/other/", "x/")}
    assert titles == {"Not found"}


def test_writes_and_single_reads_take_no_query(admin, ticket):
    for verb, path in (
        ("POST", "tickets/"),
        ("GET", f"tickets/{ticket.pk}/"),
        ("GET", "policies/jumpcloud-msp/"),
    ):
        assert admin(verb, f"{path}?dry_run=true", {"subject": "x"}).pointers == {"/dry_run": "unknown_field"}
    assert Ticket.objects.count() == 1


def test_a_plus_that_was_not_escaped(admin, ticket):
    found = admin.get("tickets/?updated_since=2026-12-02T18:00:00+01:00")
    assert [row["number"] for row in found.body["results"]] == [ticket.pk]
    due = admin.get(f"due/?{BASE.replace('17:00:00Z', '18:00:00+01:00')}").body
    assert (due["at"], due["due_at"]) == ("2026-12-02T18:00:00+01:00", "2026-12-02T21:00:00Z")


def test_several_mistakes_are_told_at_once(admin):
    answer = admin.post("tickets/", {"subject": " ", "severity": 5, "impact": {"users_affected": -1}})
    assert answer.pointers == {
        "/subject": "blank",
        "/severity": "invalid",
        "/impact/users_affected": "min_value",
    }


@pytest.mark.parametrize("field", ["severity", "support_type"])
def test_codes_that_the_policy_does_not_have(admin, field):
    assert admin.post("tickets/", {"subject": "x", field: "P9"}).pointers == {f"/{field}": "unknown"}


def test_what_only_staff_give(admin, scene):
    assert admin.post("tickets/", {"subject": "x", "requester": "admin@other.example"}).pointers == {
        "/requester": "staff_only"
    }
    assert admin.post("tickets/", {"subject": "x", "received_at": "2026-12-02T16:00:00Z"}).pointers == {
        "/received_at": "staff_only"
    }
    # Another channel counts as the portal: nobody gets around a rule of the portal by naming the phone.
    assert admin.post("tickets/", {"subject": "x", "channel": "phone"}).body["channel"] == "portal"


def test_what_staff_must_give(agent, scene):
    base = {"subject": "x", "organization": "managed"}
    assert agent.post("tickets/", base).pointers == {"/requester": "required"}
    assert agent.post("tickets/", base | {"requester": "nobody@x.example"}).pointers == {
        "/requester": "unknown"
    }
    asked = base | {"requester": "admin@managed.example"}
    assert agent.post("tickets/", asked | {"received_at": "2027-01-01T00:00:00Z"}).pointers == {
        "/received_at": "in_future"
    }
    called = agent.post("tickets/", asked | {"received_at": "2026-12-02T09:30:00-07:00", "channel": "email"})
    assert (called.status, called.body["created_at"]) == (201, "2026-12-02T16:30:00Z")
    stranger = agent.post("tickets/", asked | {"requester": "admin@other.example"})
    assert (stranger.status, stranger.code) == (403, "contact_not_authorised")


LIST_QUERIES = [
    "limit=0",
    "limit=101",
    "limit=-1",
    "limit=x",
    "limit=",
    "limit=1.5",
    f"limit={HUGE}",
    "cursor=x",
    "cursor=%00",
    "cursor=" + "x" * 600,
    "limit=5&limit=6",
    "no_such=1",
    "ordering=contact__user__password",
    "page=2",
]


@pytest.mark.parametrize(
    "path", ["tickets/", "events/", "organizations/", "contacts/", "contracts/", "policies/", "plans/"]
)
def test_bad_queries_of_lists(admin, path):
    for query in LIST_QUERIES:
        answer = admin.get(f"{path}?{query}")
        assert answer.status == 400, query
        assert answer.body["errors"], query


@pytest.mark.parametrize(
    "query",
    [
        "status=x",
        "status=",
        "status=open,",
        "updated_since=yesterday",
        "updated_since=2026-12-02T17:00:00",
        "updated_since=0001-01-01T00:00:00%2B14:00",
        "updated_since=99999-01-01T00:00:00Z",
        "q=%00",
        "organization=%00",
        "severity=%00",
        "external_reference=%00",
        "q=" + "x" * 101,
    ],
)
def test_bad_filters(admin, query):
    assert admin.get(f"tickets/?{query}").status == 400, query


@pytest.mark.parametrize(
    "number", ["0", "99999999999999999999", "9" * 5000, "-1", "1.5", "abc", "%00", "1%00"]
)
def test_numbers_that_no_ticket_has(admin, number):
    assert admin.get(f"tickets/{number}/").status == 404
    assert admin.post(f"tickets/{number}/messages/", {"body": "x"}).status == 404


def test_words_are_searched_as_they_are(admin, ticket):
    assert admin.get("tickets/?q=broke").body["results"]
    assert admin.get(f"tickets/?q={ticket.pk}").body["results"]
    for q in ("%", "_", "\\", "' OR 1=1", "9" * 18, "9" * 30):
        assert admin.get(f"tickets/?q={quote(q)}").status == 200, q


@pytest.mark.parametrize("key", ["x" * 256, "a b", "é", ""])
def test_keys_that_are_none(admin, key):
    answer = admin.post("tickets/", {"subject": "x"}, Idempotency_Key=key)
    assert answer.status == 400
    assert answer.pointers == {"/Idempotency-Key": "invalid"}


def test_files_that_are_none(admin, ticket):
    path = f"tickets/{ticket.pk}/attachments/"
    assert admin("POST", path, form(b"", "empty.txt"), Content_Type=FORM).status == 400
    assert admin("POST", path, b"--xx--\r\n", Content_Type=FORM).pointers == {"/file": "required"}
    assert admin("POST", path, b"rubbish", Content_Type=FORM).status == 400
    assert admin("POST", path, b"{}", Content_Type="multipart/form-data").status == 400
    assert admin("POST", path, json.dumps({"file": "x"})).status == 415
    twice = form(b"x", "a.txt").removesuffix(b"--xx--\r\n") + form(b"y", "b.txt")
    assert admin("POST", path, twice, Content_Type=FORM).pointers == {"/file": "repeated"}
    assert admin("POST", path, form(b"x", "a.txt", body="a\x00b"), Content_Type=FORM).status == 400
    sent = admin("POST", path, form(b"x", "../../et\x00c/passwd"), Content_Type=FORM)
    assert sent.status in (201, 400)
    assert admin("POST", path, form(b"x", "a.txt", other="1"), Content_Type=FORM).pointers == {
        "/other": "unknown_field"
    }


BASE = "policy=jumpcloud-msp&plan=standard&severity=S1&metric=first_response&at=2026-12-02T17:00:00Z"


@pytest.mark.parametrize(
    "query",
    [
        "",
        BASE + "&policy=x",
        BASE.replace("S1", "S9"),
        BASE.replace("standard", "x"),
        BASE.replace("jumpcloud", "%00"),
        BASE.replace("first_response", "x"),
        BASE.replace("2026-12-02T17:00:00Z", "x"),
        BASE + "&until=x",
        BASE + "&time_zone=x",
        BASE + "&time_zone=%00",
        BASE + "&coverage=x",
        BASE + "&explain=perhaps",
        BASE + "&edition=0",
        BASE + "&edition=99",
        BASE + f"&edition={HUGE}",
        BASE + "&x=1",
        BASE.replace("2026", "9999"),
        BASE + "&until=9999-12-31T23:59:59Z",
    ],
)
def test_bad_questions(admin, query):
    assert admin.get(f"due/?{query}").status in (200, 400), query
    if query.startswith(BASE):
        assert admin.get(f"due/?{query}").status == 400, query


def test_mistakes_of_a_question_have_their_place(admin):
    for name, value in (
        ("policy", "x"),
        ("plan", "x"),
        ("coverage", "x"),
        ("support_type", "x"),
        ("severity", "S9"),
        ("time_zone", "Mars/Base"),
        ("edition", "99"),
    ):
        asked = dict(parse_qsl(BASE)) | {name: value}
        assert list(admin.get(f"due/?{urlencode(asked)}").pointers) == [f"/{name}"], name
    assert admin.get(f"due/?{BASE}&until=9999-12-31T23:59:59Z").pointers == {"/until": "too_far"}
    published("nexraid")
    local = BASE.replace("jumpcloud-msp", "nexraid").replace("standard", "paid").replace("S1", "high")
    assert admin.get(f"due/?{local}&support_type=billing").pointers == {"/time_zone": "required"}


def test_a_draft_is_asked_about_by_staff_alone(admin, agent, ticket):
    text = (POLICIES / "jumpcloud-msp.yaml").read_text().replace("S1: 4h", "S1: 3h")
    draft = import_document(document=read_document(text), at=START).edition
    assert draft.is_draft
    assert admin.get(f"due/?{BASE}&edition={draft.number}").pointers == {"/edition": "unknown"}
    assert agent.get(f"due/?{BASE}&edition={draft.number}").status == 200


def test_the_question_of_the_command(admin):
    answer = admin.get(f"due/?{BASE}&explain=true&until=2026-12-03T17:00:00Z")
    assert answer.status == 200
    assert answer.body == {
        "policy": "jumpcloud-msp",
        "plan": "standard",
        "severity": "S1",
        "metric": "first_response",
        "at": "2026-12-02T17:00:00Z",
        "until": "2026-12-03T17:00:00Z",
        "explain": True,
        "due_at": "2026-12-02T21:00:00Z",
        "counted": [
            {
                "from": "2026-12-02T17:00:00Z",
                "to": "2026-12-02T21:00:00Z",
                "seconds": 14400,
                "calendar": "office",
            }
        ],
        "skipped": [],
        "counted_seconds": 8 * 3600,
    }
