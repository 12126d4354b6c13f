"""Contracts, products, licences and enrolments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts.admin.zones import ZoneField
from notices.admin import DaysForm, PlainAdmin, PlainFields
from plans.actions.contracting import ContractError, amend, edition_for_new, make
from plans.admin.base import TextsMixin
from plans.admin.contract_rows import hours_words, option_choices, plan_words, state_words, with_terms
from plans.admin.contract_verbs import end_view, renew_view, words_of
from plans.admin.own_targets import OwnTargetsField
from plans.enums import EditionState
from plans.models import (
    Contract,
    ContractEvent,
    Licence,
    Plan,
    Policy,
    Product,
    ProgramEnrolment,
)


def plan_choices() -> list[Any]:
    """Plans of published editions under the name of their policy, as ``policy/plan``."""
    plans = Plan.objects.filter(edition__state=EditionState.PUBLISHED).select_related("edition__policy")
    groups: dict[str, list[tuple[str, str]]] = {}
    for plan in plans.order_by("edition__policy__slug", "position"):
        slug = plan.edition.policy.slug
        groups.setdefault(f"{plan.edition.title()} ({slug})", []).append(
            (f"{slug}/{plan.code}", plan.title())
        )
    return [("", "---"), *groups.items()]


class ContractForm(DaysForm):
    """Policy and plan are chosen as one, so that they can't disagree."""

    plan = forms.ChoiceField(
        label=_("policy and plan"), error_messages={"required": _("Choose the plan that was sold.")}
    )
    coverage_option = forms.ChoiceField(
        label=_("coverage option"), required=False, help_text=_("One that the plan offers.")
    )
    time_zone = ZoneField(
        label=_("time zone"),
        required=False,
        extra=(("", _("the organization's")),),
        help_text=_("Where its days begin and end."),
    )
    own_targets = OwnTargetsField()
    reason = forms.CharField(
        label=_("why it is changed"),
        required=False,
        max_length=500,
        help_text=_("Kept in the contract's history with what was changed."),
    )

    class Meta:
        model = Contract
        fields = (
            "organization",
            "coverage_option",
            "product",
            "starts_on",
            "ends_on",
            "time_zone",
            "is_trial",
            "overdue_since_on",
            "own_targets",
            "sponsor",
            "account_manager",
            "renews",
            "reference",
            "edition",
        )
        help_texts = {
            "ends_on": _("The last day, included. Empty: it goes on."),
            "overdue_since_on": _("Since when fees are overdue; the plan says what follows."),
            "sponsor": _("For a sponsored partner: whose contract this stands under."),
            "edition": _("Empty: the newest, or as the policy says."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "plan" in self.fields:
            self._offer_plans()

    def _offer_plans(self) -> None:
        contract = self.instance
        choices = plan_choices()
        options = option_choices(contract.policy if contract.pk else None)
        if contract.pk:
            here = f"{contract.policy.slug}/{contract.plan_code}"
            self.initial["plan"] = here
            known = {value for group in choices[1:] for value, _words in group[1]}
            choices += [] if here in known else [(here, here)]
            if contract.coverage_option not in dict(options):
                options.append((contract.coverage_option, contract.coverage_option))
        fields: Any = self.fields
        fields["plan"].choices = choices
        fields["coverage_option"].choices = options

    def clean(self) -> dict[str, Any] | None:
        """A new contract under terms that are kept is checked against the edition it will keep."""
        cleaned = super().clean()
        policy = getattr(self.instance, "policy", None)
        if not self.instance.pk and policy is not None and not self.cleaned_data.get("edition"):
            self.cleaned_data["edition"] = edition_for_new(policy)
        return cleaned

    def clean_plan(self) -> str:
        """Set policy and plan before the contract itself is checked."""
        slug, _slash, code = self.cleaned_data["plan"].partition("/")
        self.instance.policy = Policy.objects.get(slug=slug)
        self.instance.plan_code = code
        return str(self.cleaned_data["plan"])


class EnrolmentInline(PlainFields, admin.TabularInline):
    model = ProgramEnrolment
    form = DaysForm
    fields = ("program", "starts_on", "ends_on")
    extra = 0


@admin.register(Contract)
class ContractAdmin(PlainAdmin):
    form = ContractForm
    list_help = _("Who was promised what, from when to when. First and last day are included.")
    list_display = ("organization", "plan_of", "hours", "starts_on", "ends_on", "state")
    list_filter = ("policy", "is_trial", ("overdue_since_on", admin.EmptyFieldListFilter))
    list_select_related = ("organization", "policy", "edition__policy")
    search_fields = ("organization__name", "reference")
    search_help_text = _("Organization or reference")
    autocomplete_fields = ("organization", "product", "sponsor", "account_manager", "renews")
    ordering = ("organization__name", "-starts_on")
    inlines = (EnrolmentInline,)
    change_form_template = "admin/plans/contract/change_form.html"
    fieldsets = (
        (None, {"fields": ("organization", "plan", "coverage_option", "product", "reference")}),
        (
            _("Time"),
            {"fields": (("starts_on", "ends_on"), "time_zone", "is_trial", "overdue_since_on", "renews")},
        ),
        (_("Promises of its own"), {"fields": ("own_targets",)}),
        (_("People"), {"fields": ("account_manager", "sponsor")}),
        (_("Terms"), {"fields": ("edition",), "classes": ("collapse",)}),
        (_("History"), {"fields": ("reason",)}),
    )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/renew/", wrap(renew_view), name="plans_contract_renew"),
            path("<int:pk>/end/", wrap(end_view), name="plans_contract_end"),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Contract | None = None) -> bool:
        """A contract is ended, and stays on record."""
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        context = dict(extra_context or {})
        if object_id.isdecimal() and len(object_id) < 18:
            events = ContractEvent.objects.filter(contract=int(object_id)).select_related("actor")
            context["events"] = [(event, words_of(event)) for event in events]
            rows = Contract.objects.select_related("organization", "policy", "edition__policy")
            for contract in with_terms(rows.filter(pk=int(object_id)), request.at):  # type: ignore[attr-defined]
                context["plan_words"] = plan_words(contract)
                context["hours_words"] = hours_words(contract)
                context["state_words"] = state_words(contract)
        return super().change_view(request, object_id, form_url, context)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What fits no more after the form was asked (somebody was quicker) is said above the page."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ContractError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Contract, form: Any, change: bool) -> None:
        """Each change goes into the contract's history."""
        verb = amend if change else make
        verb(
            contract=obj,
            at=request.at,  # type: ignore[attr-defined]
            actor=request.user,  # type: ignore[arg-type]
            reason=form.cleaned_data.get("reason", ""),
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Each row with the terms it stands under, read once for all of them."""
        found = super().get_changelist_instance(request)
        found.result_list = with_terms(found.result_list, request.at)  # type: ignore[attr-defined]
        return found

    @admin.display(description=_("plan"), ordering="plan_code")
    def plan_of(self, contract: Contract) -> str:
        return plan_words(contract)

    @admin.display(description=_("hours"))
    def hours(self, contract: Contract) -> str:
        return hours_words(contract)

    @admin.display(description=_("state"))
    def state(self, contract: Contract) -> str:
        return state_words(contract)

    def get_fieldsets(self, request: HttpRequest, obj: Contract | None = None) -> Any:
        """Who only reads sees the stored columns: the choosing field is no column."""
        if self.has_change_permission(request, obj) or (obj is None and self.has_add_permission(request)):
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": ("organization", "plan_of", *self.form.Meta.fields[1:])}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Contract | None = None) -> Any:
        return ("plan_of",) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "edition":
            kwargs["queryset"] = db_field.related_model.objects.filter(
                ~Q(state=EditionState.DRAFT)
            ).select_related("policy")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Product)
class ProductAdmin(TextsMixin, PlainAdmin):
    list_display = ("code", "title", "is_active")
    list_filter = ("is_active",)
    search_fields = ("code",)
    search_help_text = _("Code")
    fields = ("code", "name", "is_active")


@admin.register(Licence)
class LicenceAdmin(PlainAdmin):
    form = DaysForm
    list_help = _("Which organization may ask about which product, from when to when, both days included.")
    list_display = ("organization", "product", "starts_on", "ends_on")
    list_filter = ("product",)
    list_select_related = ("organization", "product")
    search_fields = ("organization__name", "product__code")
    search_help_text = _("Organization or product")
    autocomplete_fields = ("organization", "product")
