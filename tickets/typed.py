"""What somebody typed into a field or an address, as a value; anybody may have typed anything."""

from __future__ import annotations

# As many digits as every key of the database has room for.
LONGEST_KEY = 18


def whole_number(text: str, digits: int = LONGEST_KEY) -> int | None:
    """The number that plain digits write, at most ``digits`` of them; else None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None
