"""A time zone as a choice with suggestions: 500 names are too many for a plain list."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms

from accounts.models.users import validate_zone


@cache
def zone_choices() -> list[tuple[str, str]]:
    """IANA zones by name, the places first, as (value, words)."""
    names = sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))
    )
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class ZoneField(forms.ChoiceField):
    """One of the zones; a stored name that the list lacks stays valid."""

    def __init__(self, *, extra: tuple[tuple[str, Any], ...] = (), **kwargs: Any) -> None:
        super().__init__(choices=lambda: [*extra, *zone_choices()], **kwargs)
        self.extra = {value for value, _words in extra}

    def validate(self, value: Any) -> None:
        if value in self.extra:
            return
        forms.Field.validate(self, value)
        if value:
            validate_zone(value)
