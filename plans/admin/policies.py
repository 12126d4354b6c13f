"""Policies and their editions: start a draft, load and save policy files.

Publishing replays real requests, so its page stands in the room above (`tickets.admin.publish`).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.admin.zones import ZoneField
from notices.admin import PlainAdmin
from plans.actions.publishing import import_document
from plans.admin.base import STAYS, TextsMixin
from plans.admin.drafting import start_draft
from plans.admin.parts import parts_of
from plans.admin.reading import ReadInWords, language_name
from plans.models import Edition, Policy
from plans.policyfile import PolicyFileError, read_document
from plans.policyfile.differences import differences
from plans.policyfile.from_rows import document_of
from plans.policyfile.writing import to_yaml

MOST_BYTES = 2 * 1024 * 1024


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
    list_title = _("Policies and plans")
    list_display = ("named", "slug", "in_force", "draft_waits")
    list_display_links = ("named",)
    ordering = ("slug",)
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

    @admin.display(description=_("name"))
    def named(self, policy: Policy) -> str:
        """As its edition in force calls it, else its newest."""
        editions = sorted(policy.editions.all(), key=lambda edition: (edition.is_draft, -edition.number))
        first = next((edition for edition in editions if edition.state == "published"), None)
        shown = first or next(iter(editions), None)
        return shown.title() if shown else policy.slug

    @admin.display(description=_("in force"))
    def in_force(self, policy: Policy) -> str:
        return _edition_link(next((e for e in policy.editions.all() if e.state == "published"), None))

    @admin.display(description=_("draft"))
    def draft_waits(self, policy: Policy) -> str:
        return _edition_link(next((e for e in policy.editions.all() if e.is_draft), None))

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


def _edition_link(edition: Edition | None) -> str:
    if edition is None:
        return "-"
    url = reverse("admin:plans_edition_change", args=[edition.pk])
    return format_html('<a href="{}">{}</a>', url, _("Edition %(n)s") % {"n": edition.number})


class EditionForm(forms.ModelForm):
    """Languages are chosen by name; what a policy file brought besides stays to be chosen."""

    language = forms.ChoiceField(label=_("language"), help_text=_("Of texts that are written in one alone."))
    languages = forms.MultipleChoiceField(
        label=_("languages"),
        required=False,
        help_text=_("Spoken by support."),
        widget=forms.CheckboxSelectMultiple,
    )
    window_time_zone = ZoneField(
        label=_("zone of the service window"), required=False, extra=(("", _("no window")),)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(settings.LANGUAGES)
        for name in ("language", "languages"):
            field: Any = self.fields.get(name)
            if field is None:
                continue
            stored = getattr(self.instance, name)
            more = [code for code in ([stored] if isinstance(stored, str) else stored) if code not in known]
            field.choices = [*known.items(), *((code, language_name(code)) for code in more if code)]


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
            context["parts"] = [part for part in parts_of(edition) if part["model"] != "plan"]
            context["plans"] = list(edition.plans.all())
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
