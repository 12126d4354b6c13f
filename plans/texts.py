"""Texts that a policy carries in one or several languages."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")

# Lines and tabs are text; other control characters, and halves of characters, are not.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
MAX_TEXT = 10_000

Text = str | dict[str, str]


def text_in(value: Text | None, language: str | None = None) -> str:
    """The text in `language` (default: the reader's), or in the nearest that there is.

    `value` is as in the policy file: a plain string, or a map by language. Nearest: the language itself, its
    base, another variant of the base, English, then the first of the map. Nothing gives an empty string.
    """
    if not value:
        return ""
    if isinstance(value, str):
        return value
    wanted = (language or get_language() or "en").lower()
    base = wanted.split("-")[0]
    variants = [code for code in value if code.split("-")[0] == base]
    for code in (wanted, base, *variants, "en"):
        if value.get(code):
            return value[code]
    return next(iter(value.values()), "")


def validate_text(value: Any) -> None:
    """Raise ValidationError unless `value` is a string or a map of language codes to strings."""
    if isinstance(value, str):
        _validate_signs(value)
        return
    if not isinstance(value, dict) or not value:
        raise ValidationError(_("Give a text, or a map of texts by language."))
    for code, text in value.items():
        if not LANGUAGE_CODE.fullmatch(str(code)):
            raise ValidationError(_("%(code)s is no language code."), params={"code": code})
        if not isinstance(text, str):
            raise ValidationError(_("The text for %(code)s is no text."), params={"code": code})
        _validate_signs(text)


def _validate_signs(text: str) -> None:
    """What a policy file would refuse is refused here, too: else an edition could not be loaded again."""
    if len(text) > MAX_TEXT:
        raise ValidationError(
            _("The text is longer than %(most)s characters. Shorten it."), params={"most": f"{MAX_TEXT:,}"}
        )
    if CONTROL.search(text):
        raise ValidationError(_("The text holds a sign that can't be kept. Type it anew."))


class TranslatedTextField(models.JSONField):
    """A text as the policy file has it: a JSON string, or a map by language. Read it with `text_in`."""

    default_validators = [validate_text]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", str)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
