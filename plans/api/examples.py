"""Examples in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample


def _read(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200"])


def _listed(name: str, result: dict[str, Any]) -> OpenApiExample:
    return _read(name, {"results": [result], "next": None})


_CONTRACT = {
    "id": 6,
    "organization": "demo-jumpcloud-msp-standard",
    "policy": "jumpcloud-msp",
    "edition": 1,
    "plan": "standard",
    "coverage": None,
    "product": None,
    "starts_on": "2025-01-01",
    "ends_on": "2027-12-31",
    "time_zone": "America/Denver",
    "is_trial": False,
    "overdue_since_on": None,
    "own_targets": {},
    "reference": None,
}
_POLICY = {
    "slug": "jumpcloud-msp",
    "name": "JumpCloud support for managed service providers",
    "description": "Support in three tiers for customers and the providers that manage them.",
    "edition": 1,
    "published_at": "2026-01-01T00:00:00Z",
    "contracts": "pinned",
    "severity_set_by": "proposed",
    "severities": [
        {
            "code": "S1",
            "name": "Severity 1",
            "description": "Nothing works any more.",
            "rank": 1,
            "is_default": False,
        }
    ],
    "support_types": [{"code": "technical", "name": "Technical support"}],
    "categories": [{"code": "sign-in", "name": "Sign-in and multi-factor"}],
    "request_form": {"category": True, "subject": True, "device": False},
    "plans": ["free", "standard", "premium"],
}
_PLAN = {
    "policy": "jumpcloud-msp",
    "edition": 1,
    "code": "standard",
    "name": "Standard support",
    "description": "Answers from people in office hours.",
    "severity_set_by": "proposed",
    "escalation": [{"level": 1, "name": "Support lead", "after": "request"}],
    "channels": ["email", "portal"],
    "channel_limits": {},
    "support_types": ["technical"],
    "coverage": {"office": ["office"]},
    "coverage_for": {},
    "targets": {"first_response": {"S1": "4h", "S2": "8h", "S3": "nbd"}},
    "targets_are": "commitments",
    "customer_may_escalate": True,
    "pause_on_hold": False,
    "reopen_days": 14,
    "auto_close_days": 7,
    "partner_may_submit": True,
}
CONTRACTS = _listed("A page of contracts", _CONTRACT)
POLICY, POLICIES = _read("A policy", _POLICY), _listed("A page of policies", _POLICY)
PLAN, PLANS = _read("A plan", _PLAN), _listed("A page of plans", _PLAN)
