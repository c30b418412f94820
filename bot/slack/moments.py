"""Spans and times of day as people type them -> timedelta and aware UTC datetime. Pure: the time now is given."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.incident.terms import Rejected
from bot.incident.time_zones import zone_of

LONGEST_SPAN: Final = timedelta(days=7)
TIME: Final = r"(?:\d{1,2}[:.]\d{1,2}(?:\s*[ap]\.?m\b\.?)?|\d{1,2}\s*[ap]\.?m\b\.?)(?:\s*utc\b)?"
"""What looks like a time of day, valid or not; a bare number does not."""
DAY: Final = r"yesterday|today|tomorrow|\d{4}-\d{1,2}-\d{1,2}"
SPAN_WITH_UNIT: Final = r"\d{1,5}\s*(?:d|days?|h|hrs?|hours?|m|mins?|minutes?)(?:\s*\d{1,5}\s*(?:m|mins?|minutes?))?"

_DAYS_FROM_TODAY: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}
"""Tomorrow is known so that it can be refused, and is not taken for a word of the note."""

_SPAN: Final = re.compile(
    r"(?:(?P<days>\d{1,5})\s*(?:d|days?))?\s*(?:(?P<hours>\d{1,5})\s*(?:h|hrs?|hours?))?\s*"
    r"(?:(?P<minutes>\d{1,5})\s*(?:m|mins?|minutes?)?)?",
    re.IGNORECASE | re.ASCII,
)
_CLOCK: Final = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{1,2}))?\s*(?:(?P<half>[ap])\.?m\.?)?", re.IGNORECASE)
_ISO_DAY: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}", re.ASCII)
_AHEAD: Final = re.compile(r"(?:in\s+)?(?P<count>\d{1,3})\s*(?P<unit>[dw])(?:ays?|eeks?)?", re.ASCII)
_MOMENT: Final = re.compile(
    rf"(?:(?P<day1>{DAY})\s+(?:at\s+)?)?(?P<time>{TIME})(?:\s+(?P<day2>{DAY}))?", re.IGNORECASE | re.ASCII
)


def span(text: str, *, field: str = "") -> timedelta:
    """`30m`, `1h30m`, `90 min`, `2 hours`, `20` (minutes). Raises Rejected."""
    found = _SPAN.fullmatch(text.strip())
    if not text.strip():
        raise Rejected("Say how long, too: write it like 30m or 1h30m.", field=field, verb="remind")
    if found is None or not any(found.groups()):
        raise Rejected(
            f"“{text.strip()}” is no length of time I can read: write it like 30m or 1h30m.", field=field, verb="remind"
        )
    parts = {unit: int(number) for unit, number in found.groupdict().items() if number}
    length = timedelta(**parts)
    if not timedelta(0) < length <= LONGEST_SPAN:
        raise Rejected("That length of time must be between 1 minute and 7 days.", field=field)
    return length


def moment(text: str, *, at: datetime, time_zone: str) -> datetime:
    """The most recent such moment up to `at`, in that zone: `14:05`, `2pm`, `14:05 yesterday`, or in no zone of
    anybody's: `14:05 UTC`. Raises Rejected.
    """
    found = _MOMENT.fullmatch(" ".join(text.split()))
    if found is None:
        raise _no_time(text)
    clock = re.sub(r"utc$", "", found["time"], flags=re.IGNORECASE)
    is_utc = clock != found["time"]
    zone = zone_of("UTC" if is_utc else time_zone)
    of_day = _time_of_day(clock)
    day = found["day1"] or found["day2"]
    if day is None:
        return _latest(at, of_day, zone)
    return _not_later(_on(_day(day.casefold(), at.astimezone(zone).date()), of_day, zone, at), at)


def coming(text: str, *, at: datetime, time_zone: str) -> datetime:
    """The next such moment after `at`, in that zone: `22:00`, `tomorrow 22:00`, `22:00 UTC`. Raises Rejected."""
    found = _MOMENT.fullmatch(" ".join(text.split()))
    if found is None:
        raise _no_time(text)
    clock = re.sub(r"utc$", "", found["time"], flags=re.IGNORECASE)
    zone = zone_of("UTC" if clock != found["time"] else time_zone)
    of_day, day, today = _time_of_day(clock), found["day1"] or found["day2"], at.astimezone(zone).date()
    if day is not None:
        return _on(_day(day.casefold(), today), of_day, zone, at)
    first = _on(today, of_day, zone, at)
    return first if first > at else _on(today + timedelta(days=1), of_day, zone, at)


def day_ahead(text: str, *, at: datetime, time_zone: str) -> date:
    """`2026-12-01`, `tomorrow`, `14 days`, `in 2 weeks`. Raises Rejected; a day that is over is refused elsewhere."""
    wanted = " ".join(text.casefold().strip(" .").split())
    today = at.astimezone(zone_of(time_zone)).date()
    if found := _AHEAD.fullmatch(wanted):
        return today + timedelta(days=int(found["count"]) * (7 if found["unit"] == "w" else 1))
    if wanted in {"today", "tomorrow"} or _ISO_DAY.fullmatch(wanted):
        return _day(wanted, today)
    raise Rejected(f"“{text.strip()}” is no day I can read: write it like 2026-12-01 or 14 days.", field="expires_on")


def _no_time(text: str) -> Rejected:
    return Rejected(f"“{text.strip()}” is no time of day I can read: write it like 14:05 or 2pm.", field="at")


def _time_of_day(text: str) -> time:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise _no_time(text)
    hour, half = int(found["hour"]), (found["half"] or "").casefold()
    if half and not 1 <= hour <= 12:
        raise _no_time(text)
    try:
        return time(hour % 12 + 12 * (half == "p") if half else hour, int(found["minute"] or 0))
    except ValueError:
        raise _no_time(text) from None


def _day(name: str, today: date) -> date:
    if name in _DAYS_FROM_TODAY:
        return today + timedelta(days=_DAYS_FROM_TODAY[name])
    try:
        return date(*(int(part) for part in name.split("-")))
    except ValueError:
        raise Rejected(f"“{name}” is no day of the calendar: write it like 2026-11-20.", field="at") from None


def _latest(at: datetime, of_day: time, zone: ZoneInfo) -> datetime:
    """Today's, or yesterday's where today's is still to come, be it one that the clock will jump over."""
    here = at.astimezone(zone)
    if of_day > here.time():
        first = _turns(here.date(), of_day, zone)[0]
        return first if first <= at else _on(here.date() - timedelta(days=1), of_day, zone, at)
    return _on(here.date(), of_day, zone, at)


def _on(day: date, of_day: time, zone: ZoneInfo, at: datetime) -> datetime:
    """That day's moment. Of the two that the clock shows when it is set back, the later one that is not to come.

    Raises Rejected for a time that the clock jumped over: whoever types it has another moment in mind than we would
    guess, and which one decides the order of the record.
    """
    first, second = _turns(day, of_day, zone)
    if second < first:
        instead = f"{first.astimezone(zone):%H:%M}"
        raise Rejected(
            f"There was no {of_day:%H:%M} on {day.isoformat()} in {zone.key}, for the clocks were set forward: "
            f"what was {of_day:%H:%M} by the old time is {instead} by the new one, so write that.",
            field="at",
        )
    return second if first < second <= at else first


def _turns(day: date, of_day: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both turns of a time that the clock shows twice (PEP 495), the same moment twice for any other; the second one
    earlier than the first for a time that the clock jumps over."""
    first, second = (datetime.combine(day, of_day.replace(fold=fold), tzinfo=zone).astimezone(UTC) for fold in (0, 1))
    return first, second


def _not_later(moment_: datetime, at: datetime) -> datetime:
    if moment_ > at:
        raise Rejected("That time is still to come: a time in the record lies in the past.", field="at")
    return moment_
