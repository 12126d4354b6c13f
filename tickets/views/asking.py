"""A new request: the form that follows the plan, the promise before submitting, and the refusal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import Organization
from plans.decision import Decision
from plans.enums import Outcome
from tickets.actions import Refused, forget_draft, submit, turn_away
from tickets.forms.asking import RequestForm
from tickets.forms.drafts import key_of, seen_in
from tickets.forms.offer import Offer, first_decision, offer_of
from tickets.models import DecisionRecord, Ticket
from tickets.views.doors import CustomerRequest, acting_for, door, standing
from tickets.views.drafts import asking_place, kept, page_url, restored
from tickets.views.preview import preview_of, severity_options
from tickets.views.promises import promise_words
from tickets.views.refusal import refusal_of
from tickets.views.repeats import asked_already, remember_asked

INVALID, FORBIDDEN, CONFLICT = 422, 403, 409
# Refusals that no answer in the form would change: they are said before anything is typed.
SETTLED = {
    "plan_takes_no_requests",
    "channel_not_in_plan",
    "contract_missing",
    "contract_not_started",
    "contract_expired",
    "contact_not_authorised",
    "contact_not_approved",
    "access_id_missing",
    "mandate_ended",
    "mandate_read_only",
    "partner_not_covered",
}


@door("GET", "HEAD", "POST")
def new(request: CustomerRequest) -> HttpResponseBase:
    """The form; submitted, it opens one request, however often it is sent."""
    asked = request.POST if request.method == "POST" else request.GET
    organizations, slug = reachable(request), asked.get("organization", "")
    if not organizations:
        return _nobody(request)
    organization = _only_read(request, slug) or _chosen(organizations, slug)
    if organization is None:
        return render(request, "tickets/choose.html", {"organizations": organizations})
    decision = first_decision(request.user, organization, request.at)
    if decision.code == "contract_missing" and not slug and standing(request).mandates:
        # A partner's own organization has no contract as a rule: what it may read is what it came for.
        return _nobody(request)
    offer = offer_of(decision, request.user, organization, request.at)
    page = _page(request, organization, organizations) | {"grace": _grace(decision)}
    place = asking_place(request, organization)
    if offer is None or (decision.is_refused and decision.code in SETTLED):
        unsent = _unsent(request, offer)
        if unsent is not None:
            page["draft"] = kept(request, place)
        page["record"] = _turned_away(request, organization, decision)
        return _refused(request, page, decision, offer, unsent)
    if request.method != "POST":
        page["draft"], typed = restored(place)
        typed |= request.typed
        return _form(request, page, RequestForm(offer=offer, initial=_given(request.GET) | typed))
    return _submitted(request, page, offer)


def _submitted(request: CustomerRequest, page: dict[str, Any], offer: Offer) -> HttpResponseBase:
    place = asking_place(request, offer.organization)
    if "save_draft" in request.POST:
        return _saved(request, page, offer)
    if "work_out" in request.POST:
        page["draft"] = kept(request, place)
        return _form(request, page, RequestForm(offer=offer, initial=_typed(request.POST)))
    data = request.POST.copy()
    if instead := request.POST.get("instead"):
        data["severity"] = str(instead)
    form = RequestForm(data, request.FILES, offer=offer)
    if not form.is_valid():
        page["draft"] = kept(request, place)
        return _form(request, page, form, INVALID)
    if "again" not in request.POST and (sent := asked_already(request, offer, form)):
        page["sent"] = sent
        return _form(request, page, form, CONFLICT)
    try:
        ticket = _sent(request, offer, form)
    except Refused:
        page["draft"] = kept(request, place)
        severity, kind, product = (
            str(form.cleaned_data.get(name) or "") for name in ("severity", "support_type", "product")
        )
        page["record"] = _newest_refusal(request, offer.organization)
        return _refused(request, page, offer.decision(severity, kind, product), offer, form)
    if not standing(request).may_act_for(ticket.organization_id):
        raise Http404
    remember_asked(request, offer, form, ticket)
    said = _("Request #%(number)s is with support.") % {"number": ticket.number}
    messages.success(request, f"{said} {promise_words(ticket, request.at)}")
    return redirect("tickets:detail", number=ticket.number)


def _sent(request: CustomerRequest, offer: Offer, form: RequestForm) -> Ticket:
    """The request and the end of its draft, in one transaction; a refusal's decision is kept."""
    with transaction.atomic():
        try:
            ticket = submit(
                person=request.user,
                organization=offer.organization,
                submission=form.submission(),
                at=request.at,
                client_key=form.cleaned_data["client_key"],
                accepts_rate=form.cleaned_data.get("accepts_rate", False),
            )
        except Refused as error:
            refused = error
        else:
            place = asking_place(request, offer.organization)
            forget_draft(place=place, key=key_of(request.POST), seen=seen_in(request.POST))
            return ticket
    raise refused


def _saved(request: CustomerRequest, page: dict[str, Any], offer: Offer) -> HttpResponseBase:
    """The draft, by its button; where it can't be kept, the page anew with what was typed."""
    place = asking_place(request, offer.organization)
    box = page["draft"] = kept(request, place)
    if box.trouble:
        return _form(request, page, RequestForm(offer=offer, initial=_typed(request.POST)), box.status)
    messages.success(request, _("The draft is saved. Chosen files are not part of it."))
    return redirect(page_url(place))


