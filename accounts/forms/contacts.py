"""What an administrator says of a contact: who it is, what they may ask, what they see."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from accounts.enums import Sees
from accounts.models import Contact
from accounts.people_rules import PeopleRules
from accounts.standing import READ_ONLY

LONGEST_REASON = 500


def function_choices(rules: PeopleRules, held: list[str] | None = None) -> list[tuple[str, Any]]:
    """The plan's functions, reading alone, and what the contact holds from before."""
    offered = [*rules.functions, (READ_ONLY, _("Read only: sees requests, asks nothing"))]
    known = {code for code, _name in offered}
    return offered + [(code, code) for code in held or [] if code not in known]


class StandingForm(forms.Form):
    """What a contact may do and see."""

    is_administrator = forms.BooleanField(
        label=_("Administrator"),
        required=False,
        help_text=_("Speaks for the organization in everything, and manages its contacts."),
    )
    functions = forms.MultipleChoiceField(
        label=_("Functions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What they may ask about. None ticked: everything."),
        error_messages={"invalid_choice": _("Choose among these functions.")},
    )
    sees = forms.ChoiceField(
        label=_("Sees"),
        choices=Sees.choices,
        initial=Sees.ORGANIZATION,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one of these.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, rules: PeopleRules, contact: Contact | None = None, **kwargs: Any) -> None:
        if contact is not None:
            kwargs.setdefault(
                "initial",
                {name: getattr(contact, name) for name in ("is_administrator", "functions", "sees")},
            )
        super().__init__(*args, **kwargs)
        choices = function_choices(rules, contact.functions if contact else None)
        self.fields["functions"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("sees") == Sees.FUNCTIONS and not cleaned.get("functions"):
            self.add_error("functions", _("Tick a function, or let them see something else."))
        return cleaned


class ProposalForm(StandingForm):
    """A person to propose as a contact."""

    name = forms.CharField(
        label=_("Name"), max_length=150, error_messages={"required": _("Write the person's name.")}
    )
    email = forms.EmailField(
        label=_("Email"),
        help_text=_("The invitation goes there, and it is their login."),
        error_messages={
            "required": _("Write the person's email address."),
            "invalid": _("Write an address such as ada@company.example."),
        },
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        required=False,
        error_messages={"invalid_choice": _("Choose one of these.")},
    )
    field_order = ("name", "email", "language", "is_administrator", "functions", "sees")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class ReasonForm(forms.Form):
    """Why a contact is revoked or declined."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("Kept on record with your name and the time."),
        error_messages={"required": _("Write why, in a sentence for the record.")},
    )
    use_required_attribute = False


class FirstPasswordForm(SetPasswordForm):
    """The password that an invited person chooses, twice."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].error_messages["required"] = _("Choose a password.")
        self.fields["new_password2"].error_messages["required"] = _("Write the password once more.")
