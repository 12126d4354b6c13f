"""Words of surveys, for customers and staff."""

from __future__ import annotations

from tickets.enums import Score


def score_words(score: int | None) -> str:
    """The word of a score, such as "Good"; empty for none."""
    return str(Score(score).label) if score in Score.values else ""