@door("POST")
def preview(request: CustomerRequest) -> HttpResponseBase:
    """The promise for what is typed so far, as a part of the page."""
    organization = _chosen(reachable(request), request.POST.get("organization", ""))
    if organization is None:
        raise Http404
    offer = offer_of(
        first_decision(request.user, organization, request.at), request.user, organization, request.at
    )
    if offer is None:
        raise Http404
    form = RequestForm(request.POST, offer=offer)
    context = {
        "form": form,
        "severities": severity_options(form),
        "preview": preview_of(form),
        "swapped": True,
    }
    return render(request, "tickets/_preview.html", context)


def _grace(decision: Decision) -> str:
    """That the contract has ended and requests are taken for some days more, in words; else empty."""
    return next((note.detail for note in decision.notes if note.code == "contract_in_grace"), "")


def reachable(request: CustomerRequest) -> list[Organization]:
    """The organizations that the reader may ask for, by name. No query."""
    held = standing(request)
    return [row for row in held.organizations if held.may_act_for(row.pk)]


def _chosen(organizations: list[Organization], slug: str) -> Organization | None:
    """The one that was chosen, or the only one. One that the reader does not reach does not exist."""
    if slug:
        found = [row for row in organizations if row.slug == slug]
        if not found:
            raise Http404
        return found[0]
    return organizations[0] if len(organizations) == 1 else None


def _page(
    request: CustomerRequest, organization: Organization, organizations: list[Organization]
) -> dict[str, Any]:
    return {
        "organization": organization,
        "organizations": organizations if len(organizations) > 1 else [],
        "acting_for": acting_for(request, organization),
    }


def _form(
    request: CustomerRequest, page: dict[str, Any], form: RequestForm, status: int = 200
) -> HttpResponseBase:
    page |= {"form": form, "severities": severity_options(form), "preview": preview_of(form)}
    return render(request, "tickets/new.html", page, status=status)


def _refused(
    request: CustomerRequest,
    page: dict[str, Any],
    decision: Decision,
    offer: Offer | None,
    form: RequestForm | None,
) -> HttpResponseBase:
    page |= {"refusal": refusal_of(decision, offer, form, page["organization"], request.user), "form": form}
    if form is not None:
        page |= {"severities": severity_options(form), "preview": preview_of(form)}
    else:
        page["typed"] = _texts(request)
    return render(request, "tickets/refused.html", page, status=FORBIDDEN)


def _turned_away(
    request: CustomerRequest, organization: Organization, decision: Decision
) -> DecisionRecord | None:
    """The kept decision by which the form stays closed; a look at the head alone is not kept."""
    if request.method == "HEAD":
        return None
    return turn_away(decision=decision, person=request.user, organization=organization, at=request.at)


def _newest_refusal(request: CustomerRequest, organization: Organization) -> DecisionRecord | None:
    """What was kept of the submission that was just refused."""
    rows = DecisionRecord.objects.filter(organization=organization, person=request.user, at=request.at)
    return rows.filter(outcome=Outcome.REFUSED).first()


def _only_read(request: CustomerRequest, slug: str) -> Organization | None:
    """The organization of that name where the reader's mandate is to read: it exists, and the rule speaks."""
    held = standing(request)
    links = [link.organization for link in held.mandates.values()]
    return next((row for row in links if row.slug == slug and not held.may_act_for(row.pk)), None)


def _unsent(request: CustomerRequest, offer: Offer | None) -> RequestForm | None:
    """What was typed before the terms said no (a contract may end meanwhile), to stand on the page still."""
    if offer is None or not (request.POST.get("subject") or request.POST.get("description")):
        return None
    return RequestForm(offer=offer, initial=_typed(request.POST))


def _nobody(request: CustomerRequest) -> HttpResponseBase:
    """A reader who may ask for no organization: a mandate to read, an approval to come, no standing at all.

    Who is proposed learns who approves, and nothing of the plan.
    """
    if pending := next(iter(standing(request).pending.values()), None):
        decision = first_decision(request.user, pending.organization, request.at)
        if decision.code == "contact_not_approved":
            page = {
                "refusal": refusal_of(decision, None, None, pending.organization, request.user),
                "record": _turned_away(request, pending.organization, decision),
            }
            return render(request, "tickets/refused.html", page, status=FORBIDDEN)
    readable = sorted(link.organization.name for link in standing(request).mandates.values())
    typed = _texts(request)
    template = "tickets/nobody_kept.html" if typed else "tickets/nobody.html"
    return render(request, template, {"readable": readable, "typed": typed}, status=FORBIDDEN)


def _texts(request: CustomerRequest) -> list[str]:
    """What was typed, where no form can stand on the page any more."""
    return [text for name in ("subject", "description") if (text := _typed(request.POST).get(name))]


def _given(query: QueryDict) -> dict[str, str]:
    """What a link to the form says already, such as the subject that was searched for."""
    return {
        name: str(query[name]).replace("\0", "")[:500] for name in ("subject", "description") if name in query
    }


def _typed(data: QueryDict) -> dict[str, str]:
    """What was typed, to stand in the form again without a word about what is missing yet."""
    return {
        name: str(data[name]).replace("\0", "")
        for name in data
        if name not in ("csrfmiddlewaretoken", "work_out")
    }
