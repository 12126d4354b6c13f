"""Renewing and ending a contract: a page that says what happens, then one verb; and its history in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import moments
from plans.actions.contracting import ContractError, edition_for_new, end, renew
from plans.enums import ContractEventKind
from plans.models import Contract, ContractEvent


class RenewForm(forms.Form):
    """The last day of the contract that follows."""

    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Included. Empty: it goes on."),
        error_messages={"invalid": gettext_lazy("Write the date as 2026-12-24.")},
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)

    use_required_attribute = False


class EndForm(forms.Form):
    """The new last day, and why."""

    on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Included."),
        error_messages={
            "required": gettext_lazy("Choose the date first."),
            "invalid": gettext_lazy("Write the date as 2026-12-24."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        error_messages={"required": gettext_lazy("Write why the contract ends.")},
    )

    use_required_attribute = False


@require_http_methods(["GET", "HEAD", "POST"])
def renew_view(request: HttpRequest, pk: int) -> HttpResponse:
    """What a renewal makes, and the day until which."""
    contract = _contract_or_refused(request, pk)

    def act(given: dict[str, Any]) -> tuple[Contract, str]:
        new = renew(contract=contract, until=given["until"], reason=given["reason"], **_who(request))
        return new, _("Renewed. This is the contract that follows.")

    words = {
        "title": _("Renew the contract of %(name)s?") % {"name": contract.organization},
        "verb": _("Renew the contract"),
    }
    return _page(request, contract, RenewForm, act, words | {"sentences": _renewing(contract)})


@require_http_methods(["GET", "HEAD", "POST"])
def end_view(request: HttpRequest, pk: int) -> HttpResponse:
    """What ending does, the day, and why."""
    contract = _contract_or_refused(request, pk)

    def act(given: dict[str, Any]) -> tuple[Contract, str]:
        ended = end(contract=contract, on=given["on"], reason=given["reason"], **_who(request))
        return ended, _("The contract has a new last day.")

    words = {
        "title": _("End the contract of %(name)s?") % {"name": contract.organization},
        "verb": _("End the contract"),
    }
    return _page(request, contract, EndForm, act, words | {"sentences": _ending(contract)})


def _contract_or_refused(request: HttpRequest, pk: int) -> Contract:
    rows = Contract.objects.select_related("organization", "policy", "edition__policy")
    contract = rows.filter(pk=pk).first()
    if contract is None:
        raise Http404
    if not request.user.has_perm("plans.change_contract"):  # type: ignore[union-attr]
        raise PermissionDenied
    return contract


def _page(
    request: HttpRequest,
    contract: Contract,
    form_class: type[forms.Form],
    act: Callable[[dict[str, Any]], tuple[Contract, str]],
    words: dict[str, Any],
) -> HttpResponse:
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            shown, said = act(form.cleaned_data)
        except ContractError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return HttpResponseRedirect(_address(shown))
    context = admin.site.each_context(request) | words
    context |= {"form": form, "contract": contract, "back_url": _address(contract)}
    status = 400 if form.errors else 200
    return TemplateResponse(request, "admin/plans/contract/verb.html", context, status=status)


def _address(contract: Contract) -> str:
    return reverse("admin:plans_contract_change", args=[contract.pk])


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"at": request.at, "actor": request.user}  # type: ignore[attr-defined]


def _renewing(contract: Contract) -> list[str]:
    edition = edition_for_new(contract.policy)
    terms = (
        _("It keeps %(edition)s, the edition in force now.") % {"edition": edition}
        if edition
        else _("It follows the newest edition.")
    )
    return [
        _("A new contract begins on the day after this one's last, %(day)s, with the same plan.")
        % {"day": contract.ends_on or "-"},
        terms,
        _("This contract stays as it is. Each names the other in its history."),
    ]


def _ending(contract: Contract) -> list[str]:
    return [
        _("The contract's last day becomes the day that you choose; it was %(day)s.")
        % {"day": contract.ends_on or _("open")},
        _("After it, new requests are refused unless the plan gives days of grace."),
        _("Requests that are open keep their terms and their promises."),
    ]


def words_of(event: ContractEvent) -> str:
    """What happened, in a sentence without who and when."""
    data = event.data
    if event.kind == ContractEventKind.AMENDED:
        return "; ".join(
            _("%(field)s: %(before)s → %(after)s")
            % {"field": _field(name), "before": _value(before), "after": _value(after)}
            for name, (before, after) in data["changes"].items()
        )
    if event.kind == ContractEventKind.ENDED:
        return _("last day %(before)s → %(after)s") % {
            "before": _value(data["before"]),
            "after": _value(data["after"]),
        }
    if event.kind == ContractEventKind.TOLD:
        return moments.writing(get_language() or "en").days.format(data["days"])
    other = data.get("by") or data.get("renews")
    return _("contract %(number)s") % {"number": other} if other else ""


def _field(name: str) -> str:
    return str(Contract._meta.get_field(name.removesuffix("_id")).verbose_name)  # type: ignore[union-attr]


def _value(value: Any) -> str:
    return "–" if value in (None, "", {}) else str(value)
