"""What a new edition changes for the customers of each plan, in sentences in the language that is active.

For the letter that they get and for whoever publishes. It says what customers live under; what only support
works by (warnings, the queue's order) is not for them. What no sentence fits is said as "also changed".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.punctuation import listed
from plans.enums import Approval, ChannelCode, Metric, SeveritySetBy, TargetsAre
from plans.policyfile import Document
from plans.templatetags.texts import target_length
from plans.texts import text_in
from plans.wording import money_words
from timekeeping import parse_target

Item = dict[str, Any]


@dataclass(frozen=True)
class PlanChange:
    """What changes for the customers of one plan; ``sentences`` is empty where nothing does."""

    code: str
    name: str
    sentences: list[str]


def changes_in_words(before: Document, after: Document) -> list[PlanChange]:
    """For each plan that both have, in the new order: what changes for its customers."""
    old = {plan["code"]: plan for plan in before["plans"]}
    return [
        PlanChange(
            plan["code"],
            text_in(plan["name"]) or plan["code"],
            [*_of_plan(before, after, old[plan["code"]], plan), *_of_policy(before, after, plan["code"])],
        )
        for plan in after["plans"]
        if plan["code"] in old
    ]


def _of_plan(before: Document, after: Document, old: Item, new: Item) -> Iterator[str]:
    yield from _promises(after, old, new)
    yield from _hours(before, after, old, new)
    yield from _channels(before, after, old, new)
    yield from _lists(before, after, old, new)
    yield from _days(old, new)
    yield from _rules(before, after, old, new)
    yield from _rates(old, new)


def _promises(after: Document, old: Item, new: Item) -> Iterator[str]:
    """Each cell of the targets that is another one."""
    for metric in Metric:
        then, now = old["targets"].get(metric.value, {}), new["targets"].get(metric.value, {})
        for severity in after["severities"]:
            code = severity["code"]
            if then.get(code) != now.get(code):
                words = {
                    "promise": str(metric.label),
                    "severity": _coded(severity),
                    "before": target_length(parse_target(then[code])) if code in then else "",
                    "after": target_length(parse_target(now[code])) if code in now else "",
                }
                yield _promise(words)
    if old["targets_are"] != new["targets_are"]:
        yield _("What is promised counts as: %(kind)s.") % {"kind": TargetsAre(new["targets_are"]).label}


def _promise(words: dict[str, str]) -> str:
    if not words["before"]:
        return _("%(promise)s, %(severity)s: %(after)s. Nothing was promised before.") % words
    if not words["after"]:
        return _("%(promise)s, %(severity)s: nothing is promised any more. It was %(before)s.") % words
    return _("%(promise)s, %(severity)s: %(after)s instead of %(before)s.") % words


def _hours(before: Document, after: Document, old: Item, new: Item) -> Iterator[str]:
    """The hours of support: which calendars the plan counts by, or what one of them says."""
    if _open(before, old) != _open(after, new):
        yield _("The hours of support change: see the week under “Your support”.")


def _open(document: Document, plan: Item) -> Any:
    named = [plan["coverage"], plan["coverage_for"]]
    codes = {code for options in named for calendars in options.values() for code in calendars}
    calendars = {code: document["calendars"][code] for code in sorted(codes)}
    sets = {code for calendar in calendars.values() for code in calendar["holidays"]}
    counted = {
        code: {key: part for key, part in calendar.items() if key != "amendments"}
        for code, calendar in calendars.items()
    }
    return named, counted, {code: document["holiday_sets"][code] for code in sorted(sets)}


def _channels(before: Document, after: Document, old: Item, new: Item) -> Iterator[str]:
    come, gone = _moved(old["channels"], new["channels"])
    if come:
        yield _("You may ask by: %(names)s.") % {"names": _names(after["channels"], come, _channel)}
    if gone:
        yield _("Not taken any more: %(names)s.") % {"names": _names(before["channels"], gone, _channel)}
    for code in new["channels"]:
        limit = new["channel_limits"].get(code)
        if code in come or limit == old["channel_limits"].get(code):
            continue
        name = _names(after["channels"], [code], _channel)
        if limit is None:
            yield _("%(channel)s takes every severity.") % {"channel": name}
        else:
            yield _("%(channel)s takes only: %(severities)s.") % {
                "channel": name,
                "severities": _names(after["severities"], limit, _coded),
            }


def _lists(before: Document, after: Document, old: Item, new: Item) -> Iterator[str]:
    """Kinds of help, and what comes beside answers."""
    for part in ("support_types", "entitlements"):
        come, gone = _moved(old[part], new[part])
        if come:
            yield _("New in your plan: %(names)s.") % {"names": _names(after[part], come, _named)}
        if gone:
            yield _("Not in your plan any more: %(names)s.") % {"names": _names(before[part], gone, _named)}


def _days(old: Item, new: Item) -> Iterator[str]:
    for key, say in DAYS.items():
        if old[key] != new[key]:
            yield say(new[key])


def _reopen(days: int) -> str:
    return ngettext(
        "A closed request may be opened again within %(n)s day.",
        "A closed request may be opened again within %(n)s days.",
        days,
    ) % {"n": days}


def _closing(days: int | None) -> str:
    if days is None:
        return _("A resolved request does not close by itself any more.")
    return ngettext(
        "A resolved request closes by itself after %(n)s day.",
        "A resolved request closes by itself after %(n)s days.",
        days,
    ) % {"n": days}


def _grace(days: int) -> str:
    return ngettext(
        "Requests are taken for %(n)s day after a contract ends.",
        "Requests are taken for %(n)s days after a contract ends.",
        days,
    ) % {"n": days}


DAYS: dict[str, Callable[[Any], str]] = {
    "reopen_days": _reopen,
    "auto_close_days": _closing,
    "grace_days": _grace,
}


def _rules(before: Document, after: Document, old: Item, new: Item) -> Iterator[str]:
    then = old["severity_set_by"] or before["severity_set_by"]
    now = new["severity_set_by"] or after["severity_set_by"]
    if then != now:
        yield _("Severity: %(rule)s.") % {"rule": SeveritySetBy(now).label}
    if old["customer_may_escalate"] != new["customer_may_escalate"]:
        yield (
            _("You may escalate a request yourself.")
            if new["customer_may_escalate"]
            else _("You can't escalate a request yourself any more.")
        )
    contacts, were = new["contacts"], old["contacts"]
    if contacts["approval"] != were["approval"]:
        yield _("Contacts are approved by: %(who)s.") % {"who": Approval(contacts["approval"]).label}
    if contacts["max"] != were["max"]:
        yield (
            _("Contacts: at most %(n)s.") % {"n": contacts["max"]}
            if contacts["max"]
            else _("Contacts: as many as you like.")
        )
    if _rest(old) != _rest(new):
        yield _("Who may ask, fees, partners or escalation change too: see the terms.")


def _rest(plan: Item) -> Any:
    """What has no sentence of its own."""
    contacts = {key: value for key, value in plan["contacts"].items() if key not in ("approval", "max")}
    keys = (
        *("when_overdue", "escalation", "partner_may_submit", "sponsored_partners", "programs"),
        *("pause_on_hold", "own_targets", "emergency_contacts", "extraordinary_access"),
    )
    return contacts, [plan[key] for key in keys]


def _rates(old: Item, new: Item) -> Iterator[str]:
    for code, rate in new["rates"].items():
        if rate != old["rates"].get(code):
            yield _("Work outside the plan is charged: %(rate)s.") % {"rate": money_words(rate)}


def _of_policy(before: Document, after: Document, plan: str) -> Iterator[str]:
    """What holds for every plan: scope, exclusions, conditions, kinds of request."""
    parts = {
        "exclusions": (_("Newly excluded: %(text)s"), _("Not excluded any more: %(text)s")),
        "conditions": (_("A new condition: %(text)s"), _("No condition any more: %(text)s")),
        "scope": (_("Support covers: %(text)s"), _("Support does not cover any more: %(text)s")),
    }
    for part, (come, gone) in parts.items():
        old, new = _texts(before[part], plan), _texts(after[part], plan)
        yield from (come % {"text": text} for code, text in new.items() if old.get(code) != text)
        yield from (gone % {"text": text} for code, text in old.items() if code not in new)


def _texts(items: list[Item], plan: str) -> dict[str, str]:
    return {item["code"]: text_in(item["text"]) for item in items if plan in (item.get("plans") or [plan])}


def _moved(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """What is new in a list, and what is gone from it."""
    return [code for code in new if code not in old], [code for code in old if code not in new]


def _names(items: list[Item], codes: Iterable[str], name: Callable[[Item], str]) -> str:
    found = {item["code"]: item for item in items}
    return listed(name(found.get(code, {"code": code, "name": ""})) for code in codes)


def _named(item: Item) -> str:
    return text_in(item["name"]) or str(item["code"])


def _coded(item: Item) -> str:
    """A severity as people call it: its code, and its name where that says more."""
    name = text_in(item["name"])
    return f"{item['code']} {name}" if name and name != item["code"] else str(item["code"])


def _channel(item: Item) -> str:
    """The vendor's name for a channel, or the usual one."""
    name, code = text_in(item["name"]), str(item["code"])
    return name or (str(ChannelCode(code).label) if code in ChannelCode.values else code)
