"""Forms of the request page: reply, close, reopen, and that it got worse."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.forms.fields import ClientKeyField, FilesField, text_field
from tickets.forms.impact import executives_field, impact_of, people_field, radio_field, sign_in_field


class ReplyForm(forms.Form):
    """A customer's message, with files. ``client_key`` makes a double click one message."""

    body = text_field(_("Your message"), rows=4)
    files = FilesField()  # type: ignore[assignment]
    client_key = ClientKeyField()

    use_required_attribute = False

    def __init__(self, *args: Any, placeholder: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].error_messages["required"] = _("Write a message first, then send it.")
        self.fields["body"].widget.attrs["placeholder"] = placeholder


class ReasonForm(forms.Form):
    """Why a request is closed or reopened, in the customer's words; it may be left empty."""

    reason = text_field(_("Reason"), rows=3, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False


# As severe as before: support is told, and no severity changes.
SAME = "same"


class WorseForm(forms.Form):
    """It got worse: what changed, how far it reaches now, and how bad that is.

    ``severities`` are the more severe steps; without any, none is asked. ``asks_impact``: the plan's own
    questions about what stands still, where its requests are asked them.
    """

    use_required_attribute = False

    def __init__(
        self, *args: Any, severities: list[Any], asks_impact: bool, same: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = text_field(_("What has changed?"), rows=4)
        self.fields["reason"].error_messages["required"] = _("Write what got worse, in a sentence or two.")
        self.fields["users_affected"] = people_field(_("How many people are affected now?"), False)
        if asks_impact:
            self.fields["can_sign_in"] = sign_in_field(_("Can people sign in at all?"), False)
            self.fields["executives_affected"] = executives_field(_("Are executives among them?"))
        if severities:
            steps = [(row.code, row.title()) for row in severities] + [(SAME, same)]
            self.fields["severity"] = radio_field(_("How bad is it now?"), steps, True)
        self.fields["client_key"] = ClientKeyField()

    def impact(self) -> dict[str, Any]:
        """The answers as they are stored; of a form not sent, what it begins with."""
        if self.is_bound:
            self.is_valid()
        return impact_of(self.cleaned_data if self.is_bound else self.initial) or {}

    def severity(self) -> str:
        """The more severe step that was chosen, or nothing. Only after ``is_valid``."""
        chosen = str(self.cleaned_data.get("severity") or "")
        return "" if chosen == SAME else chosen
