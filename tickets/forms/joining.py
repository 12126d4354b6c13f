"""Forms of staff that join, part and move requests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from tickets.enums import LinkKind
from tickets.forms.fields import LONGEST_SUBJECT, ClientKeyField, line_field, text_field
from tickets.models import Message, Ticket


class NumberField(forms.CharField):
    """The number of another request, with or without its #; gives the request."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=20,
            error_messages={"required": _("Write the number of the other request.")},
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 10, "autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value: Any) -> Ticket:
        digits = super().clean(value).lstrip("#").strip()
        # 18 digits fit the column.
        found = (
            Ticket.objects.select_related("plan__edition__policy", "organization", "requester")
            .filter(pk=int(digits))
            .first()
            if digits.isascii() and digits.isdigit() and len(digits) <= 18
            else None
        )
        if found is None:
            raise forms.ValidationError(_("There is no request of this number. Look at its page for it."))
        return found


class LinkForm(forms.Form):
    """How this request stands to which other one."""

    kind = forms.ChoiceField(
        label=_("This request is"),
        choices=[(kind.value, kind.label) for kind in LinkKind if kind != LinkKind.SPLIT_FROM],
        error_messages={"invalid_choice": _("Choose one of the kinds.")},
    )
    other = NumberField(label=_("Other request"))

    use_required_attribute = False


class IntoForm(forms.Form):
    """Which request stays."""

    into = NumberField(
        label=_("The request that stays"), help_text=_("Its number. It keeps its terms and its clocks.")
    )

    use_required_attribute = False


class ReasonOfMergeForm(forms.Form):
    """Why they are one."""

    reason = text_field(_("Reason"), _("For the record; the customer does not read it."), rows=2)

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = _("Write why the two are one, for the record.")


class MergeForm(ReasonOfMergeForm, IntoForm):
    """The act: why, and which version its reader saw."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class SplitForm(forms.Form):
    """What goes into a request of its own, and as what."""

    subject = line_field(
        _("Subject of the new request"),
        LONGEST_SUBJECT,
        error_messages={"required": _("Write what the new request is about.")},
    )
    messages = forms.ModelMultipleChoiceField(
        Message.objects.none(),
        label=_("What goes into it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose among the customer's messages.")},
    )
    with_submission = forms.BooleanField(label=_("The request's own text"), required=False)
    client_key = ClientKeyField()

    use_required_attribute = False

    def __init__(self, *args: Any, texts: Any, severities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["messages"].queryset = texts  # type: ignore[attr-defined]
        self.fields["severity"] = forms.ChoiceField(
            label=_("Severity"),
            choices=severities,
            error_messages={"invalid_choice": _("Choose one of the plan's severities.")},
        )


class WhereForm(forms.Form):
    """The organization to which a request belongs: one for which its requester may ask."""

    to = forms.ModelChoiceField(
        Organization.objects.none(),
        to_field_name="slug",
        label=_("It belongs to"),
        empty_label=_("Choose an organization"),
        error_messages={
            "required": _("Choose the organization it belongs to."),
            "invalid_choice": _("Choose an organization for which its requester may ask."),
        },
    )
    severity = forms.ChoiceField(
        label=_("Severity there"),
        required=False,
        error_messages={"invalid_choice": _("Choose a severity of that organization's plan.")},
    )

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        organizations: list[Organization],
        severities: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = Organization.objects.filter(pk__in=[row.pk for row in organizations])
        if severities:
            choices: Any = self.fields["severity"]
            choices.choices = [("", _("The plan's default")), *severities]
        else:
            del self.fields["severity"]


class RelocateForm(WhereForm):
    """The act: why, and which version its reader saw."""

    reason = text_field(_("Reason"), _("Staff of both places read it, and no customer."), rows=2)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = _("Write why it belongs there.")
