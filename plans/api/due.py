"""``due/``: the question of the command ``due``, as a query."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from accounts.api.describing import CONDITIONAL, NOT_MODIFIED, reads
from accounts.api.reading import invalid, read_query, unknown
from plans.api.shapes import DueDocument, DueQuery
from plans.enums import EditionState
from plans.lines import LineError
from plans.models import Edition
from plans.policyfile.shapes import ZONES
from plans.questions import answer_due
from plans.terms import PolicyTerms, TermsError, policy_terms

_EXAMPLE = {
    "policy": "nextplane",
    "plan": "startup",
    "coverage": "us",
    "support_type": "technical",
    "severity": "P1",
    "metric": "first_response",
    "at": "2026-11-25T23:30:00Z",
}


class Due(ApiView):
    staff_read = "plans.view_policy"

    @extend_schema(
        operation_id="ask_due",
        tags=["terms"],
        summary="When is a promise due?",
        parameters=[DueQuery, *CONDITIONAL],
        examples=[
            OpenApiExample(
                "a promise", value=_EXAMPLE | {"due_at": "2026-11-27T19:30:00Z"}, response_only=True
            )
        ],
        responses={200: DueDocument, 304: NOT_MODIFIED} | reads(),
    )
    def get(self, request: Request) -> Response:
        case = read_query(DueQuery, request.query_params)
        source = policy_terms(self._edition(case))
        _check(case, source)
        try:
            return Response(answer_due(dict(case), lambda _case: source))
        except TermsError as error:
            if "time_zone" in case:
                raise _unanswerable() from error
            text = _("The hours are the customer's own: say in which time zone.")
            raise invalid("time_zone", "required", text) from error
        except LineError as error:
            text = _("This lies too far from “at”: ask for at most a hundred years.")
            raise invalid("until", "too_far", text) from error
        except (ValueError, OverflowError) as error:
            raise _unanswerable() from error

    def _edition(self, case: dict[str, Any]) -> Edition:
        """The edition asked about, else the published one. Drafts exist for staff alone."""
        editions = Edition.objects.filter(policy__slug=case["policy"]).select_related("policy")
        if not self.standing.is_staff:
            editions = editions.exclude(state=EditionState.DRAFT)
        if "edition" in case:
            editions, name = editions.filter(number=case["edition"]), "edition"
        else:
            editions, name = editions.published(), "policy"
        found = editions.first()
        if found is None:
            raise unknown(name)
        return found


def _check(case: dict[str, Any], source: PolicyTerms) -> None:
    """Raise ValidationError with the place of every code that the terms do not have."""
    if not source.has_plan(case["plan"]):
        raise unknown("plan")
    plan = source.plan(case["plan"])
    offered = {
        "coverage": list(plan["coverage"]),
        "support_type": plan["support_types"],
        "severity": list(source.severities),
    }
    text = _("The policy has no such code. These are: %(all)s.")
    faults = {
        name: [ErrorDetail(text % {"all": ", ".join(codes)}, "unknown")]
        for name, codes in offered.items()
        if name in case and case[name] not in codes
    }
    if "time_zone" in case and case["time_zone"] not in ZONES:
        words = _("There is no such time zone. Write one such as Europe/Paris.")
        faults["time_zone"] = [ErrorDetail(words, "zone")]
    if faults:
        raise ValidationError(faults)


def _unanswerable() -> ValidationError:
    text = _("The hours have too little open time for this: no answer within ten years.")
    return ValidationError({"non_field_errors": [ErrorDetail(text, "unanswerable")]})
