"""Targets that a contract carries of its own."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from plans.enums import Metric
from timekeeping.targets import parse_target


def own_target_faults(own: Any, severities: set[str]) -> list[Any]:
    """What is wrong in `{metric: {severity: target}}`, as texts for the reader."""
    if not isinstance(own, dict) or not all(isinstance(cells, dict) for cells in own.values()):
        return [_("Write own targets as metric, severity, target.")]
    faults: list[Any] = []
    for metric, cells in own.items():
        if metric not in Metric.values:
            faults.append(_("%(metric)s is no metric.") % {"metric": metric})
        for severity, written in cells.items():
            if severity not in severities:
                faults.append(_("%(severity)s is no severity of this edition.") % {"severity": severity})
            if not _is_target(written):
                faults.append(_("%(target)s is no target.") % {"target": written})
    return faults


def _is_target(written: Any) -> bool:
    if written is None:
        return True
    try:
        parse_target(written)
    except (ValueError, TypeError):
        return False
    return True
