"""Forms of the ticket page and of the request that staff enter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Organization, User
from tickets.actions import SEVERITY_HOW
from tickets.enums import Channel, Visibility
from tickets.forms.fields import ClientKeyField, FilesField, line_field, text_field

THEN_WORDS = [
    ("", _("keep the status")),
    ("waiting", _("wait for the customer")),
    ("resolved", _("resolve it")),
    ("closed", _("close it")),
]
HOW_WORDS = {
    "raised": _("It got worse: counts from now, never later than before"),
    "corrected": _("It was wrong from the start: counts from the beginning"),
    "lowered": _("It is less severe now: counts from the beginning"),
}
LOCAL_MOMENT = "%Y-%m-%dT%H:%M"


class AnswerForm(forms.Form):
    """A public answer or an internal note. ``version`` and ``seen`` are what the writer's page showed."""

    visibility = forms.ChoiceField(
        choices=Visibility.choices, initial=Visibility.PUBLIC, widget=forms.RadioSelect
    )
    body = text_field(_("Text"), rows=6)
    then = forms.ChoiceField(label=_("Then"), choices=THEN_WORDS, required=False)
    files = FilesField()  # type: ignore[assignment]
    client_key = ClientKeyField()
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].error_messages["required"] = _("Write the answer first, then send it.")
        self.fields["visibility"].error_messages["required"] = _("Choose who reads this.")

    @property
    def is_note(self) -> bool:
        return bool(self.cleaned_data["visibility"] == Visibility.INTERNAL)


class AssignForm(forms.Form):
    """Who works on it; empty: nobody."""

    assigned_to = forms.ModelChoiceField(
        User.objects.filter(is_staff=True, is_active=True),
        label=_("Assigned"),
        required=False,
        empty_label=_("Nobody"),
        error_messages={"invalid_choice": _("Choose somebody who works for support.")},
    )

    use_required_attribute = False


class SeverityForm(forms.Form):
    """Another severity, in which way, and why. ``version`` is what the writer's page showed."""

    how = forms.ChoiceField(
        label=_("In which way"),
        choices=[(how, HOW_WORDS[how]) for how in SEVERITY_HOW],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose in which way it changes: each counts differently.")},
    )
    reason = text_field(_("Reason"), _("The customer may read it."), rows=2)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False
    field_order = ("to", "how", "reason", "version")

    def __init__(self, *args: Any, severities: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = forms.ChoiceField(
            label=_("New severity"),
            choices=[(row.code, row.marked()) for row in severities],
            error_messages={
                "required": _("Choose the new severity."),
                "invalid_choice": _("Choose one of the plan's severities."),
            },
        )
        self.fields["reason"].error_messages["required"] = _(
            "Write why, in a sentence the customer may read."
        )
        self.order_fields(self.field_order)


class ReasonForm(forms.Form):
    """Why it is put on hold, closed or reopened."""

    reason = text_field(_("Reason"), rows=2, required=False)

    use_required_attribute = False


class OutOfReachMixin(forms.Form):
    """Taken because the portal is out of reach, where the plan has that; then who asked is verified."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.offer.plan.extraordinary_access:  # type: ignore[attr-defined]
            self.fields["is_extraordinary"] = forms.BooleanField(
                label=_("The portal is out of reach"),
                required=False,
                help_text=_("Any channel is open then. Disclose nothing before it is verified who asks."),
            )


class CallerMixin(forms.Form):
    """Somebody who is no contact: how they are called, and where they are reached."""

    caller_name = line_field(
        _("Who asks"), 150, error_messages={"required": _("Write the name of the person who asks.")}
    )
    caller_phone = line_field(_("Their phone"), 40, required=False)
    caller_email = forms.EmailField(
        label=_("Their email"),
        required=False,
        help_text=_("Mail there says only that we work on it, until it is verified who asks."),
        error_messages={"invalid": _("Write an address such as ada@company.example.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("caller_phone") and not cleaned.get("caller_email"):
            self.add_error("caller_phone", _("Write a phone number or an address, to reach them."))
        return cleaned


class BringInForm(forms.Form):
    """The contact who can say who asked."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Named contact"),
        empty_label=_("Choose a contact"),
        error_messages={
            "required": _("Choose a contact of the organization."),
            "invalid_choice": _("Choose a contact of the organization."),
        },
    )
    use_required_attribute = False

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Contact.objects.filter(organization=organization, revoked_at=None, waits_for="")
        self.fields["contact"].queryset = found.select_related("user").order_by("user__name")  # type: ignore[attr-defined]
        self.fields["contact"].label_from_instance = lambda contact: contact.user.name  # type: ignore[attr-defined]


class ReceivedMixin(forms.Form):
    """How and when a request reached support that staff enter now."""

    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=Channel.choices,
        initial=Channel.PHONE,
        error_messages={"invalid_choice": _("Choose one of the channels.")},
    )
    received_at = forms.DateTimeField(
        label=_("When it came"),
        required=False,
        help_text=_("In your time zone; empty: now. Promises are counted from then."),
        input_formats=[LOCAL_MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_MOMENT),
        error_messages={"invalid": _("Write a day and a time, such as 2026-11-30 14:40.")},
    )

    def clean_received_at(self) -> datetime | None:
        received: datetime | None = self.cleaned_data["received_at"]
        if received is not None and received > timezone.now():
            raise forms.ValidationError(_("This time has not come yet. Write when the call or mail came in."))
        return received
