"""A contract's own targets as lines that people can write: promise, severity, target."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.enums import Metric

ELAPSED = "elapsed"


class OwnTargetsField(forms.CharField):
    """``first_response high 4h`` on a line; ``none`` takes a promise away, ``elapsed`` counts on the wall."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        hint = _(
            "One on a line: promise, severity, target. For example “first_response high 2h” or"
            " “next_update P1 24h elapsed”. Promises: first_response, next_update, next_reply, resolution."
        )
        super().__init__(label=_("own targets"), required=False, help_text=hint, **kwargs)
        self.widget.attrs["rows"] = 4

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(
            f"{metric} {severity} {_written(target)}"
            for metric, cells in value.items()
            for severity, target in cells.items()
        )

    def clean(self, value: Any) -> dict[str, dict[str, Any]]:
        own: dict[str, dict[str, Any]] = {}
        for number, line in enumerate((value or "").splitlines(), start=1):
            words = line.split()
            if not words:
                continue
            metric, severity, target = _read(number, words)
            own.setdefault(metric, {})[severity] = target
        return own

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "").split() != (data or "").split()


def _read(number: int, words: list[str]) -> tuple[str, str, Any]:
    if len(words) not in (3, 4) or words[0] not in Metric.values or words[3:] not in ([], [ELAPSED]):
        raise forms.ValidationError(
            _("Line %(n)s: write promise, severity and target, such as “first_response high 2h”."),
            params={"n": number},
        )
    if words[2] == "none":
        return words[0], words[1], None
    return words[0], words[1], {"in": words[2], "counted": ELAPSED} if words[3:] else words[2]


def _written(target: Any) -> str:
    if target is None:
        return "none"
    return f"{target['in']} {target.get('counted', '')}".strip() if isinstance(target, dict) else str(target)
