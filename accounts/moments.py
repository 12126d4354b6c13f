"""How moments and lengths of time are written, in the three languages of the portal.

Pure: the instant that counts as "now", the zone and the language are arguments. The words are kept
here and not in the message files, because order, spaces and signs differ as much as the words do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

HOUR = 3600
WALL_DAYS_FROM = 48 * HOUR


@dataclass(frozen=True)
class Writing:
    """The words and patterns of one language."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    day_year: str
    joint: str
    near: dict[int, str]
    near_joint: str
    hours: str
    minutes: str
    short_hours: str
    short_minutes: str
    short_both: str
    seconds: str
    ahead: str
    ago: str
    left: str
    over: str
    days: str
    aside: str


EN = Writing(
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    day="{weekday} {d.day} {month}",
    day_year="{weekday} {d.day} {month} {d.year}",
    joint=", ",
    near={-1: "yesterday", 0: "today", 1: "tomorrow"},
    near_joint=", ",
    hours="{} h",
    minutes="{} min",
    short_hours="{} h",
    short_minutes="{} min",
    short_both="{} h {:02d}",
    seconds="{} s",
    ahead="in {}",
    ago="{} ago",
    left="{} left",
    over="{} over",
    days="{} days",
    aside="{} ({}, {})",
)
ZH_HANS = Writing(
    weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    months=(),
    day="{d.month}月{d.day}日 {weekday}",
    day_year="{d.year}年{d.month}月{d.day}日 {weekday}",
    joint=" ",
    near={-1: "昨天", 0: "今天", 1: "明天"},
    near_joint=" ",
    hours="{} 小时",
    minutes="{} 分钟",
    short_hours="{}小时",
    short_minutes="{}分",
    short_both="{}小时{}分",
    seconds="{} 秒",
    ahead="还有 {}",
    ago="{}前",
    left="剩余 {}",
    over="逾期 {}",
    days="{} 天",
    aside="{}（{}，{}）",
)
ZH_HANT = Writing(
    weekdays=("週一", "週二", "週三", "週四", "週五", "週六", "週日"),
    months=(),
    day="{d.month}月{d.day}日 {weekday}",
    day_year="{d.year}年{d.month}月{d.day}日 {weekday}",
    joint=" ",
    near={-1: "昨天", 0: "今天", 1: "明天"},
    near_joint=" ",
    hours="{} 小時",
    minutes="{} 分鐘",
    short_hours="{}小時",
    short_minutes="{}分",
    short_both="{}小時{}分",
    seconds="{} 秒",
    ahead="還有 {}",
    ago="{}前",
    left="尚餘 {}",
    over="逾期 {}",
    days="{} 天",
    aside="{}（{}，{}）",
)

# Cities of the zones that customers here live in; any other zone is written by its own name.
CITIES = {
    "America/Los_Angeles": ("洛杉矶", "洛杉磯"),
    "America/New_York": ("纽约", "紐約"),
    "America/Chicago": ("芝加哥", "芝加哥"),
    "America/Denver": ("丹佛", "丹佛"),
    "Europe/London": ("伦敦", "倫敦"),
    "Europe/Berlin": ("柏林", "柏林"),
    "Europe/Paris": ("巴黎", "巴黎"),
    "Asia/Shanghai": ("上海", "上海"),
    "Asia/Taipei": ("台北", "台北"),
    "Asia/Hong_Kong": ("香港", "香港"),
    "Asia/Singapore": ("新加坡", "新加坡"),
    "Asia/Tokyo": ("东京", "東京"),
}


def writing(language: str) -> Writing:
    """The patterns of a language code such as ``en``, ``zh-hans`` or ``zh-Hant``."""
    code = (language or "en").lower()
    if code.startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo")):
        return ZH_HANT
    return ZH_HANS if code.startswith("zh") else EN


def day(value: datetime | date, now: datetime, zone: tzinfo, language: str) -> str:
    """``Mon 30 Nov``; the year only where it is not the year of ``now``."""
    words = writing(language)
    local = _date(value, zone)
    pattern = words.day if local.year == now.astimezone(zone).year else words.day_year
    return _day(local, pattern, words)


def day_short(value: datetime | date, zone: tzinfo, language: str) -> str:
    """The day for a picture, without a year: ``Mon 30 Nov``, ``11月30日``."""
    words = writing(language)
    pattern = "{d.month}月{d.day}日" if words is not EN else words.day
    return _day(_date(value, zone), pattern, words)


