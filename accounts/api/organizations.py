"""``organizations/`` and ``contacts/``: whom the caller acts for, and the people there."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from accounts.api.describing import CONDITIONAL, NOT_MODIFIED, page_of, reads
from accounts.api.paging import Keyset, page
from accounts.api.reading import Instant, ListQuery, NoQuery, Text, instant, read_query
from accounts.enums import OrganizationKind, Sees
from accounts.models import Contact, Organization

BY_SLUG = Keyset("organizations", ("slug",))
BY_ID = Keyset("contacts", ("pk",))

_ORGANIZATION = {
    "slug": "demo-jumpcloud-msp-standard",
    "name": "Lumen Retail",
    "kind": "customer",
    "time_zone": "America/Denver",
    "language": "en",
    "access": "act",
}
_CONTACT = {
    "id": 11,
    "organization": "demo-jumpcloud-msp-standard",
    "email": "admin@demo-jumpcloud-msp-standard.example",
    "name": "Rosa Delgado",
    "is_administrator": True,
    "functions": [],
    "sees": "organization",
    "customer_approved_at": "2025-01-02T09:00:00Z",
    "vendor_approved_at": "2025-01-02T10:30:00Z",
    "revoked_at": None,
}


def _example(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200"])


def _listed(result: dict[str, Any]) -> dict[str, Any]:
    return {"results": [result], "next": None}


class OrganizationDocument(serializers.Serializer):
    """Whom you act for."""

    slug = serializers.CharField(help_text="The name by which every other address and field refers to it.")
    name = serializers.CharField(help_text="As people read it.")
    kind = serializers.ChoiceField(
        OrganizationKind.choices, help_text="A customer, or a partner that manages customers."
    )
    time_zone = serializers.CharField(help_text="IANA name.")
    language = serializers.CharField(help_text="In which it is written to.")
    access = serializers.ChoiceField(
        ["staff", "contact", "act", "read"],
        help_text="How you reach it: as staff, as a contact, or by a mandate to act or to read.",
    )


class ContactQuery(ListQuery):
    organization = Text(
        required=False, max_length=80, help_text="Only contacts of this organization (its slug)."
    )


class ContactDocument(serializers.Serializer):
    """A person's standing in an organization."""

    id = serializers.IntegerField(help_text="Names the contact.")
    organization = serializers.CharField(help_text="Slug.")
    email = serializers.EmailField(help_text="How the person signs in.")
    name = serializers.CharField(help_text="As people read it.")
    is_administrator = serializers.BooleanField(
        help_text="Whether they speak for the organization in everything."
    )
    functions = serializers.ListField(child=serializers.CharField(), help_text="Codes; empty: all functions.")
    sees = serializers.ChoiceField(Sees.choices, help_text="Which requests of the organization they see.")
    customer_approved_at = Instant(allow_null=True, help_text="When the customer agreed.")
    vendor_approved_at = Instant(allow_null=True, help_text="When we did.")
    revoked_at = Instant(allow_null=True, help_text="Staff also see contacts that were revoked.")


class OrganizationView(ApiView):
    staff_read = "accounts.view_organization"

    def document(self, row: Organization) -> dict[str, Any]:
        return {
            "slug": row.slug,
            "name": row.name,
            "kind": row.kind,
            "time_zone": row.time_zone,
            "language": row.language,
            "access": self._access(row.pk),
        }

    def _access(self, pk: int) -> str:
        if self.standing.is_staff:
            return "staff"
        if pk in self.standing.contacts:
            return "contact"
        return str(self.standing.mandates[pk].scope)

    def rows(self) -> Any:
        return Organization.objects.visible_to(self.request.user, self.at)  # type: ignore[arg-type]


class Organizations(OrganizationView):
    @extend_schema(
        operation_id="list_organizations",
        tags=["organizations"],
        summary="Organizations that you act for",
        parameters=[ListQuery, *CONDITIONAL],
        examples=[_example("A page of organizations", _listed(_ORGANIZATION))],
        responses={200: page_of(OrganizationDocument, "OrganizationPage"), 304: NOT_MODIFIED} | reads(),
    )
    def get(self, request: Request) -> Response:
        query = read_query(ListQuery, request.query_params)
        return Response(page(request, self.rows(), BY_SLUG, query, self.document))


class OneOrganization(OrganizationView):
    def find(self, slug: str) -> None:  # type: ignore[override]
        self.organization = self.rows().filter(slug=slug).first()
        if self.organization is None:
            raise NotFound

    @extend_schema(
        operation_id="read_organization",
        tags=["organizations"],
        summary="One organization",
        parameters=[*CONDITIONAL],
        examples=[_example("An organization", _ORGANIZATION)],
        responses={200: OrganizationDocument, 304: NOT_MODIFIED} | reads(404),
    )
    def get(self, request: Request, slug: str) -> Response:
        read_query(NoQuery, request.query_params)
        return Response(self.document(self.organization))


class Contacts(ApiView):
    staff_read = "accounts.view_contact"

    @extend_schema(
        operation_id="list_contacts",
        tags=["organizations"],
        summary="People of the organizations that you act for",
        parameters=[ContactQuery, *CONDITIONAL],
        examples=[_example("A page of contacts", _listed(_CONTACT))],
        responses={200: page_of(ContactDocument, "ContactPage"), 304: NOT_MODIFIED} | reads(),
    )
    def get(self, request: Request) -> Response:
        query = read_query(ContactQuery, request.query_params)
        rows = Contact.objects.select_related("user", "organization")
        if not self.standing.is_staff:
            rows = rows.active(self.at).filter(organization__in=self.standing.organization_ids)
        if slug := query.get("organization"):
            rows = rows.filter(organization__slug=slug)
        return Response(page(request, rows, BY_ID, query, contact_document))


def contact_document(row: Contact) -> dict[str, Any]:
    return {
        "id": row.pk,
        "organization": row.organization.slug,
        "email": row.user.email,
        "name": row.user.name,
        "is_administrator": row.is_administrator,
        "functions": row.functions,
        "sees": row.sees,
        "customer_approved_at": instant(row.customer_approved_at),
        "vendor_approved_at": instant(row.vendor_approved_at),
        "revoked_at": instant(row.revoked_at),
    }
