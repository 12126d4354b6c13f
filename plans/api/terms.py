"""``contracts/``, ``policies/`` and ``plans/``: what is promised, and to whom.

Published terms are open to everybody with a token; contracts only to those who act for the organization.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from accounts.api.describing import CONDITIONAL, NOT_MODIFIED, page_of, reads
from accounts.api.paging import Keyset, page, page_of_rows
from accounts.api.reading import ListQuery, NoQuery, instant, read_query
from plans.api import examples
from plans.api.shapes import ContractDocument, ContractQuery, PlanDocument, PlanQuery, PolicyDocument
from plans.enums import EditionState
from plans.models import Contract, Edition, Plan
from plans.terms import policy_terms_of
from plans.texts import text_in

CONTRACTS = Keyset("contracts", ("pk",))
POLICIES = Keyset("policies", ("policy_id",))
PLANS = Keyset("plans", ("pk",))
# Of a plan in its policy file, what a caller reads as it stands there.
_AS_WRITTEN = (
    "channels",
    "channel_limits",
    "support_types",
    "coverage",
    "coverage_for",
    "targets",
    "targets_are",
    "customer_may_escalate",
    "pause_on_hold",
    "reopen_days",
    "auto_close_days",
    "partner_may_submit",
)


class Contracts(ApiView):
    staff_read = "plans.view_contract"

    @extend_schema(
        operation_id="list_contracts",
        tags=["terms"],
        summary="Contracts of the organizations that you act for",
        parameters=[ContractQuery, *CONDITIONAL],
        examples=[examples.CONTRACTS],
        responses={200: page_of(ContractDocument, "ContractPage"), 304: NOT_MODIFIED} | reads(),
    )
    def get(self, request: Request) -> Response:
        query = read_query(ContractQuery, request.query_params)
        published = Edition.objects.filter(policy=OuterRef("policy"), state=EditionState.PUBLISHED)
        rows = (
            Contract.objects.visible_to(request.user, self.at)  # type: ignore[arg-type]
            .select_related("organization", "policy", "product")
            .annotate(edition_number=Coalesce("edition__number", Subquery(published.values("number")[:1])))
        )
        if slug := query.get("organization"):
            rows = rows.filter(organization__slug=slug)
        return Response(page(request, rows, CONTRACTS, query, contract_document))


class PolicyView(ApiView):
    staff_read = "plans.view_policy"

    def rows(self) -> Any:
        """Published editions: one a policy."""
        plans = Plan.objects.filter(edition=OuterRef("pk")).order_by("position", "pk").values("code")
        rows = Edition.objects.published().select_related("policy").annotate(plan_codes=ArraySubquery(plans))
        return rows.prefetch_related("severities", "support_types", "categories", "request_fields")


class Policies(PolicyView):
    @extend_schema(
        operation_id="list_policies",
        tags=["terms"],
        summary="Published policies",
        parameters=[ListQuery, *CONDITIONAL],
        examples=[examples.POLICIES],
        responses={200: page_of(PolicyDocument, "PolicyPage"), 304: NOT_MODIFIED} | reads(),
    )
    def get(self, request: Request) -> Response:
        query = read_query(ListQuery, request.query_params)
        return Response(page(request, self.rows(), POLICIES, query, policy_document))


class OnePolicy(PolicyView):
    def find(self, slug: str) -> None:  # type: ignore[override]
        self.edition = self.rows().filter(policy__slug=slug).first()
        if self.edition is None:
            raise NotFound

    @extend_schema(
        operation_id="read_policy",
        tags=["terms"],
        summary="One policy",
        parameters=[*CONDITIONAL],
        examples=[examples.POLICY],
        responses={200: PolicyDocument, 304: NOT_MODIFIED} | reads(404),
    )
    def get(self, request: Request, slug: str) -> Response:
        read_query(NoQuery, request.query_params)
        return Response(policy_document(self.edition))


class PlanView(ApiView):
    staff_read = "plans.view_plan"

    def rows(self) -> Any:
        rows = Plan.objects.filter(edition__state=EditionState.PUBLISHED)
        return rows.select_related("edition__policy")


class Plans(PlanView):
    @extend_schema(
        operation_id="list_plans",
        tags=["terms"],
        summary="Plans of the published policies",
        parameters=[PlanQuery, *CONDITIONAL],
        examples=[examples.PLANS],
        responses={200: page_of(PlanDocument, "PlanPage"), 304: NOT_MODIFIED} | reads(),
    )
    def get(self, request: Request) -> Response:
        query = read_query(PlanQuery, request.query_params)
        rows = self.rows()
        if slug := query.get("policy"):
            rows = rows.filter(edition__policy__slug=slug)
        return Response(page_of_rows(request, rows, PLANS, query, plan_documents))


class OnePlan(PlanView):
    def find(self, policy: str, code: str) -> None:  # type: ignore[override]
        self.plan = self.rows().filter(edition__policy__slug=policy, code=code).first()
        if self.plan is None:
            raise NotFound

    @extend_schema(
        operation_id="read_plan",
        tags=["terms"],
        summary="One plan",
        parameters=[*CONDITIONAL],
        examples=[examples.PLAN],
        responses={200: PlanDocument, 304: NOT_MODIFIED} | reads(404),
    )
    def get(self, request: Request, policy: str, code: str) -> Response:
        read_query(NoQuery, request.query_params)
        return Response(plan_documents([self.plan])[0])


def contract_document(row: Any) -> dict[str, Any]:
    """A contract; ``edition_number`` is annotated."""
    return {
        "id": row.pk,
        "organization": row.organization.slug,
        "policy": row.policy.slug,
        "edition": row.edition_number,
        "plan": row.plan_code,
        "coverage": row.coverage_option or None,
        "product": row.product.code if row.product else None,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on and row.ends_on.isoformat(),
        "time_zone": row.zone,
        "is_trial": row.is_trial,
        "overdue_since_on": row.overdue_since_on and row.overdue_since_on.isoformat(),
        "own_targets": row.own_targets,
        "reference": row.reference or None,
    }


def policy_document(edition: Any) -> dict[str, Any]:
    """A policy, as its published edition has it; ``plan_codes`` is annotated."""
    return {
        "slug": edition.policy.slug,
        "name": edition.title(),
        "description": text_in(edition.description),
        "edition": edition.number,
        "published_at": instant(edition.published_at),
        "contracts": edition.terms,
        "severity_set_by": edition.severity_set_by,
        "severities": [
            {
                "code": severity.code,
                "name": severity.title(),
                "description": text_in(severity.description),
                "rank": severity.rank,
                "is_default": severity.is_default,
            }
            for severity in edition.severities.all()
        ],
        "support_types": [{"code": kind.code, "name": kind.title()} for kind in edition.support_types.all()],
        "categories": [{"code": kind.code, "name": kind.title()} for kind in edition.categories.all()],
        "request_form": {field.code: field.is_required for field in edition.request_fields.all()},
        "plans": edition.plan_codes,
    }


def plan_documents(rows: list[Plan]) -> list[dict[str, Any]]:
    """Plans as their policy file has them. One query, and more for editions that were not read before."""
    sources = policy_terms_of({row.edition for row in rows})
    return [_plan_document(row, sources[row.edition_id].plan(row.code)) for row in rows]


def _plan_document(row: Plan, written: dict[str, Any]) -> dict[str, Any]:
    return {
        "policy": row.edition.policy.slug,
        "edition": row.edition.number,
        "code": row.code,
        "name": row.title(),
        "description": text_in(row.description),
        "severity_set_by": row.severity_rule,
        "escalation": [level | {"name": text_in(level["name"])} for level in written["escalation"]],
    } | {name: written[name] for name in _AS_WRITTEN}
