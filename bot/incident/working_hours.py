"""When people may be asked what can wait: within working hours of their own zone. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.incident.time_zones import zone_of

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """`days`: 0 is Monday. Times of day in the zone of whoever is asked."""

    days: frozenset[int] = frozenset(range(5))
    begin: time = time(9)
    until: time = time(17)


def first_working_moment(after: datetime, time_zone: str, hours: WorkingHours) -> datetime:
    """The first moment within working hours from `after` on, aware UTC. `hours.days` must not be empty."""
    zone = zone_of(time_zone)
    day = after.astimezone(zone).date()
    while day.weekday() not in hours.days or after >= _on(day, hours.until, zone):
        day += _A_DAY
    return max(after, _on(day, hours.begin, zone))


def day_of(at: datetime, time_zone: str) -> date:
    """Which day it is there."""
    return at.astimezone(zone_of(time_zone)).date()


def end_of_day(day: date, time_zone: str) -> datetime:
    return _on(day + _A_DAY, time(), zone_of(time_zone))


def _on(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
