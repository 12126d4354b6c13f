"""The page of one mail: what it says, as text and without anything from elsewhere, and what may be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Contact
from tickets.actions.files import safe_name
from tickets.actions.mail import may_be_sorted
from tickets.forms.fields import text_field
from tickets.mailin.head import read_head, words
from tickets.mailin.parts import TooComplex, read_mail
from tickets.mailin.reasons import Reason
from tickets.models import IncomingMail, Ticket
from tickets.typed import whole_number

LONGEST_SHOWN = 50_000
_SHOWN = (
    ("from", pgettext_lazy("a mail", "From")),
    ("reply-to", _("Reply to")),
    ("to", pgettext_lazy("a mail", "To")),
    ("cc", _("Copy to")),
    ("date", _("Written")),
    ("authentication-results", _("What mail servers found")),
    ("message-id", _("Message-ID")),
)
AS_CUSTOMER, AS_NOTE = "customer", "note"


class AddForm(forms.Form):
    """Into which request, and in whose name."""

    request_number = forms.CharField(label=_("Request number"), max_length=20)
    how = forms.ChoiceField(
        label=_("As"),
        choices=[
            (AS_CUSTOMER, _("Its sender's message, entered by you")),
            (AS_NOTE, _("An internal note of yours")),
        ],
        initial=AS_CUSTOMER,
        widget=forms.RadioSelect,
    )
    use_required_attribute = False

    @property
    def number(self) -> int | None:
        return whole_number(str(self["request_number"].value() or "").strip().lstrip("#"))

    @property
    def is_as_customer(self) -> bool:
        return self["how"].value() == AS_CUSTOMER


class DismissForm(forms.Form):
    """Why nothing is to be made of it."""

    reason = text_field(_("Why it needs nothing"), rows=2)
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = _("Write why it needs nothing.")


class MailPage:
    """``given`` is what was typed into a form that was refused."""

    def __init__(self, mail: IncomingMail, at: datetime, may_sort: bool, given: Any = None) -> None:
        self.mail = mail
        self.at = at
        self.may_sort = may_sort and may_be_sorted(mail)
        self.given = given

    def context(self) -> dict[str, Any]:
        return {
            "mail": self.mail,
            "reason": reason_words(self.mail.reason),
            "headers": self._headers(),
            "may_sort": self.may_sort,
            "may_try_again": self.mail.reason != Reason.TOO_BIG,
            **self._body(),
            **(self._forms() if self.may_sort else {}),
        }

    def _headers(self) -> list[tuple[Any, str]]:
        head = read_head(bytes(self.mail.raw))
        found = [(label, words(value)) for name, label in _SHOWN for value in head.all(name)[:3]]
        return [(label, value[:1000]) for label, value in found if value]

    def _body(self) -> dict[str, Any]:
        if self.mail.emptied_at is not None:
            return {}
        if self.mail.reason == Reason.TOO_BIG:
            return {"is_unreadable": True}
        try:
            mail = read_mail(bytes(self.mail.raw))
        except TooComplex:
            return {"is_unreadable": True}
        files = [(safe_name(file.name), filesizeformat(len(file.content))) for file in mail.files]
        return {"text": mail.text[:LONGEST_SHOWN], "files": files}

    def _forms(self) -> dict[str, Any]:
        """What may be done; the request at which it was aimed, and the contacts that its sender is."""
        signed, _false = read_head(bytes(self.mail.raw)).signed()
        numbers = sorted({number for number, _person in signed if number < 2**63})
        aimed = Ticket.objects.filter(pk__in=numbers).first() if numbers else None
        contacts = Contact.objects.active(self.at).filter(user__email=self.mail.from_email, waits_for="")
        found = list(contacts.select_related("user", "organization")[:10])
        first = {
            "request_number": aimed.pk if aimed else "",
            "how": AS_CUSTOMER if found else AS_NOTE,
        }
        return {
            "add_form": AddForm(self._typed("add"), prefix="add", initial=first),
            "dismiss_form": DismissForm(self._typed("dismiss"), prefix="dismiss"),
            "aimed": aimed,
            "contacts": found,
        }

    def _typed(self, form: str) -> Any:
        """What was typed into that form of the page; None where another one was sent."""
        return self.given if any(name.startswith(f"{form}-") for name in self.given or ()) else None


def reason_words(code: str) -> str:
    """A stored reason in words; nothing for none."""
    return str(Reason(code).label) if code in Reason.values else code