def weekday(value: datetime | date, zone: tzinfo, language: str) -> str:
    """``Fri``, ``周五``."""
    return writing(language).weekdays[_date(value, zone).weekday()]


def clock(value: datetime, zone: tzinfo) -> str:
    """The 24-hour wall time, ``18:20``."""
    return value.astimezone(zone).strftime("%H:%M")


def moment(value: datetime, now: datetime, zone: tzinfo, language: str) -> str:
    """``Today, Mon 30 Nov, 18:20``: the form a promise is written in."""
    words = writing(language)
    near = words.near.get(_days_off(value, now, zone))
    written = words.joint.join([day(value, now, zone, language), clock(value, zone)])
    return words.near_joint.join([near.capitalize(), written]) if near else written


def short_moment(value: datetime, now: datetime, zone: tzinfo, language: str) -> str:
    """``today, 18:20`` or ``Thu 3 Dec, 12:10``: the form of rows."""
    words = writing(language)
    near = words.near.get(_days_off(value, now, zone))
    return (near + words.near_joint if near else day(value, now, zone, language) + words.joint) + clock(
        value, zone
    )


def day_and_clock(value: datetime, now: datetime, zone: tzinfo, language: str) -> str:
    """``Fri 27 Nov, 12:48``, never "today": for records."""
    return writing(language).joint.join([day(value, now, zone, language), clock(value, zone)])


def full_moment(value: datetime, zone: tzinfo, language: str) -> str:
    """Everything there is to say: weekday, year, seconds, city and offset. The title of a time."""
    words = writing(language)
    local = value.astimezone(zone)
    written = words.joint.join([_day(local.date(), words.day_year, words), local.strftime("%H:%M:%S")])
    return words.aside.format(written, city(zone, language), offset(zone, value))


def length(seconds: float, language: str) -> str:
    """``4 h 40 min``; below a minute in seconds. Never decimals of hours."""
    words = writing(language)
    total = abs(int(seconds))
    if 0 < total < 60:
        return words.seconds.format(total)
    hours, minutes = divmod(total // 60, 60)
    parts = [words.hours.format(hours)] if hours else []
    if minutes or not hours:
        parts.append(words.minutes.format(minutes))
    return " ".join(parts)


def length_short(seconds: float, language: str) -> str:
    """The form inside ribbons: ``5 h 40``, ``48 min``, ``5小时40分``."""
    words = writing(language)
    total = abs(int(seconds))
    hours, minutes = divmod(total // 60, 60)
    if not hours:
        return words.short_minutes.format(minutes)
    return words.short_both.format(hours, minutes) if minutes else words.short_hours.format(hours)


def distance(value: datetime, now: datetime, zone: tzinfo, language: str) -> str:
    """How far off on the wall: ``in 4 h 40 min``, ``48 min ago``, beyond two days ``in 3 days``."""
    words = writing(language)
    seconds = (value - now).total_seconds()
    far = abs(seconds) >= WALL_DAYS_FROM
    written = (
        words.days.format(abs(_days_off(value, now, zone)))
        if far
        else length(max(abs(seconds), 60), language)
    )
    return (words.ahead if seconds >= 0 else words.ago).format(written)


def left(seconds: float, language: str) -> str:
    """Covered time to a due instant: ``4 h 40 min left``; below nothing ``48 min over``."""
    words = writing(language)
    return (words.left if seconds >= 0 else words.over).format(length(seconds, language))


def city(zone: tzinfo, language: str) -> str:
    """The city a zone is known by: ``Los Angeles``, ``洛杉矶``."""
    key = getattr(zone, "key", None) or str(zone)
    names = CITIES.get(key)
    words = writing(language)
    if names and words is not EN:
        return names[0] if words is ZH_HANS else names[1]
    return key.rsplit("/", 1)[-1].replace("_", " ")


def offset(zone: tzinfo, at: datetime) -> str:
    """``UTC−5``, ``UTC+5:30``: the offset in force at an instant."""
    shift = at.astimezone(zone).utcoffset() or timedelta(0)
    minutes = int(shift.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    sign = "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def _date(value: datetime | date, zone: tzinfo) -> date:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _day(local: date, pattern: str, words: Writing) -> str:
    month = words.months[local.month - 1] if words.months else ""
    return pattern.format(d=local, weekday=words.weekdays[local.weekday()], month=month)


def _days_off(value: datetime, now: datetime, zone: tzinfo) -> int:
    return (value.astimezone(zone).date() - now.astimezone(zone).date()).days
