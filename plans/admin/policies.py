"""Policies and their editions: start a draft, load and save policy files.

Publishing replays real requests, so its page stands in the room above (`tickets.admin.publish`).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.admin.zones import ZoneField
from notices.admin import PlainAdmin
from plans.actions.publishing import import_document
from plans.admin.base import STAYS, TextsMixin
from plans.admin.drafting import start_draft
from plans.admin.reading import ReadInWords
from plans.models import Edition, Policy
from plans.policyfile import PolicyFileError, read_document
from plans.policyfile.differences import differences
from plans.policyfile.from_rows import document_of
from plans.policyfile.writing import to_yaml

MOST_BYTES = 2 * 1024 * 1024
# Relation of an edition, the model whose list shows it.
PARTS = (
    ("plans", "plan", _("Plans")),
    ("severities", "severity", _("Severities")),
    ("support_types", "supporttype", _("Support types")),
    ("channels", "channel", _("Channels")),
    ("calendars", "businesscalendar", _("Calendars")),
    ("holiday_sets", "holidayset", _("Holiday sets")),
    ("request_fields", "requestfield", _("Request form")),
    ("categories", "requestcategory", _("Categories")),
    ("impact_rules", "impactrule", _("Impact rules")),
    ("functions", "contactfunction", _("Contact functions")),
    ("entitlements", "entitlement", _("Entitlements")),
    ("scope_items", "scopeitem", _("Scope")),
    ("exclusions", "exclusion", _("Exclusions")),
    ("conditions", "condition", _("Conditions")),
)


class PolicyFileForm(forms.Form):
    """A policy file to load as a draft."""

    file = forms.FileField(
        label=_("Policy file"), error_messages={"required": _("Choose a policy file first (YAML).")}
    )

    use_required_attribute = False

    def clean_file(self) -> Any:
        """Read and check it; the value is the document."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("A policy file has at most 2 MB. Choose another file."))
        try:
            return read_document(file.read().decode("utf-8"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This is no text in UTF-8. Save it as YAML in UTF-8.")) from None
        except PolicyFileError as error:
            raise forms.ValidationError([str(fault) for fault in error.faults]) from None


@admin.register(Policy)
class PolicyAdmin(PlainAdmin):
    list_help = _("A policy keeps its name while its editions follow one another. Open one for its editions.")
    list_display = ("slug", "in_force", "draft_waits", "created_at")
    search_fields = ("slug",)
    fields = ("slug",)
    change_form_template = "admin/plans/policy/change_form.html"
    change_list_template = "admin/plans/policy/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("editions")

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> Any:
        return ("slug",) if obj else ()

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("load/", wrap(self.load_view), name="plans_policy_load"),
            path("<int:pk>/draft/", wrap(self.draft_view), name="plans_policy_draft"),
            *super().get_urls(),
        ]

    @admin.display(description=_("in force"))
    def in_force(self, policy: Policy) -> str:
        return next((str(e.number) for e in policy.editions.all() if e.state == "published"), "-")

    @admin.display(description=_("draft"), boolean=True)
    def draft_waits(self, policy: Policy) -> bool:
        return any(edition.is_draft for edition in policy.editions.all())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        policy = self.get_object(request, object_id)
        editions = list(policy.editions.order_by("-number")) if policy else []
        context = {"editions": editions, "draft": next((e for e in editions if e.is_draft), None)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def draft_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Start a draft that says what the edition in force says."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        policy = Policy.objects.filter(pk=pk).first()
        if policy is None:
            raise Http404
        draft = start_draft(policy)
        self.message_user(request, _("This is the draft. Nothing is promised by it until it is published."))
        return HttpResponseRedirect(reverse("admin:plans_edition_change", args=[draft.pk]))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def load_view(self, request: HttpRequest) -> HttpResponse:
        """Load a policy file as a draft; its faults are said, each with its place."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PolicyFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if request.method == "POST" and form.is_valid():
            made = import_document(document=form.cleaned_data["file"], at=request.at)  # type: ignore[attr-defined]
            said = _("Loaded as a draft.") if made.is_new else _("This edition says the same already.")
            self.message_user(request, said, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:plans_edition_differences", args=[made.edition.pk]))
        context = self.admin_site.each_context(request) | {
            "title": _("Load a policy file"),
            "form": form,
            "opts": self.opts,
        }
        status = 400 if form.errors else 200
        return TemplateResponse(request, "admin/plans/policy/load.html", context, status=status)


class EditionForm(forms.ModelForm):
    window_time_zone = ZoneField(
        label=_("zone of the service window"), required=False, extra=(("", _("no window")),)
    )


@admin.register(Edition)
class EditionAdmin(ReadInWords, TextsMixin, PlainAdmin):
    form = EditionForm
    list_help = _("One version of a policy's terms. A published one stays as it is.")
    list_display = ("__str__", "title", "state", "published_at", "retired_at")
    list_filter = ("state", "policy")
    list_select_related = ("policy",)
    ordering = ("policy__slug", "-number")
    change_form_template = "admin/plans/edition/change_form.html"
    fieldsets = (
        (None, {"fields": ("name", "description", "source")}),
        (_("Rules"), {"fields": ("terms", "severity_set_by", "queue", "language", "languages")}),
        (
            _("Service window"),
            {
                "fields": ("window_time_zone", ("window_from", "window_to")),
                "description": _("When planned downtime may fall, such as sat 00:00 to sun 00:00."),
            },
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/differences/", wrap(self.differences_view), name="plans_edition_differences"),
            path("<int:pk>/policy.yaml", wrap(self.file_view), name="plans_edition_file"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("policy")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A draft is started on its policy's page, from the edition in force."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_delete_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and obj.is_draft

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        edition = self.get_object(request, object_id)
        context: dict[str, Any] = dict(extra_context or {})
        if edition is not None:
            context["parts"] = _parts(edition)
            context["may_publish"] = edition.is_draft and self.has_change_permission(request, edition)
            if not edition.is_draft:
                context["read_only_because"] = STAYS
        return super().change_view(request, object_id, form_url, context)

    @method_decorator(require_safe)
    def differences_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What an edition says otherwise than the one in force."""
        edition = Edition.objects.select_related("policy").filter(pk=pk).first()
        if edition is None:
            raise Http404
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        current = edition.policy.current()
        context = self.admin_site.each_context(request) | {
            "title": _("What %(name)s changes") % {"name": edition},
            "edition": edition,
            "current": current,
            "changes": differences(document_of(current) if current else None, document_of(edition)),
            "may_publish": edition.is_draft and self.has_change_permission(request, edition),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/plans/edition/differences.html", context)

    @method_decorator(require_safe)
    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The edition as a policy file."""
        edition = Edition.objects.select_related("policy").filter(pk=pk).first()
        if edition is None:
            raise Http404
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        response = HttpResponse(to_yaml(document_of(edition)), content_type="application/yaml; charset=utf-8")
        response["Content-Disposition"] = (
            f'attachment; filename="{edition.policy.slug}-{edition.number}.yaml"'
        )
        return response


def _parts(edition: Edition) -> list[dict[str, Any]]:
    """The lists that an edition holds, with how many rows each has. One query."""
    counted = Edition.objects.filter(pk=edition.pk).values(
        **{f"n_{name}": _count_of(name) for name, _model, _label in PARTS}
    )
    counts: dict[str, Any] = dict(counted.get())
    return [
        {
            "label": label,
            "count": counts[f"n_{name}"],
            "url": reverse(f"admin:plans_{model}_changelist") + f"?edition__id__exact={edition.pk}",
        }
        for name, model, label in PARTS
    ]


def _count_of(relation: str) -> Any:
    """How many rows of an edition a relation has, as a subquery: joins of all would multiply."""
    rows = Edition._meta.get_field(relation).related_model._default_manager.filter(edition=OuterRef("pk"))  # type: ignore[union-attr]
    counted = rows.order_by().values("edition").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
