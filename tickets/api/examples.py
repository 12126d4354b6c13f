"""Examples in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

NEW_TICKET = OpenApiExample(
    "A partner asks for an organization that it manages",
    value={
        "organization": "demo-jumpcloud-msp-standard",
        "subject": "Sign-in fails on every Mac",
        "description": "Since this morning nobody with a Mac can sign in. Windows works.",
        "severity": "S2",
        "external_reference": "MSP-4711",
        "best_time_to_contact": {"from": "09:00", "to": "12:00", "time_zone": "America/Denver"},
    },
    request_only=True,
)
TICKET = OpenApiExample(
    "A ticket",
    value={
        "number": 1042,
        "organization": "demo-jumpcloud-msp-standard",
        "subject": "Sign-in fails on every Mac",
        "description": "Since this morning nobody with a Mac can sign in. Windows works.",
        "status": "new",
        "severity": "S2",
        "support_type": "technical",
        "category": None,
        "product": None,
        "channel": "portal",
        "impact": None,
        "best_time_to_contact": {"from": "09:00", "to": "12:00", "time_zone": "America/Denver"},
        "device": None,
        "operating_system": None,
        "requester": "partner@demo-msp.example",
        "created_at": "2026-11-25T16:00:00Z",
        "closed_at": None,
        "reopen_until": None,
        "due_at": "2026-11-26T00:00:00Z",
        "escalation": None,
        "terms": {"policy": "jumpcloud-msp", "edition": 1, "plan": "standard", "coverage": "office"},
        "external_reference": "MSP-4711",
        "follows": None,
        "merged_into": None,
        "updated_at": "2026-11-25T16:00:00Z",
    },
    response_only=True,
    status_codes=["200", "201"],
)


def _listed(name: str, *results: dict[str, Any], **more: Any) -> OpenApiExample:
    """A page as it is answered."""
    value = {"results": list(results), "next": None} | more
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200"])


_FILE = {
    "key": "6f1e4a52-0d5b-4a53-9f0e-6b1c1f0f7a11",
    "message": 311,
    "name": "sign-in.log",
    "size": 18233,
    "content_type": "text/plain",
    "url": "https://support.example.com/files/eyJmIjoiNmYxZTRhNTIwZDViIn0:Lw3vN/",
}
_SAID = {
    "id": 311,
    "ticket": 1042,
    "body": "It happens on Windows too. The log is attached.",
    "visibility": "public",
    "author": "partner@demo-msp.example",
    "author_name": "Theo Brandt",
    "side": "customer",
    "channel": "portal",
    "created_at": "2026-11-25T16:20:00Z",
    "attachments": [_FILE],
}
MESSAGE = OpenApiExample("A message", value=_SAID, response_only=True, status_codes=["201"])
MESSAGES = _listed("A page of messages", _SAID)
FILES = _listed("A page of files", _FILE)
TICKETS = _listed("A page of tickets", TICKET.value)
CLOCKS = _listed(
    "A promise that runs",
    {
        "metric": "first_response",
        "cycle": 1,
        "state": "running",
        "severity": "S2",
        "target": "8h",
        "started_at": "2026-11-25T16:00:00Z",
        "due_at": "2026-11-26T00:00:00Z",
        "warn_at": "2026-11-25T22:00:00Z",
        "met_at": None,
        "paused": False,
        "paused_since": None,
        "breached": False,
        "counted": [
            {
                "from": "2026-11-25T16:00:00Z",
                "to": "2026-11-26T00:00:00Z",
                "seconds": 28800,
                "calendar": "office",
            }
        ],
        "skipped": [],
    },
)
_HAPPENED = {
    "id": 5120,
    "ticket": 1042,
    "organization": "demo-jumpcloud-msp-standard",
    "kind": "severity",
    "at": "2026-11-25T16:20:00Z",
    "recorded_at": "2026-11-25T16:20:00Z",
    "side": "customer",
    "actor": "partner@demo-msp.example",
    "message": None,
    "data": {"from": "S2", "to": "S1", "how": "raised", "reason": "Windows too."},
}
EVENTS = _listed("What happened to a ticket", _HAPPENED)
FEED = _listed("What is new", _HAPPENED, cursor="WzUxMjBd:L0wPZ6sY")
_NOTE = {
    "id": 7,
    "code": "third-party",
    "metric": "first_response",
    "cycle": 1,
    "text": "The fault lay with the network of your provider.",
    "created_at": "2026-11-26T09:00:00Z",
    "objection": "Our provider had no outage that day.",
    "objected_at": "2026-11-26T10:00:00Z",
    "answer": None,
    "answered_at": None,
    "withdrawn_at": None,
}
EXCLUSION = OpenApiExample("An exclusion", value=_NOTE, response_only=True, status_codes=["200"])
EXCLUSIONS = _listed("A page of exclusions", _NOTE)
_RATED = {
    "cycle": 1,
    "closed_at": "2026-11-27T15:00:00Z",
    "until": "2026-12-11T15:00:00Z",
    "score": 5,
    "comment": "Quick, and clear.",
    "answered_at": "2026-11-27T16:00:00Z",
    "changed_at": None,
}
RATING = OpenApiExample("very good", value={"score": 5, "comment": "Quick, and clear."}, request_only=True)
SURVEY = OpenApiExample("A survey", value=_RATED, response_only=True, status_codes=["200"])
SURVEYS = _listed("A page of surveys", _RATED)
_ENTRY = {
    "id": 12,
    "person": "agent@support.example",
    "seconds": 2700,
    "worked_until": "2026-11-26T11:45:00Z",
    "text": "Read the logs with the customer.",
    "is_billable": False,
    "recorded_at": "2026-11-26T11:46:00Z",
    "voids": None,
}
WORK = OpenApiExample("An entry", value=_ENTRY, response_only=True, status_codes=["201"])
WORK_LIST = _listed("A page of entries", _ENTRY)
