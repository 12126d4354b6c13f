"""One public answer to several requests: written once, filled in for each, looked at, then sent."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets import actions
from tickets.actions import Refused
from tickets.admin.bulk.parts import Several
from tickets.admin.forms import THEN_WORDS
from tickets.admin.inserting import promised_after_answer
from tickets.canned import best_of, filled, placeholder_lines, unknown_in
from tickets.forms.fields import ClientKeyField, text_field
from tickets.markup import rendered
from tickets.models import CannedReply, Ticket, TicketEvent
from tickets.reading import IS_REPLAYED, as_history, sources_of, submitted_terms

PROMISE = "{next_promise}"


class ReplySeveralForm(forms.Form):
    """A canned reply by its title, or a text; and what becomes of the requests."""

    canned = forms.ChoiceField(label=gettext_lazy("Canned reply"), required=False)
    body = text_field(gettext_lazy("Or a text of your own"), rows=6, required=False)
    then = forms.ChoiceField(label=gettext_lazy("Then"), choices=THEN_WORDS, required=False)
    client_key = ClientKeyField()

    use_required_attribute = False

    def __init__(self, *args: Any, titles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if titles:
            canned: Any = self.fields["canned"]
            canned.choices = [("", _("none")), *((title, title) for title in titles)]
        else:
            del self.fields["canned"]
            self.fields["body"].label = _("Text")
        self.fields["body"].help_text = _("Placeholders: %(list)s.") % {
            "list": ", ".join(placeholder_lines())
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        body = (cleaned.get("body") or "").strip()
        if self.errors:
            return cleaned
        if body and cleaned.get("canned"):
            self.add_error("body", _("Choose a canned reply or write a text, not both."))
        elif not body and not cleaned.get("canned"):
            first = next(name for name in ("canned", "body") if name in self.fields)
            self.add_error(first, _("Choose a canned reply, or write the answer."))
        elif unknown := unknown_in(body):
            names = ", ".join(f"{{{name}}}" for name in unknown)
            self.add_error(
                "body",
                _("There is no placeholder %(names)s. Choose among those listed here.") % {"names": names},
            )
        return cleaned


def view(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """The text; by POST what each would read; by POST with ``send`` it is sent."""
    several = Several(request, base, _("Answer requests"))
    rows = list(CannedReply.objects.filter(is_active=True).order_by("title", "pk"))
    titles = sorted({title for ticket in several.tickets for title in best_of(rows, ticket)})
    data = request.POST if request.method == "POST" else None
    form = ReplySeveralForm(data, titles=titles)
    if data is None or not form.is_valid() or "change" in data:
        return several.page("reply", 400 if form.errors else 200, form=form, then=THEN_WORDS)
    texts = _texts(several, rows, form.cleaned_data)
    if "send" in data:
        return several.told(
            several.each(lambda ticket, seen: _sent(several, form.cleaned_data, texts, ticket, seen))
        )
    previews = [_preview(ticket, texts[ticket.pk]) for ticket in several.tickets]
    then = dict(THEN_WORDS)[form.cleaned_data["then"]]
    may_be_sent = any(one["html"] for one in previews)
    return several.page("reply_preview", form=form, previews=previews, then=then, may_be_sent=may_be_sent)


def _texts(several: Several, rows: list[CannedReply], given: dict[str, Any]) -> dict[int, str]:
    """What each would read, by number; empty where the canned reply is not for its policy."""
    chosen = {
        ticket.pk: best_of(rows, ticket).get(given["canned"]) if given.get("canned") else _own(ticket, given)
        for ticket in several.tickets
    }
    promises = _promises(several, [reply for reply in chosen.values() if reply is not None])
    return {
        ticket.pk: filled(reply, ticket, several.user, promises.get(ticket.pk), several.at)
        if (reply := chosen[ticket.pk]) is not None
        else ""
        for ticket in several.tickets
    }


def _own(ticket: Ticket, given: dict[str, Any]) -> CannedReply:
    """The typed text as a canned reply of the requester's language, which is never saved."""
    return CannedReply(language=ticket.requester.language or "en", body=given["body"].strip())


def _promises(several: Several, replies: list[CannedReply]) -> dict[int, Any]:
    """By when each hears again after the answer, where a text says so. Two queries for any number."""
    if not any(PROMISE in reply.body for reply in replies):
        return {}
    events: dict[int, list[TicketEvent]] = {ticket.pk: [] for ticket in several.tickets}
    rows = TicketEvent.objects.filter(IS_REPLAYED, ticket__in=several.tickets).select_related("ticket")
    for event in rows.order_by("at", "pk"):
        events[event.ticket_id].append(event)
    sources = sources_of(several.tickets)
    return {
        ticket.pk: promised_after_answer(
            ticket,
            submitted_terms(ticket, events[ticket.pk], sources),
            as_history(events[ticket.pk], sources),
            several.at,
        )
        for ticket in several.tickets
    }


def _preview(ticket: Ticket, text: str) -> dict[str, Any]:
    return {"ticket": ticket, "html": rendered(text) if text else "", "refusal": None if text else _no_text()}


def _no_text() -> Refused:
    return Refused(
        "no_canned_reply",
        _("This canned reply is not for the policy of this request."),
        _("Answer it on its page."),
    )


def _sent(several: Several, given: dict[str, Any], texts: dict[int, str], ticket: Ticket, seen: int) -> str:
    """The message of the form's key for this request: sent twice, it is said once."""
    if not texts[ticket.pk]:
        raise _no_text()
    actions.say(
        ticket=ticket,
        author=several.user,
        body=texts[ticket.pk],
        at=several.at,
        then=given["then"],
        client_key=uuid.uuid5(given["client_key"], str(ticket.pk)),
        expected_version=seen,
    )
    return _("answered")
