"""What the other plans of an edition would give: shown beside one's own, never instead of it."""

from __future__ import annotations

from dataclasses import dataclass

from plans.enums import Metric
from plans.held import Held
from plans.models import Plan, Severity
from plans.templatetags.texts import target_length
from plans.texts import text_in
from timekeeping import parse_target


@dataclass(frozen=True)
class OtherPlan:
    """``first_answers`` are lengths in words, one for each severity of the edition; empty: nothing promised.

    ``channels`` and ``entitlements`` are names of what the reader's own plan does not have.
    """

    name: str
    pricing: str
    first_answers: list[str]
    channels: list[str]
    entitlements: list[str]


def other_plans(held: Held, severities: list[Severity]) -> list[OtherPlan]:
    """The other plans of the edition, in its order, compared with the plan that is held. Five queries."""
    rows = held.edition.plans.exclude(pk=held.plan.pk).prefetch_related("channels", "entitlements", "targets")
    channels = {channel.pk for channel in held.plan.channels.all()}
    entitlements = {entitlement.pk for entitlement in held.plan.entitlements.all()}
    return [_compared(plan, severities, channels, entitlements) for plan in rows]


def _compared(
    plan: Plan, severities: list[Severity], channels: set[int], entitlements: set[int]
) -> OtherPlan:
    return OtherPlan(
        name=plan.title(),
        pricing=text_in(plan.pricing),
        first_answers=_first_answers(plan, severities),
        channels=[row.title() for row in plan.channels.all() if row.pk not in channels],
        entitlements=[row.title() for row in plan.entitlements.all() if row.pk not in entitlements],
    )


def _first_answers(plan: Plan, severities: list[Severity]) -> list[str]:
    written = {row.severity_id: row for row in plan.targets.all() if row.metric == Metric.FIRST_RESPONSE}
    words = []
    for severity in severities:
        row = written.get(severity.pk)
        value = {"in": row.written, "counted": "elapsed"} if row and row.is_elapsed else row and row.written
        words.append(target_length(parse_target(value)) if value else "")
    return words
