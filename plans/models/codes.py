"""Codes and patterns that several tables share, and the constraints that hold them."""

import re
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.lookups import Regex
from django.utils.translation import gettext_lazy as _

CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$"
SPAN_PATTERN = r"([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
SPANS_PATTERN = rf"^({SPAN_PATTERN}(,{SPAN_PATTERN})*)?$"
DURATION_PATTERN = r"^(\d{1,9}h(\d{1,9}m)?|\d{1,9}m)$"
TARGET_PATTERN = r"^(\d{1,9}h(\d{1,9}m)?|\d{1,9}m|\d{1,9}bd|nbd)$"
WEEK_MOMENT_PATTERN = r"^((mon|tue|wed|thu|fri|sat|sun) (([01][0-9]|2[0-3]):[0-5][0-9]|24:00))?$"


def code_field(**kwargs: Any) -> models.CharField:
    """A short name that people and files refer to; its table also holds it to `CODE_PATTERN`."""
    return models.CharField(max_length=50, validators=[RegexValidator(CODE_PATTERN)], **kwargs)


def matches(table: str, column: str, pattern: str) -> models.CheckConstraint:
    """A constraint by which `column` of `table` matches `pattern`."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{column}__regex": pattern}),
        name=f"{table}_{column}_format",
        violation_error_message=_("This is not written as it must be."),
    )


def validate_spans(value: list[str]) -> None:
    """Raise ValidationError for a span that is not `HH:MM-HH:MM`."""
    for span in value:
        if not re.fullmatch(SPAN_PATTERN, span):
            raise ValidationError(_("Write %(span)s as HH:MM-HH:MM."), params={"span": span})


def spans_field() -> ArrayField:
    """Opening spans of a day, each `HH:MM-HH:MM`; an end that is not later runs past midnight."""
    return ArrayField(
        models.CharField(max_length=11),
        verbose_name=_("open"),
        default=list,
        blank=True,
        validators=[validate_spans],
    )


def spans_match(table: str) -> models.CheckConstraint:
    """A constraint by which every span of `table` is `HH:MM-HH:MM`."""
    joined = models.Func(
        models.F("spans"), models.Value(","), function="array_to_string", output_field=models.TextField()
    )
    return models.CheckConstraint(
        condition=Regex(joined, models.Value(SPANS_PATTERN)),
        name=f"{table}_spans_format",
        violation_error_message=_("Write each span as HH:MM-HH:MM."),
    )
