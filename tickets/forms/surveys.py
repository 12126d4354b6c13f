"""How content the customer is."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.enums import Score
from tickets.forms.fields import text_field


class SurveyForm(forms.Form):
    """A score from 1 to 5, and a comment that may be left empty."""

    score = forms.TypedChoiceField(
        label=_("How was our help?"),
        choices=Score.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the five."),
            "invalid_choice": _("Choose one of the five."),
        },
    )
    comment = text_field(
        _("What was good, what was not?"), _("People of support read it, nobody else."), required=False
    )

    use_required_attribute = False
