"""What a person chooses to hear of by mail: one choice for each group that can be turned off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notices.enums import How
from notices.preferences import Group


class NoticesForm(forms.Form):
    """Radio buttons for each group: at once, once a day, not by mail."""

    use_required_attribute = False

    def __init__(self, groups: Sequence[Group], chosen: dict[str, How], *args: Any) -> None:
        super().__init__(*args)
        for group in groups:
            self.fields[group.code] = forms.ChoiceField(
                label=group.name,
                help_text=group.hint,
                choices=How.choices,
                initial=chosen.get(group.code, How.AT_ONCE),
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose how you want to hear of this."),
                    "invalid_choice": _("Choose one of these."),
                },
            )

    @property
    def wishes(self) -> dict[str, How]:
        """What was chosen, by group."""
        return {code: How(how) for code, how in self.cleaned_data.items()}
