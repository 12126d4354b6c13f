"""Forms of escalations: why one is asked for or ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.forms.fields import text_field


class EscalateForm(forms.Form):
    """Why somebody more senior is to look at it. ``version`` makes a double click one level."""

    reason = text_field(_("What is wrong?"), rows=4)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = _("Write what is wrong, in a sentence or two.")
