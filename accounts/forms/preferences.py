"""What a person says of themselves: profile and preferences."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User

_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,38}")
THEMES = [("auto", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))]


class PreferencesForm(forms.ModelForm):
    """Name, phone, language, zone, and the look of this browser."""

    theme = forms.ChoiceField(
        label=_("Appearance"),
        choices=THEMES,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Kept in this browser."),
    )
    use_required_attribute = False

    class Meta:
        model = User
        fields = ["name", "phone", "language", "time_zone"]
        help_texts = {
            "phone": _("With the country, such as +1 212 555 0142."),
            "time_zone": _("Every time in the portal is written in this zone. Begin to type a city."),
        }
        error_messages = {
            "name": {"required": _("Write the name that support should use.")},
            "time_zone": {"required": _("Choose a time zone, such as Europe/Paris.")},
            "language": {"invalid_choice": _("Choose one of these.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget.input_type = "tel"
        self.fields["time_zone"].widget.attrs["list"] = "zones"
        self.fields["time_zone"].widget.attrs["autocomplete"] = "off"

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        if phone and not _PHONE.fullmatch(phone):
            raise forms.ValidationError(_("Write digits, spaces and a + in front, such as +1 212 555 0142."))
        return phone


def zone_names() -> list[str]:
    """The zones to choose from: those with a place, in order, and UTC."""
    return sorted(
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    ) + ["UTC"]
