"""A document as the YAML of a policy file. What stands at its default is left out."""

from datetime import UTC, date, datetime
from typing import Any

import yaml

from plans.policyfile.reading import Document
from plans.policyfile.weekdays import grouped

ALWAYS_WRITTEN = frozenset(
    {
        *("policy", "name", "code", "terms", "language", "severities", "default_severity", "severity_set_by"),
        *("plans", "coverage", "channels", "targets", "targets_are", "warn_at", "reopen_days", "time_zone"),
        *("hours", "text", "types", "amount", "currency", "per", "level", "after", "at", "days", "dates"),
        *("severity", "can_sign_in", "executives_affected", "users_affected"),
    }
)
DEFAULTS = {"grace_days": 0, "sponsored_partners": "none", "approval": "none", "rounding": "case"}


class _Dumper(yaml.SafeDumper):
    """Block style, in the order given, without aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    """A text in quotes that show every sign where YAML would fold one (U+0085) away as a line's end."""
    style = '"' if "\x85" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def to_yaml(document: Document) -> str:
    """The text of a policy file that reads back as this document."""
    return yaml.dump(
        _written(document), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110, indent=2
    )


def _written(document: Document) -> dict[str, Any]:
    tree = _trimmed(document)
    for name, calendar in document["calendars"].items():
        tree["calendars"][name]["hours"] = grouped(calendar["hours"])
    for plan, item in zip(tree["plans"], document["plans"], strict=True):
        plan["warn_at"] = f"{item['warn_at']}%"
        if item["when_overdue"] is not None:
            plan["when_overdue"] = item["when_overdue"]
    return tree


def _trimmed(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _trimmed(item) for key, item in value.items() if _is_written(key, item, value)}
        return {key: item for key, item in kept.items() if item != {} or key in ALWAYS_WRITTEN}
    if isinstance(value, list):
        return [_trimmed(item) for item in value]
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return value


def _is_written(key: Any, item: Any, beside: dict[Any, Any]) -> bool:
    if isinstance(key, date):
        return True
    if item is None or (key == "name" and item == "" and "code" in beside):
        return False
    if key in ALWAYS_WRITTEN:
        return True
    return item is not False and item not in ("", [], {}) and DEFAULTS.get(key) != item
