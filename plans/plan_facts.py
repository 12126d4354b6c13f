"""What a plan's own page says of it beside its promises: price, languages, maintenance, rates."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from accounts.moments import city
from accounts.punctuation import strung
from plans.held import Held
from plans.models import Edition, Rate
from plans.texts import text_in
from plans.wording import rate_words

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def plan_facts(held: Held) -> dict[str, Any]:
    """Words for the page of the reader's own plan; what the edition does not say is empty. One query."""
    return {
        "plan_description": text_in(held.plan.description),
        "plan_pricing": text_in(held.plan.pricing),
        "language_names": [_language(code) for code in held.edition.languages],
        "maintenance": _window(held.edition),
        "rates": [_rate(rate) for rate in held.plan.rates.all()],
    }


def _language(code: str) -> str:
    """A language in its own name, or its code where Django has no name for it."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def _window(edition: Edition) -> str:
    """When scheduled downtime falls: "Sat 00:00 – Sun 00:00, Los Angeles"."""
    if not edition.window_from:
        return ""
    zone = city(ZoneInfo(edition.window_time_zone), get_language() or "en")
    return strung((f"{week_moment(edition.window_from)} – {week_moment(edition.window_to)}", zone))


def week_moment(written: str) -> str:
    """A moment of the week as the file writes it ("sat 00:00"), in words: "Sat 00:00"."""
    day, clock = written.split()
    return f"{WEEKDAYS_ABBR[_WEEKDAYS.index(day)]} {clock}"


def _rate(rate: Rate) -> dict[str, str]:
    names = {"sponsored_partner": _("Help for a sponsored partner")}
    told = {name: getattr(rate, name) for name in ("amount", "currency", "per", "round_up_to", "rounding")}
    return {"words": names.get(rate.code, rate.code), "price": rate_words(told)}
