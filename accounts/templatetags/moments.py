"""Times in templates: filters for words, ``{% when %}`` for a ``<time>`` with its full moment.

The reader's zone is the active one. "Now" is the context's ``now`` where a tag can see it; a filter
takes it as its argument, and without one reads the clock, for the sake of "today" alone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts import moments
from accounts.punctuation import strung

register = template.Library()

STYLES = {
    "moment": moments.moment,
    "short": moments.short_moment,
    "record": moments.day_and_clock,
    "day": moments.day,
    "distance": moments.distance,
}


def reader() -> tuple[tzinfo, str]:
    """The zone and the language that the page is written in."""
    return timezone.get_current_timezone(), get_language() or "en"


@register.filter
def moment(value: datetime | None, now: datetime | None = None) -> str:
    """``{{ due_at|moment:now }}``: "Today, Mon 30 Nov, 18:20"."""
    return moments.moment(value, now or timezone.now(), *reader()) if value else ""


@register.filter
def short_moment(value: datetime | None, now: datetime | None = None) -> str:
    """``{{ due_at|short_moment:now }}``: "today, 18:20"."""
    return moments.short_moment(value, now or timezone.now(), *reader()) if value else ""


@register.filter
def record(value: datetime | None, now: datetime | None = None) -> str:
    """``{{ due_at|record }}``: "Mon 30 Nov, 18:20", never "today": for what is read later, such as mail."""
    return moments.day_and_clock(value, now or timezone.now(), *reader()) if value else ""


@register.filter
def day(value: datetime | date | None, now: datetime | None = None) -> str:
    """``{{ ends_on|day:now }}``: "Mon 30 Nov", with the year where it is another one."""
    return moments.day(value, now or timezone.now(), *reader()) if value else ""


@register.filter
def duration(value: float | timedelta | None) -> str:
    """Seconds (or a timedelta) as "4 h 40 min"."""
    if value is None:
        return ""
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    return moments.length(seconds, get_language() or "en")


@register.filter
def left(value: float | None) -> str:
    """Seconds of covered time to go: "4 h 40 min left", or "48 min over"."""
    return "" if value is None else moments.left(value, get_language() or "en")


@register.filter
def distance(value: datetime | None, now: datetime | None = None) -> str:
    """``{{ due_at|distance:now }}``: "in 4 h 40 min", on the wall."""
    return moments.distance(value, now or timezone.now(), *reader()) if value else ""


@register.filter
def in_zone(value: datetime | None, zone: str | ZoneInfo) -> str:
    """The wall time in another zone: "15:20 in Los Angeles" is written by the template around it."""
    if not value:
        return ""
    return moments.clock(value, ZoneInfo(zone) if isinstance(zone, str) else zone)


@register.filter
def city(zone: str | ZoneInfo) -> str:
    """The city a zone is known by."""
    return moments.city(ZoneInfo(zone) if isinstance(zone, str) else zone, get_language() or "en")


@register.simple_tag(takes_context=True)
def when(context: template.Context, value: datetime | None, style: str = "short") -> SafeString | str:
    """``{% when due_at %}``: a ``<time>``; styles moment, short, record, day, distance."""
    if not value:
        return ""
    zone, language = reader()
    now = context.get("now") or timezone.now()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        moments.full_moment(value, zone, language),
        STYLES[style](value, now, zone, language),
    )


@register.simple_tag(takes_context=True)
def zone_line(context: template.Context, other: ZoneInfo | None = None) -> str:
    """The reader's zone for the footer, or that of a page of its own: "New York, UTC−5"."""
    own, language = reader()
    zone = other or own
    return strung((moments.city(zone, language), moments.offset(zone, context.get("now") or timezone.now())))
