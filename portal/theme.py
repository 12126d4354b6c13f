"""Light, dark, or as the system has it: a cookie of this browser."""

from __future__ import annotations

from django.http import HttpRequest

THEMES = ("auto", "light", "dark")


def theme_of(request: HttpRequest) -> str:
    """The theme that was chosen in this browser; anybody may have written the cookie."""
    theme = request.COOKIES.get("theme", "auto")
    return theme if theme in THEMES else "auto"
