"""Forms of the request page: reply, close, reopen, and that it got worse."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.forms.fields import ClientKeyField, FilesField, text_field


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


class WorseForm(forms.Form):
    """It got worse: the severity it has now, and why."""

    use_required_attribute = False

    def __init__(self, *args: Any, severities: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["severity"] = forms.ChoiceField(
            label=_("How bad is it now?"),
            choices=[(row.code, row.title()) for row in severities],
            widget=forms.RadioSelect,
            initial=severities[-1].code if severities else None,
            error_messages={
                "required": _("Choose how bad it is now."),
                "invalid_choice": _("Choose one of these."),
            },
        )
        self.fields["reason"] = text_field(_("What has changed?"), rows=4)
        self.fields["reason"].error_messages["required"] = _("Write what got worse, in a sentence or two.")
