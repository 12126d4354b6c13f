"""Moving the open requests of a contract to other terms: first what would change, then the act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from plans.enums import EditionState
from plans.hours import named_option, options_in_words
from plans.models import Contract, Plan
from plans.terms import policy_terms_of
from tickets.actions.refusals import Refused
from tickets.actions.terms import move_to_terms, readings_after_moves
from tickets.clock_views import label
from tickets.models import Ticket
from tickets.what_if import change_between, pairs

MOST = 100


class WhereForm(forms.Form):
    """The terms to move to: a plan of an edition that is or was in force, and a coverage option of it."""

    to = forms.ChoiceField(label=gettext_lazy("Plan"))
    coverage = forms.ChoiceField(label=gettext_lazy("Coverage option"), required=False)

    use_required_attribute = False

    def __init__(self, data: Any, *, contract: Contract) -> None:
        super().__init__(data)
        plans = Plan.objects.filter(edition__policy=contract.policy_id).exclude(
            edition__state=EditionState.DRAFT
        )
        self.plans = {
            str(plan.pk): plan
            for plan in plans.select_related("edition__policy").order_by("-edition__number", "position")
        }
        field: Any = self.fields["to"]
        field.choices = [(key, f"{plan.edition}, {plan.title()}") for key, plan in self.plans.items()]
        options: Any = self.fields["coverage"]
        options.choices = [("", _("the plan's default")), *_options(self.plans.values())]

    def clean(self) -> None:
        plan, option = self.plans.get(self.cleaned_data.get("to", "")), self.cleaned_data.get("coverage")
        if plan is not None and option and not plan.coverage_options.filter(code=option).exists():
            self.add_error("coverage", _("The plan has no such coverage option."))


def _options(plans: Iterable[Plan]) -> list[tuple[str, str]]:
    """The coverage options of these plans by code, with the hours that each stands for."""
    books = policy_terms_of({plan.edition for plan in plans})
    named: dict[str, dict[str, None]] = {}
    for plan in plans:
        for code, hours in options_in_words(books[plan.edition_id], plan.code).items():
            named.setdefault(code, {})[hours] = None
    return [(code, named_option(code, " / ".join(hours))) for code, hours in named.items()]


class MoveForm(WhereForm):
    """The act itself: the same terms, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        error_messages={"required": gettext_lazy("Write why the request moves to other terms.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def move_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose terms, see each clock before and after, then move all that can be moved."""
    contract = _contract_or_refused(request, pk)
    moving = request.method == "POST"
    data = request.POST if moving else (request.GET if "to" in request.GET else None)
    form = (MoveForm if moving or data is not None else WhereForm)(data, contract=contract)
    tickets = list(_open_requests(contract)[: MOST + 1])
    chosen = form.is_valid()
    if moving and chosen:
        return _move(request, contract, tickets[:MOST], form)
    where = {name for name in ("to", "coverage") if form.errors.get(name)}
    shown = [] if data is None or where else _preview(tickets[:MOST], form, contract, request)
    if not moving and data is not None and not where:
        form.errors.clear()  # a reason is asked for by the act, not by its preview
    context = admin.site.each_context(request) | {
        "title": _("Move open requests to other terms"),
        "contract": contract,
        "form": form,
        "rows": shown,
        "asked": data is not None and not where,
        "count": len(tickets[:MOST]),
        "has_more": len(tickets) > MOST,
        "back_url": reverse("admin:plans_contract_change", args=[contract.pk]),
    }
    status = 400 if form.errors else 200
    return TemplateResponse(request, "admin/tickets/publish/move.html", context, status=status)


def _contract_or_refused(request: HttpRequest, pk: int) -> Contract:
    """The contract, for people who change both contracts and requests: leads and managers."""
    contract = Contract.objects.select_related("organization", "policy").filter(pk=pk).first()
    if contract is None:
        raise Http404
    if not request.user.has_perms(["plans.change_contract", "tickets.change_ticket"]):  # type: ignore[union-attr]
        raise PermissionDenied
    return contract


def _open_requests(contract: Contract) -> Any:
    rows = Ticket.objects.unsolved().filter(contract=contract)
    return rows.select_related("plan__edition__policy", "organization").order_by("number")


def _preview(
    tickets: list[Ticket], form: WhereForm, contract: Contract, request: HttpRequest
) -> list[dict[str, Any]]:
    """Each request with its clocks before and after, or why it stays."""
    plan, rows = form.plans[form.cleaned_data["to"]], []
    terms = {ticket.pk: f"{ticket.plan.edition}, {ticket.plan.code}" for ticket in tickets}
    found = readings_after_moves(
        tickets,
        plan,
        form.cleaned_data["coverage"],
        request.at,  # type: ignore[attr-defined]
        contract.own_targets or None,
    )
    for ticket, read in found:
        row: dict[str, Any] = {"ticket": ticket, "terms": terms[ticket.pk]}
        if isinstance(read, Refused):
            row["refused"] = read.detail
        else:
            changes = [change_between(ticket, old, new) for old, new in pairs(*read)]
            row["changes"] = [(label(c.metric, for_staff=True), c) for c in changes if c and c.differs]
        rows.append(row)
    return rows


def _move(request: HttpRequest, contract: Contract, tickets: list[Ticket], form: Any) -> HttpResponse:
    given, moved = form.cleaned_data, 0
    for ticket in tickets:
        try:
            with transaction.atomic():
                move_to_terms(
                    ticket=ticket,
                    to=form.plans[given["to"]],
                    coverage=given["coverage"],
                    at=request.at,  # type: ignore[attr-defined]
                    actor=request.user,  # type: ignore[arg-type]
                    reason=given["reason"],
                    own_targets=contract.own_targets or None,
                )
        except Refused as refusal:
            messages.warning(request, f"#{ticket.pk}: {refusal.detail}")
        else:
            moved += 1
    said = ngettext("%(n)s request moved.", "%(n)s requests moved.", moved) % {"n": moved}
    messages.success(request, said)
    return HttpResponseRedirect(reverse("admin:plans_contract_change", args=[contract.pk]))
