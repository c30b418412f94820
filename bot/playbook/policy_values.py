"""The single values of policy.yaml -> what the policy holds. Each raises ValueError with a sentence for its author."""

import re
from datetime import time, timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, StringConstraints

from bot.incident.closure import ReviewDuty
from bot.incident.issue import Tracking
from bot.incident.terms import EntryKind, UserId
from bot.incident.time_zones import zone_of
from bot.playbook import fields
from bot.playbook.problems import did_you_mean

_ROLE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_USER = re.compile(r"[UW][A-Z0-9]{5,}")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_DAYS = re.compile(r"(\d{1,3})\s*(?:d|days?)", re.ASCII | re.IGNORECASE)
_MOST_DAYS: Final = 90
_MANY_DAYS: Final = 999
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CALENDAR = re.compile(r"[\w-][\w. /-]{0,100}\.ics", re.IGNORECASE)
_EMOJI = re.compile(r"[^\s:]{1,100}")


def role_key(value: object) -> str:
    key = fields.text(value)
    if _ROLE.fullmatch(key) is None:
        raise ValueError(f"{key[:60]} is no role key; use small letters and underscores, as in communications_lead")
    return key


def user(value: object) -> UserId:
    user = fields.text(value)
    if _USER.fullmatch(user) is None:
        raise ValueError(f"{user[:60]} is no Slack user id; copy it from the person's profile (it begins with U or W)")
    return UserId(user)


def emoji(value: object) -> str:
    """`pushpin` and `:pushpin:` are the same."""
    name = fields.text(value)
    bare = name[1:-1] if name.startswith(":") and name.endswith(":") else name
    if _EMOJI.fullmatch(bare) is None:
        raise ValueError(f"{name[:60]} is no emoji name; write one such as pushpin")
    return bare


def tick(value: object) -> str:
    return "" if value in (None, False, "", "none", "never") else emoji(value)


def entry_kind(value: object) -> EntryKind:
    try:
        return EntryKind(fields.text(value).casefold().replace("_", " "))
    except ValueError:
        kinds = ", ".join(EntryKind)
        hint = did_you_mean(str(value), list(EntryKind))
        raise ValueError(f"{str(value)[:60]} is no kind of entry{hint or f'; use one of {kinds}'}") from None


def tracking(value: object) -> Tracking:
    try:
        return Tracking(fields.text(value).casefold().replace("_", " "))
    except ValueError:
        raise ValueError(f"{str(value)[:60]} is no choice here; use one of {', '.join(Tracking)}") from None


def weekday(value: object) -> int:
    name = fields.text(value).casefold()
    if name not in _WEEKDAYS:
        raise ValueError(
            f"{name[:60]} is no day of the week{did_you_mean(name, _WEEKDAYS) or '; write one such as monday'}"
        )
    return _WEEKDAYS.index(name)


def time_of_day(value: object) -> time:
    """YAML reads 10:30 without quotes as minutes: 630."""
    minutes = value if isinstance(value, int) and not isinstance(value, bool) else None
    found = _CLOCK.fullmatch(f"{minutes // 60}:{minutes % 60:02}" if minutes is not None else str(value))
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(f"{str(value)[:60]} is no time of day; write one such as 09:00")
    return time(int(found[1]), int(found[2]))


def days(value: object, most: int = _MOST_DAYS) -> timedelta:
    found = _DAYS.fullmatch(str(value))
    if found is None or int(found[1]) > most:
        raise ValueError(f"{str(value)[:60]} is no number of days; write 7d, {most}d at most")
    return timedelta(days=int(found[1]))


def days_or_never(value: object) -> timedelta | None:
    return None if value is None or value is False or value in ("never", "none") else days(value)


def number_of_people(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 50:
        raise ValueError(f"{str(value)[:60]} is no number of people; write one from 1 to 50")
    return value


def many_days(value: object) -> timedelta:
    return days(value, _MANY_DAYS)


def calendar(value: object) -> str:
    """A file inside the playbook folder, so that it is read and reviewed like all of it."""
    if value in (None, False, "", "none", "never"):
        return ""
    path = fields.text(value)
    if _CALENDAR.fullmatch(path) is None or ".." in path:
        raise ValueError(f"{path[:60]} is no calendar in this folder; name a file such as maintenance.ics")
    return path


def review_duty(value: object) -> ReviewDuty:
    """YAML reads none as text and nothing at all as null; both mean that there is none."""
    try:
        return ReviewDuty.NONE if value is None else ReviewDuty(fields.text(value).casefold())
    except ValueError:
        duties = ", ".join(ReviewDuty)
        hint = did_you_mean(str(value), list(ReviewDuty))
        raise ValueError(f"{str(value)[:60]} is nothing to ask of a review{hint or f'; use one of {duties}'}") from None


def zone(value: object) -> str:
    name = fields.text(value)
    if zone_of(name).key != name:
        raise ValueError(f"{name[:60]} is no time zone known here; write one such as Europe/Berlin")
    return name


Users = Annotated[
    tuple[Annotated[UserId, BeforeValidator(user)], ...],
    Field(max_length=100),
    BeforeValidator(fields.listed),
]
RoleTitle = Annotated[str, StringConstraints(min_length=1, max_length=75), BeforeValidator(fields.text)]
