"""``organizations/`` and ``contacts/``: whom the caller acts for, and the people there."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from accounts.api.describing import IF_NONE_MATCH, NOT_MODIFIED, page_of, reads
from accounts.api.paging import Keyset, page
from accounts.api.reading import Instant, ListQuery, NoQuery, Text, instant, read_query
from accounts.enums import OrganizationKind, Sees
from accounts.models import Contact, Organization

BY_SLUG = Keyset("organizations", ("slug",))
BY_ID = Keyset("contacts", ("pk",))


class OrganizationDocument(serializers.Serializer):
    slug = serializers.CharField(help_text="The name by which every other address and field refers to it.")
    name = serializers.CharField()
    kind = serializers.ChoiceField(OrganizationKind.choices)
    time_zone = serializers.CharField(help_text="IANA name.")
    language = serializers.CharField()
    access = serializers.ChoiceField(
        ["staff", "contact", "act", "read"],
        help_text="How you reach it: as staff, as a contact, or by a mandate to act or to read.",
    )


class ContactQuery(ListQuery):
    organization = Text(
        required=False, max_length=80, help_text="Only contacts of this organization (its slug)."
    )


class ContactDocument(serializers.Serializer):
    id = serializers.IntegerField()
    organization = serializers.CharField()
    email = serializers.EmailField()
    name = serializers.CharField()
    is_administrator = serializers.BooleanField()
    functions = serializers.ListField(child=serializers.CharField(), help_text="Codes; empty: all functions.")
    sees = serializers.ChoiceField(Sees.choices)
    customer_approved_at = Instant(allow_null=True)
    vendor_approved_at = Instant(allow_null=True)
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
        parameters=[ListQuery, IF_NONE_MATCH],
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
        parameters=[IF_NONE_MATCH],
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
        parameters=[ContactQuery, IF_NONE_MATCH],
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
