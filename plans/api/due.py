"""``due/``: the question of the command ``due``, as a query."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from accounts.api.describing import IF_NONE_MATCH, NOT_MODIFIED, reads
from accounts.api.reading import read_query
from plans.api.shapes import DueDocument, DueQuery
from plans.questions import answer_due, book_of_database

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
        parameters=[DueQuery, IF_NONE_MATCH],
        examples=[
            OpenApiExample(
                "a promise", value=_EXAMPLE | {"due_at": "2026-11-27T19:30:00Z"}, response_only=True
            )
        ],
        responses={200: DueDocument, 304: NOT_MODIFIED} | reads(),
    )
    def get(self, request: Request) -> Response:
        case = read_query(DueQuery, request.query_params)
        try:
            return Response(answer_due(dict(case), book_of_database()))
        except (ValueError, OverflowError) as error:
            text = str(error) or _("This question can't be answered.")
            raise ValidationError({"non_field_errors": [ErrorDetail(text, "unanswerable")]}) from error
