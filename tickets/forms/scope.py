"""Forms of what is out of scope: the note, the objection, and its answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plans.models import Exclusion
from tickets.forms.fields import text_field


class ExcludeForm(forms.Form):
    """A note beside the request or a promise. ``promises`` are (``metric-cycle``, words); none: the whole."""

    promise = forms.ChoiceField(
        label=_("What is out of scope"),
        required=False,
        error_messages={"invalid_choice": _("Choose a promise that was missed or still runs.")},
    )
    code = forms.ChoiceField(
        label=_("Exclusion"),
        error_messages={
            "required": _("Choose one of the exclusions of these terms."),
            "invalid_choice": _("Choose one of the exclusions of these terms."),
        },
    )
    text = text_field(
        _("Text to the customer"),
        _("Empty: the exclusion's own words, in the requester's language."),
        rows=3,
        required=False,
    )

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        promises: list[tuple[str, str]],
        exclusions: list[Exclusion],
        language: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # What the text is filled with, in the requester's language.
        self.texts = [(row.code, row.words(language)) for row in exclusions]
        # The promise that was missed is what is marked as a rule.
        self.fields["promise"].choices = [*promises, ("", _now("The whole request"))]  # type: ignore[attr-defined]
        self.fields["code"].choices = [(row.code, row.code) for row in exclusions]  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """A sentence that the other side reads: an objection, an answer, why an exclusion is withdrawn."""

    reason = text_field(_("Text"), rows=4)

    use_required_attribute = False

    def __init__(self, *args: Any, missing: str = "", words: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = words or self.fields["reason"].label
        self.fields["reason"].error_messages["required"] = missing or _now("Write a sentence first.")
