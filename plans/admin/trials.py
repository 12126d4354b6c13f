"""Trying a plan with what its form holds, saved or not: it is saved, worked out and taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import AdminErrorList, AdminForm
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.forms import all_valid
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.admin.trying import trial, try_view
from plans.models import Plan

PREFIX = "try"


class TriesPlans(admin.ModelAdmin):
    """The plan's page with a case beside its targets."""

    def try_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: the page of a case. POST, the whole form of the plan: the case under what the form holds."""
        if request.method in ("GET", "HEAD"):
            return try_view(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["GET", "POST"])
        plan = self._plan(pk)
        if not self.has_view_permission(request, plan):
            raise PermissionDenied
        tried = self._tried(request, plan)
        if request.headers.get("HX-Request"):
            context = {"tried": tried, "original": plan, "is_answer": True}
            return TemplateResponse(request, "admin/plans/plan/_try_answers.html", context)
        return self._same_page(request, self._plan(pk), tried)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        plan: Any = self.get_object(request, object_id)
        context: dict[str, Any] = dict(extra_context or {})
        if plan is not None and self.has_view_permission(request, plan):
            context.setdefault("tried", self._trial(request, plan))
        return super().change_view(request, object_id, form_url, context)

    def _plan(self, pk: int) -> Plan:
        plan = Plan.objects.select_related("edition__policy").filter(pk=pk).first()
        if plan is None:
            raise Http404
        return plan

    def _trial(self, request: HttpRequest, plan: Plan) -> dict[str, Any]:
        """The case that the form asks about; a moment that was pressed wins over the one that was written."""
        asked = {name: value for name, value in request.POST.items() if isinstance(value, str)}
        if asked.get(f"{PREFIX}-moment"):
            asked[f"{PREFIX}-at"] = asked[f"{PREFIX}-moment"]
        if not plan.edition.severities.exists():
            return {}
        return trial(plan, asked, request.at, PREFIX)  # type: ignore[attr-defined]

    def _tried(self, request: HttpRequest, plan: Plan) -> dict[str, Any]:
        """The case under what was sent; whoever may not change the plan tries it as it stands."""
        if not self.has_change_permission(request, plan):
            return self._trial(request, plan)
        form, formsets, _inlines = self._bound(request, plan)
        if not (all_valid(formsets) & form.is_valid()):
            return {"fault": _("Put right what is marked first: it can't be worked out as it is written.")}
        try:
            with transaction.atomic():
                self.save_model(request, self.save_form(request, form, change=True), form, True)
                self.save_related(request, form, formsets, True)
                found = self._trial(request, self._plan(plan.pk))
                transaction.set_rollback(True)
        except IntegrityError:
            return {"fault": _("The values contradict each other, so that they could not be saved either.")}
        return found

    def _bound(self, request: HttpRequest, plan: Plan) -> tuple[Any, list[Any], list[Any]]:
        """The form and its tables with what was sent."""
        form = self.get_form(request, plan, change=True)(request.POST, request.FILES, instance=plan)
        formsets, inlines = self._create_formsets(request, form.instance, change=True)  # type: ignore[attr-defined]
        return form, formsets, inlines

    def _same_page(self, request: HttpRequest, plan: Plan, tried: dict[str, Any]) -> HttpResponse:
        """The whole page again, without scripts: what was typed still stands there, unsaved."""
        address = reverse("admin:plans_plan_change", args=[plan.pk])
        if not self.has_change_permission(request, plan):
            request.method = "GET"
            return self.change_view(request, str(plan.pk), address, {"tried": tried})  # type: ignore[no-any-return]
        form, formsets, inlines = self._bound(request, plan)
        is_right = all_valid(formsets) & form.is_valid()
        fieldsets: Any = self.get_fieldsets(request, plan)
        shown = AdminForm(
            form,
            list(fieldsets),
            {},
            self.get_readonly_fields(request, plan),
            model_admin=self,
        )
        tables = self.get_inline_formsets(request, formsets, inlines, plan)
        context = self.admin_site.each_context(request) | {
            "title": plan.title(),
            "adminform": shown,
            "object_id": str(plan.pk),
            "original": plan,
            "is_popup": False,
            "to_field": None,
            "media": self.media + shown.media,
            "inline_admin_formsets": tables,
            "errors": AdminErrorList(form, formsets),
            "preserved_filters": self.get_preserved_filters(request),
            "tried": tried if "form" in tried else self._trial(request, plan) | tried,
            "is_unsaved": True,
        }
        response = self.render_change_form(request, context, change=True, obj=plan, form_url=address)
        response.status_code = 200 if is_right else 400
        return response
