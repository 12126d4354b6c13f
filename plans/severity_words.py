"""How a severity is called in a line of text."""

from __future__ import annotations

from plans.models import Severity

# "P1" and "A" stand before their names; a code that is a word, such as "medium", is the name in English.
_LONGEST_SIGN = 2


def spoken(severity: Severity) -> tuple[str, str]:
    """The lead of a severity and what follows it: ("P1", "Federation failure"), ("Medium", "")."""
    name = severity.title()
    if len(severity.code) > _LONGEST_SIGN:
        return name, ""
    rest = name.removeprefix(severity.code)
    return severity.code, rest.strip(" :-") if not rest[:1].isalnum() else name
