"""The same words sent twice by going back: a browser that loads a form anew gives it a new key.

The key of a form makes a double click one request. Going back after sending brings the form with what was
typed and another key, so what was sent a short while ago is compared as well.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from tickets.enums import Visibility
from tickets.forms.asking import RequestForm
from tickets.forms.conversation import ReplyForm
from tickets.forms.offer import Offer
from tickets.models import Message, Ticket
from tickets.views.doors import CustomerRequest

A_SHORT_WHILE = timedelta(minutes=30)
COMPARED = ("subject", "description", "severity", "support_type", "product", "category")
_KEY = "asked_last"


def asked_already(request: CustomerRequest, offer: Offer, form: RequestForm) -> Ticket | None:
    """The request that this browser opened just before with the same words and choices, by another form."""
    last = request.session.get(_KEY)
    if not last or last["digest"] != _digest(offer, form) or last["key"] == _key(form):
        return None
    found = Ticket.objects.visible_to(request.user, request.at).filter(pk=last["ticket"])
    return found.filter(requester=request.user, submitted_at__gte=request.at - A_SHORT_WHILE).first()


def remember_asked(request: CustomerRequest, offer: Offer, form: RequestForm, ticket: Ticket) -> None:
    """Keep in the browser's session what was sent, as a digest, and which request it opened."""
    request.session[_KEY] = {"digest": _digest(offer, form), "key": _key(form), "ticket": ticket.pk}


def _digest(offer: Offer, form: RequestForm) -> str:
    submission = form.submission()
    told = [offer.organization.pk, *(getattr(submission, name) for name in COMPARED)]
    return sha256(repr(told).encode()).hexdigest()


def _key(form: RequestForm) -> str:
    return str(form.cleaned_data["client_key"])


def said_already(request: CustomerRequest, ticket: Ticket, form: ReplyForm) -> Message | None:
    """The reader's message that stands last in the conversation, if it says the same. One query.

    With files it is another message.
    """
    if form.cleaned_data["files"]:
        return None
    public = ticket.survivor.messages.filter(visibility=Visibility.PUBLIC)
    last = public.order_by("-at", "-pk").first()
    if last is None or last.author_id != request.user.pk or last.body != form.cleaned_data["body"]:
        return None
    is_repeated = last.at >= request.at - A_SHORT_WHILE and last.client_key != form.cleaned_data["client_key"]
    return last if is_repeated else None
