"""Examples in the OpenAPI document."""

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
