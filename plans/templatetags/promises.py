"""Promises in templates: ribbons, chips, severity, the week. The pictures themselves are pure functions.

Every tag takes "now" from the context and the zone and language from the reader.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zlib import crc32

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from accounts import moments
from accounts.punctuation import aside
from accounts.templatetags.look import icon
from accounts.templatetags.moments import reader
from plans.pictures import mini as small
from plans.pictures import ribbon as pictures
from plans.pictures import sample, svg
from plans.pictures import week as weeks
from plans.pictures import words as sentences
from plans.pictures.clockview import ClockView

register = template.Library()

BADGE_ICONS = {"waiting": "pause", "missed": "flag"}
BADGES = {"on_hold": "hold"}
CHIP_ICONS = {
    "running": "clock",
    "soon": "warn",
    "paused": "pause",
    "met": "check",
    "missed": "flag",
    "preview": "clock",
}


def _now(context: template.Context) -> datetime:
    return context.get("now") or timezone.now().replace(microsecond=0)


def _uid(context: template.Context, clock: Any) -> str:
    """An id for the patterns of one picture: unlike any other of this page or of a part swapped in later."""
    root: Any = context.render_context.dicts[0]  # shared by every template of the page
    count = int(root.get("kept_pictures", 0)) + 1
    root["kept_pictures"] = count
    return f"r{crc32(repr(clock).encode()):x}{count}"


@register.simple_tag(takes_context=True)
def ribbon(context: template.Context, clock: ClockView, width: int = 752) -> SafeString:
    """Both pictures of a clock; the room they stand in chooses. ``width=452`` for a side column."""
    now, (zone, language) = _now(context), reader()
    if not pictures.draws(clock):
        return mark_safe("")  # noqa: S308 - constant
    uid = _uid(context, clock)
    wide = pictures.lying_ribbon(clock, now, zone, language, f"{uid}w", width)
    narrow = pictures.upright_ribbon(clock, now, zone, language, f"{uid}n")
    cls = "ribbons ribbons--side" if width < 560 else "ribbons"
    return _html(
        f'<div class="{cls}"><div class="ribbon--wide">{wide}</div>'
        f'<div class="ribbon--narrow">{narrow}</div></div>'
    )


@register.simple_tag(takes_context=True)
def ribbon_upright(context: template.Context, clock: ClockView) -> SafeString:
    """The standing picture alone, for a narrow column on any screen."""
    zone, language = reader()
    return _html(pictures.upright_ribbon(clock, _now(context), zone, language, _uid(context, clock)))


@register.simple_tag
def mini_ribbon(clock: ClockView, width: int = 120) -> SafeString:
    """The small ribbon of rows; the words beside it must say the same."""
    return _html(small.mini(clock, width)) if clock and clock.state != "none" else _html("")


def _html(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 - drawn by plans.pictures, which escapes every word


@register.simple_tag(takes_context=True)
def promise_chip(context: template.Context, clock: ClockView | None, words: str = "") -> SafeString:
    """The pill of a promise: icon, what is promised, the moment in bold. ``words`` replaces the text."""
    state = clock.state if clock else "none"
    inner = words or (_chip_words(clock, _now(context)) if clock else gettext("No promised time"))
    css = "running" if state == "preview" else state
    return format_html(
        '<span class="chip chip--{}">{}<span>{}</span></span>',
        css,
        icon(CHIP_ICONS.get(state, "none")),
        inner,
    )


def _chip_words(clock: ClockView, now: datetime) -> SafeString | str:
    zone, language = reader()

    def short(at: datetime | None) -> str:
        return moments.short_moment(at, now, zone, language) if at else ""

    if clock.state in ("running", "soon", "preview"):
        return _by_words(clock, short(clock.due_at), language)
    plain = {
        "paused": gettext("Paused since %(moment)s") % {"moment": short(clock.paused_since)},
        "met": gettext("Met %(moment)s") % {"moment": short(clock.met_at)},
        "missed": gettext("Missed by %(length)s") % {"length": _over(clock, now, language)},
        "withdrawn": gettext("%(label)s: withdrawn") % {"label": clock.label},
        "merged": gettext("%(label)s: goes on in another request") % {"label": clock.label},
    }
    return plain.get(clock.state) or gettext("No promised time")


def _by_words(clock: ClockView, moment: str, language: str) -> SafeString:
    words = format_html("{} <b>{}</b>", by_label(clock), moment)
    if clock.state == "soon" and clock.remaining_seconds is not None:
        return format_html("{}, {}", words, moments.left(clock.remaining_seconds, language))
    return words


@register.simple_tag(takes_context=True)
def promise_state(context: template.Context, clock: ClockView) -> SafeString | str:
    """The chip in the head of a promise card: how far it is, or how it ended."""
    if clock.state in ("none", "preview", "withdrawn", "merged"):
        return ""
    return promise_chip(context, clock, _state_words(clock, _now(context)))


def _state_words(clock: ClockView, now: datetime) -> str:
    zone, language = reader()
    length = {
        "used": moments.length(clock.counted_seconds, language),
        "all": moments.length(clock.total_seconds, language)
        if clock.counting != "days"
        else clock.target_written,
    }
    if clock.state in ("running", "soon"):
        if clock.state == "soon" and clock.remaining_seconds is not None:
            return gettext("Due soon: %(left)s") % {"left": moments.left(clock.remaining_seconds, language)}
        return gettext("Running: %(used)s of %(all)s counted") % length
    if clock.state == "paused":
        return gettext("Paused: %(used)s of %(all)s counted") % length
    if clock.state == "met":
        at = moments.short_moment(clock.met_at, now, zone, language) if clock.met_at else ""
        spare = moments.length(max(0, clock.total_seconds - clock.counted_seconds), language)
        return gettext("Met %(moment)s, with %(spare)s to spare") % {"moment": at, "spare": spare}
    return gettext("Missed by %(length)s") % {"length": _over(clock, now, language)}


def _over(clock: ClockView, now: datetime, language: str) -> str:
    seconds = clock.over_seconds
    if seconds is None and clock.due_at:
        seconds = int(((clock.met_at or now) - clock.due_at).total_seconds())
    return moments.length(max(seconds or 0, 1), language)


@register.filter
def by_label(clock: ClockView) -> str:
    """The label as the start of a promise: "First answer by"."""
    return gettext("%(label)s by") % {"label": clock.label}


@register.simple_tag
def severity(item: Any, steps: int = 0, name: bool = True) -> SafeString:
    """A stair with as many bars filled as it is severe, then code and name.

    ``item`` has ``rank`` (1 is the most severe) and ``code``, and ``title()`` or ``name``. ``steps``: how
    many the plan has (else ``item.steps``, else 4). ``name=False`` leaves the name out.
    """
    if not item:
        return mark_safe("")  # noqa: S308 - constant
    count = max(steps or int(getattr(item, "steps", 0) or 4), int(item.rank))
    title = getattr(item, "title", None)
    label = (title() if callable(title) else getattr(item, "name", "")) if name else ""
    return format_html(
        '<span class="sev">{}<span class="sr">{} </span>{}{}</span>',
        _html(_stair(count, count - int(item.rank) + 1)),
        gettext("Severity"),
        item.code,
        f" {label}" if label and label != item.code else "",
    )


def _stair(steps: int, filled: int) -> str:
    step = 18 / steps
    bars = []
    for index in range(steps):
        high = 4 + index * 10 / steps
        bars.append(
            svg.tag(
                "rect",
                "sev__on" if index < filled else "sev__off",
                x=index * step,
                y=14 - high,
                width=step - 1.5,
                height=high,
                rx=1,
            )
        )
    return svg.tag("svg", "", "".join(bars), viewBox="0 0 18 14", aria_hidden="true")


@register.simple_tag
def status_badge(status: str, label: str, customer: bool = False) -> SafeString:
    """``{% status_badge ticket.status ticket.get_status_display %}``; a customer reads "Waiting for you"."""
    words = gettext("Waiting for you") if customer and status == "waiting" else label
    return format_html(
        '<span class="badge badge--{}">{}{}</span>',
        BADGES.get(status, status),
        icon(BADGE_ICONS[status]) if status in BADGE_ICONS else "",
        words,
    )


@register.simple_tag
def sample_ribbon() -> SafeString:
    """A made-up promise over a holiday, for the side of the sign-in page."""
    zone, language = sample.ZONE, get_language() or "en"
    return _html(pictures.lying_ribbon(sample.clock(), sample.NOW, zone, language, "rsample", 620))


@register.simple_tag(takes_context=True)
def week(
    context: template.Context, monday: Any, spans: Any, closed_days: Any = (), zone: Any = None
) -> SafeString:
    """The week picture: Monday's date, ``OpenSpan``s and ``ClosedDay``s of :mod:`plans.pictures.week`.

    Drawn in the reader's zone, or in ``zone``.
    """
    own, language = reader()
    zone = zone or own
    uid = _uid(context, (monday, "week"))
    return _html(weeks.week(monday, list(spans), list(closed_days), _now(context), zone, language, uid))


@register.inclusion_tag("components/sum_line.html", takes_context=True)
def sum_line(context: template.Context, clock: ClockView) -> dict[str, Any]:
    """Counted parts + still to come = what was promised."""
    zone, language = reader()
    found = sentences.sum_parts(clock, _now(context), zone, language)
    return {"parts": found[0] if found else [], "total": found[1] if found else None, "clock": clock}


@register.inclusion_tag("components/stretches.html", takes_context=True)
def stretches(context: template.Context, clock: ClockView) -> dict[str, Any]:
    """Every stretch, in words."""
    zone, language = reader()
    rows = sentences.stretch_rows(clock, _now(context), zone, language)
    two_zones = any(row.when_contract for row in rows)
    return {"rows": rows, "city": moments.city(clock.zone, language) if two_zones else "", "clock": clock}


@register.inclusion_tag("components/legend.html")
def legend(clock: ClockView) -> dict[str, Any]:
    """The signs in use."""
    return {"signs": sentences.legend(clock)}


@register.simple_tag(takes_context=True)
def contract_time(context: template.Context, at: datetime | None, clock: ClockView) -> str:
    """The moment in the contract's zone: "15:20 in Los Angeles"; nothing where both clocks read alike."""
    zone, language = reader()
    if (
        not at
        or clock.state == "none"
        or at.astimezone(zone).utcoffset() == at.astimezone(clock.zone).utcoffset()
    ):
        return ""
    same_day = at.astimezone(zone).date() == at.astimezone(clock.zone).date()
    wall = (
        moments.clock(at, clock.zone)
        if same_day
        else moments.day_and_clock(at, _now(context), clock.zone, language)
    )
    return gettext("%(moment)s in %(city)s") % {"moment": wall, "city": moments.city(clock.zone, language)}


@register.simple_tag(takes_context=True)
def moment_and_there(context: template.Context, at: datetime | None, there: str) -> str:
    """``today, 18:20``, and in parentheses what ``contract_time`` says of it."""
    if at is None:
        return ""
    written = moments.short_moment(at, _now(context), *reader())
    return f"{written}{aside(there)}" if there else written


@register.filter
def target_words(clock: ClockView) -> str:
    """The promise as a length: "12 h", or as written where days are counted."""
    if clock.counting == "days" or not clock.target_seconds:
        return clock.target_written
    return moments.length(clock.target_seconds, get_language() or "en")
