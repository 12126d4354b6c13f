"""The questions about what stands still, and the severity that their answers suggest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from plans.models import ImpactRule, Severity

_YES_NO = [("no", _("No")), ("yes", _("Yes"))]
_TRUTH = {"yes": True, "no": False}
_MOST_PEOPLE = 100_000_000


def sign_in_field(label: Any, required: bool) -> forms.ChoiceField:
    return radio_field(label, _YES_NO, required)


def executives_field(label: Any) -> forms.ChoiceField:
    return radio_field(label, _YES_NO, False)


def people_field(label: Any, required: bool) -> forms.IntegerField:
    """How many people are affected: a whole number, guessed or counted."""
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=0,
        validators=[MaxValueValidator(_MOST_PEOPLE)],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Write about how many people are affected; a guess will do."),
            "invalid": _("Write a whole number, such as 40."),
        },
    )


def radio_field(label: Any, choices: list[Any], required: bool, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        widget=forms.RadioSelect,
        **kwargs,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one of these.")},
    )


def impact_of(answers: Mapping[str, Any]) -> dict[str, Any] | None:
    """The impact answers as they are stored; None where no question was answered."""
    since = answers.get("since")
    found = {
        "can_sign_in": _TRUTH.get(answers.get("can_sign_in") or ""),
        "users_affected": answers.get("users_affected"),
        "executives_affected": _TRUTH.get(answers.get("executives_affected") or ""),
        "lost": answers.get("lost") or "",
        "since": since.astimezone(UTC).isoformat().replace("+00:00", "Z") if since else None,
    }
    return found if any(value not in (None, "") for value in found.values()) else None


def as_answers(impact: Mapping[str, Any] | None) -> dict[str, Any]:
    """Stored impact as a form's initial values; what partners wrote in another shape is left out."""
    stored = impact or {}
    words: dict[Any, str] = {True: "yes", False: "no"}
    people = stored.get("users_affected")
    return {
        "can_sign_in": words.get(stored.get("can_sign_in")),
        "users_affected": people if isinstance(people, int) else None,
        "executives_affected": words.get(stored.get("executives_affected")),
    }


def suggested(rules: Iterable[ImpactRule], impact: Mapping[str, Any]) -> Severity | None:
    """The severity of the first rule whose conditions all hold; None without rules or answers."""
    if not any(value not in (None, "") for value in impact.values()):
        return None
    return next((rule.severity for rule in rules if _holds(rule, impact)), None)


def _holds(rule: ImpactRule, impact: Mapping[str, Any]) -> bool:
    """Whether every condition of a rule holds; a question without an answer holds none."""
    people = impact.get("users_affected")
    return (
        (rule.can_sign_in is None or rule.can_sign_in == impact.get("can_sign_in"))
        and (
            rule.executives_affected is None or rule.executives_affected == impact.get("executives_affected")
        )
        and (rule.users_affected is None or (people is not None and people >= rule.users_affected))
    )
