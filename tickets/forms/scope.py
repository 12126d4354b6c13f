"""Forms of what is out of scope (the note, the objection, its answer), and of the work log."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plans.models import Exclusion
from tickets.forms.fields import line_field, text_field

LOCAL_MOMENT = "%Y-%m-%dT%H:%M"
_LENGTH = re.compile(r"(?:(\d{1,3})\s*h)?\s*(?:(\d{1,4})\s*(?:m|min)?)?")


class ExcludeForm(forms.Form):
    """A note beside the request (``WHOLE``) or a promise; ``promises`` are (``metric-cycle``, words)."""

    WHOLE = "whole"

    promise = forms.ChoiceField(
        label=_("What is out of scope"),
        error_messages={
            "required": _("Choose a promise, or the whole request."),
            "invalid_choice": _("Choose a promise that was missed or still runs."),
        },
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
        self.fields["promise"].choices = [*promises, (self.WHOLE, _now("The whole request"))]  # type: ignore[attr-defined]
        self.fields["code"].choices = [(row.code, row.code) for row in exclusions]  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """A sentence that the other side reads: an objection, an answer, why an exclusion is withdrawn."""

    reason = text_field(_("Text"), rows=4)

    use_required_attribute = False

    def __init__(self, *args: Any, missing: str = "", words: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = words or self.fields["reason"].label
        self.fields["reason"].error_messages["required"] = missing or _now("Write a sentence first.")


class LengthField(forms.CharField):
    """A length of time as seconds: ``45`` and ``45m`` are minutes, ``1h30m`` and ``1:30`` hours too."""

    def clean(self, value: Any) -> int:
        text = super().clean(value).strip().lower().replace(":", "h")
        found = _LENGTH.fullmatch(text)
        if found is None or not any(found.groups()):
            raise forms.ValidationError(_("Write minutes such as 45, or 1h30m."))
        return int(found[1] or 0) * 3600 + int(found[2] or 0) * 60


class WorkForm(forms.Form):
    """Time that was worked: how long, until when, what was done, and whether it is charged."""

    length = LengthField(
        label=_("How long"),
        help_text=_("Minutes such as 45, or 1h30m."),
        error_messages={"required": _("Write how long you worked.")},
    )
    worked_until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("In your time zone; empty: now."),
        input_formats=[LOCAL_MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_MOMENT),
        error_messages={"invalid": _("Write a day and a time, such as 2026-11-30 14:40.")},
    )
    text = line_field(
        _("What was done"), 500, error_messages={"required": _("Write what was done, in a sentence.")}
    )

    use_required_attribute = False

    def __init__(self, *args: Any, is_charged: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_charged:
            self.fields["is_billable"] = forms.BooleanField(
                label=_("Charge for it"),
                required=False,
                help_text=_("The customer then reads what was done on the statement of charges."),
            )
