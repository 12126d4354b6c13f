"""Simple rows of an edition: severities, types, channels, functions, the form, clauses."""

from __future__ import annotations

from django.contrib import admin

from plans.admin.base import OfEditionAdmin
from plans.models import (
    Channel,
    Condition,
    ContactFunction,
    Entitlement,
    Exclusion,
    ImpactRule,
    RequestCategory,
    RequestField,
    ScopeItem,
    Severity,
    SupportType,
)


@admin.register(Severity)
class SeverityAdmin(OfEditionAdmin):
    list_display = ("code", "title", "rank", "is_default", "edition")
    fields = ("edition", "code", "rank", "name", "description", "examples", "is_default")


@admin.register(SupportType)
class SupportTypeAdmin(OfEditionAdmin):
    list_display = ("code", "title", "needs_licence", "identity_check", "edition")
    fields = (
        *("edition", "code", "position", "name", "description", "examples"),
        *("needs_licence", "identity_check"),
    )


@admin.register(Channel)
class ChannelAdmin(OfEditionAdmin):
    list_display = ("code", "title", "edition")
    fields = ("edition", "code", "position", "name", "how_to")


@admin.register(ContactFunction)
class ContactFunctionAdmin(OfEditionAdmin):
    list_display = ("code", "edition")
    fields = ("edition", "code", "position", "name", "support_types")


@admin.register(RequestField)
class RequestFieldAdmin(OfEditionAdmin):
    list_display = ("code", "is_required", "edition")
    fields = ("edition", "code", "position", "is_required")


@admin.register(RequestCategory)
class RequestCategoryAdmin(OfEditionAdmin):
    list_display = ("code", "title", "edition")
    fields = ("edition", "code", "position", "name")


@admin.register(ImpactRule)
class ImpactRuleAdmin(OfEditionAdmin):
    list_display = ("position", "severity", "can_sign_in", "users_affected", "executives_affected", "edition")
    list_select_related = ("edition__policy", "severity")
    search_fields = ()
    fields = ("edition", "position", "severity", "can_sign_in", "executives_affected", "users_affected")


@admin.register(Exclusion, Condition)
class ClauseAdmin(OfEditionAdmin):
    list_display = ("code", "words", "edition")
    fields = ("edition", "code", "position", "text")


@admin.register(ScopeItem)
class ScopeItemAdmin(OfEditionAdmin):
    list_display = ("code", "words", "edition")
    fields = ("edition", "code", "position", "text", "plans")


@admin.register(Entitlement)
class EntitlementAdmin(OfEditionAdmin):
    list_display = ("code", "title", "edition")
    fields = ("edition", "code", "position", "name")
