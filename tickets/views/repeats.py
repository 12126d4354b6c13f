"""The same words sent twice by going back: a browser that loads a form anew gives it a new key.

The key of a form makes a double click one request. Going back after sending brings the form with what was
typed and another key, so what was sent a short while ago is compared as well.
"""

from __future__ import annotations

from datetime import timedelta

from tickets.enums import Visibility
from tickets.forms.asking import RequestForm
from tickets.forms.conversation import ReplyForm
from tickets.forms.offer import Offer
from tickets.models import Message, Ticket
from tickets.views.doors import CustomerRequest

A_SHORT_WHILE = timedelta(hours=1)


def asked_already(request: CustomerRequest, offer: Offer, form: RequestForm) -> Ticket | None:
    """The request that the reader opened with the same words just before, by another form. One query."""
    submission = form.submission()
    return (
        Ticket.objects.filter(
            requester=request.user,
            organization=offer.organization,
            submitted_at__gte=request.at - A_SHORT_WHILE,
            subject=submission.subject.strip(),
            description=submission.description,
        )
        .exclude(client_key=form.cleaned_data["client_key"])
        .first()
    )


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
