"""It got worse: what changed, how far it reaches now, and how bad that is. Support is told at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from plans.enums import FormField, SeveritySetBy
from plans.models import Severity
from plans.severity_words import spoken
from plans.texts import text_in
from tickets.actions import Refused, report_worse
from tickets.enums import UNSOLVED
from tickets.forms.conversation import SAME, WorseForm
from tickets.forms.impact import as_answers, suggested
from tickets.models import Ticket
from tickets.views.conversation import CONFLICT, FORBIDDEN, INVALID, not_now, reading_only
from tickets.views.doors import CustomerRequest, acting_for, door, may_act, ticket_for
from tickets.views.promises import promise_words


@dataclass(frozen=True)
class Step:
    """A severity to choose, with what it means; ``code`` is the form's value."""

    code: str
    lead: str
    name: str
    description: str
    examples: list[str]
    chosen: bool


@door("GET", "HEAD", "POST")
def worse(request: CustomerRequest, number: int) -> HttpResponseBase:
    """The form; with ``work_out`` in it, what the answers suggest and nothing more."""
    ticket = ticket_for(request, number)
    page = _Page(request, ticket)
    if page.refusal is not None:
        return page.response(page.form(request.POST or None), FORBIDDEN if not page.may_act else CONFLICT)
    if request.method != "POST":
        return page.response(page.form_of(request.typed) if request.typed else page.form())
    form = page.form(request.POST)
    if "work_out" in request.POST:
        return page.suggestion(form)
    if not form.is_valid():
        return page.response(form, INVALID)
    try:
        report_worse(
            ticket=ticket,
            actor=request.user,
            at=request.at,
            reason=form.cleaned_data["reason"],
            impact=form.impact(),
            to=form.severity(),
            client_key=form.cleaned_data["client_key"],
        )
    except Refused as refused:
        page.refusal = refused
        return page.response(form, FORBIDDEN)
    messages.success(request, _("Support knows.") + " " + promise_words(ticket, request.at))
    return redirect("tickets:detail", number=number)


class _Page:
    """The page of one request that got worse."""

    def __init__(self, request: CustomerRequest, ticket: Ticket) -> None:
        self.request = request
        self.ticket = ticket
        self.may_act = may_act(request, ticket)
        self.refusal: Refused | None = None
        if not self.may_act:
            self.refusal = reading_only(request, ticket)
        elif ticket.status_at(request.at) not in UNSOLVED:
            self.refusal = not_now(ticket, request)
        self.severities = list(ticket.plan.edition.severities.all())
        self.steps = self._steps()

    def _steps(self) -> list[Severity]:
        """The severities above the ticket's, where the plan lets the customer say one."""
        if self.ticket.plan.severity_rule == SeveritySetBy.SUPPORT:
            return []
        return [row for row in self.severities if row.rank < self.ticket.severity_rank]

    def form(self, data: Any = None) -> WorseForm:
        fields = self.ticket.plan.edition.request_fields
        return WorseForm(
            data,
            severities=self.steps,
            asks_impact=fields.filter(code=FormField.IMPACT).exists(),
            same=_("As bad as before: %(severity)s") % {"severity": self._now()},
            initial=as_answers(self.ticket.impact),
        )

    def response(self, form: WorseForm, status: int = 200) -> HttpResponseBase:
        return render(self.request, "tickets/worse.html", self._context(form), status=status)

    def suggestion(self, form: WorseForm) -> HttpResponseBase:
        """What the answers suggest: a part of the page for the script, else the page with what was typed."""
        if self.request.htmx:  # type: ignore[attr-defined]
            return render(self.request, "tickets/_worse_suggestion.html", self._context(form))
        typed = {name: value for name, value in self.request.POST.items() if name in form.fields}
        return self.response(self.form_of(typed))

    def form_of(self, typed: dict[str, Any]) -> WorseForm:
        """An unsent form that begins with what was typed."""
        form = self.form()
        people = str(typed.get("users_affected", ""))
        form.initial = typed | {
            "users_affected": int(people) if people.isdecimal() and len(people) < 10 else None
        }
        return form

    def _context(self, form: WorseForm) -> dict[str, Any]:
        found = suggested(self._rules(), form.impact()) if self.steps else None
        chosen = str(form["severity"].value() or "") if self.steps else ""
        return {
            "title": _("It got worse"),
            "ticket": self.ticket,
            "form": form,
            "refusal": self.refusal,
            "can": self.refusal is None,
            "steps": [_step(row, chosen) for row in self.steps],
            "same": {"code": SAME, "words": self._now(), "chosen": chosen == SAME},
            "suggested": found if found in self.steps else None,
            "is_worst": not self.steps and self.ticket.severity_rank == 1,
            "is_set_by_support": self.ticket.plan.severity_rule == SeveritySetBy.SUPPORT,
            "acting_for": acting_for(self.request, self.ticket.organization),
        }

    def _rules(self) -> Any:
        return self.ticket.plan.edition.impact_rules.select_related("severity")

    def _now(self) -> str:
        row = next((row for row in self.severities if row.code == self.ticket.severity), None)
        return " ".join(spoken(row)).strip() if row else self.ticket.severity


def _step(row: Severity, chosen: str) -> Step:
    lead, name = spoken(row)
    examples = [text_in(text) for text in row.examples]
    return Step(row.code, lead, name, text_in(row.description), examples, row.code == chosen)
