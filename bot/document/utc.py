"""Times and spans as documents show them: in UTC, which the document says once. Pure."""

from datetime import UTC, datetime, timedelta


def date_time(at: datetime) -> str:
    """2026-03-02 14:05"""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def time_on(at: datetime, day: datetime) -> str:
    """The time of day; with its date where that is another than `day`'s."""
    same = at.astimezone(UTC).date() == day.astimezone(UTC).date()
    return at.astimezone(UTC).strftime("%H:%M") if same else date_time(at)


def exact(at: datetime) -> str:
    """ISO 8601 in UTC: 2026-03-02T14:05:09.250000Z, fractions only where there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def span(length: timedelta) -> str:
    """40 s, 33 min, 2 h 5 min, 3 days 4 h: as exact as anybody needs, rounded down."""
    seconds = max(0, int(length.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days >= 2:
        return f"{days} days {hours % 24} h" if hours % 24 else f"{days} days"
    if hours:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"
