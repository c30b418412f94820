"""An iCalendar file -> maintenance windows. Pure: it is given the text and reads nothing.

Weekly windows and the like are worked out; what is not read here is refused in a sentence, never guessed at: a window
at the wrong time keeps real alerts quiet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from dateutil.rrule import rrulestr
from icalendar import Calendar

from bot.incident.catalogue import Catalogue
from bot.incident.maintenance import LONGEST, Planned, Source
from bot.playbook.problems import Findings

MOST_EVENTS: Final = 500
_PARTS: Final = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL", "COUNT", "WKST"})
"""Parts of a rule (RFC 5545, 3.3.10) that are read; with these alone there is always a next time to be found soon."""
_FREQUENCIES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY"})
_MOST_TIMES: Final = 1000
"""COUNT, and INTERVAL too."""


_INSTEAD: Final = "write daily, weekly or monthly rules"


class _NotRead(Exception):  # noqa: N818 - it is what an event has that is not read here, in words
    """Its text ends the sentence that begins with the event's title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """`rule` empty: it happens once. `left_out`: beginnings that the calendar takes out of the rule."""

    uid: str
    services: tuple[str, ...]
    begins_at: datetime
    length: timedelta
    why: str
    rule: str = ""
    left_out: frozenset[datetime] = frozenset()

    def between(self, first: datetime, last: datetime) -> Iterator[Planned]:
        """Those that touch this while."""
        for begins_at in self._beginnings(first - self.length, last):
            begins, ends = begins_at.astimezone(UTC), (begins_at.astimezone(UTC) + self.length)
            if begins not in self.left_out and begins <= last and ends > first:
                yield Planned(
                    key=f"calendar:{self.uid}:{begins.isoformat()}",
                    services=self.services,
                    begins_at=begins,
                    ends_at=ends,
                    why=self.why,
                    source=Source.CALENDAR,
                )

    def _beginnings(self, first: datetime, last: datetime) -> Sequence[datetime]:
        """By the wall clock of its own zone, so that 22:00 stays 22:00 when the clocks change."""
        if not self.rule:
            return [self.begins_at]
        found: list[datetime] = rrulestr(self.rule, dtstart=self.begins_at).between(first, last, inc=True)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceCalendar:
    """`passed_over`: titles of events that name no service of the catalogue; nothing is quiet because of them."""

    events: tuple[CalendarEvent, ...] = ()
    passed_over: tuple[str, ...] = ()

    def between(self, first: datetime, last: datetime) -> list[Planned]:
        return [each for event in self.events for each in event.between(first, last)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    catalogue: Catalogue
    findings: Findings
    events: list[CalendarEvent] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def parse_calendar(text: str, catalogue: Catalogue, *, source: str) -> MaintenanceCalendar:
    """`source`: the file as its author knows it. Raises LibraryProblems, nothing else."""
    reading = _Reading(catalogue=catalogue, findings=Findings(source))
    try:
        found = list(Calendar.from_ical(text).walk("VEVENT"))
    except (ValueError, IndexError, KeyError, TypeError) as error:
        reading.findings.add(f"cannot be read as iCalendar: {str(error)[:200]}")
        raise reading.findings.as_error() from None
    if len(found) > MOST_EVENTS:
        reading.findings.add(f"holds {len(found)} events, at most {MOST_EVENTS} are read")
    for event in found[:MOST_EVENTS]:
        _read(event, reading)
    reading.findings.stop_if_any()
    return MaintenanceCalendar(events=tuple(reading.events), passed_over=tuple(reading.passed_over))


def _read(event: Any, reading: _Reading) -> None:
    broken = [str(name or "a line") for name, _ in event.errors]
    if broken:
        reading.findings.add(f"an event has a {broken[0]} that cannot be read")
        return
    title = " ".join(str(event.get("SUMMARY", "")).split())[:200]
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    services, why = _services(event, title, reading.catalogue)
    if not services:
        reading.passed_over.append(title or str(event.get("UID", ""))[:75])
        return
    try:
        reading.events.append(_event(event, services, why))
    except _NotRead as error:
        reading.findings.add(f"“{title}” {error}")


def _services(event: Any, title: str, catalogue: Catalogue) -> tuple[tuple[str, ...], str]:
    """Its categories name services, else what stands before the colon in its title: `checkout, search: new disks`."""
    named, colon, rest = title.partition(":")
    categories = _categories(event)
    found = [catalogue.find(each) for each in (categories or (named.split(",") if colon else [title]))]
    services = tuple(dict.fromkeys(each.name for each in found if each))
    if categories:
        return services, title
    return (services, rest.strip()) if all(found) else ((), "")


def _categories(event: Any) -> list[str]:
    found = event.get("CATEGORIES", [])
    listed = found if isinstance(found, list) else [found]
    return [str(name).strip() for each in listed for name in getattr(each, "cats", [each]) if str(name).strip()]


def _event(event: Any, services: tuple[str, ...], why: str) -> CalendarEvent:
    """Raises _NotRead."""
    if "RECURRENCE-ID" in event:
        raise _NotRead("moves one time of a series; leave that time out (EXDATE) and give it an event of its own")
    if "RDATE" in event:
        raise _NotRead("is repeated on dates of a list (RDATE), which is not read; give each an event of its own")
    begins_at = _moment(event, "DTSTART")
    length = _length(event, begins_at)
    if not timedelta(0) < length <= LONGEST:
        raise _NotRead("is not between a minute and 7 days long")
    return CalendarEvent(
        uid=str(event.get("UID", ""))[:200],
        services=services,
        begins_at=begins_at,
        length=length,
        why=why[:500],
        rule=_rule(event),
        left_out=frozenset(_left_out(event)),
    )


def _moment(event: Any, name: str) -> datetime:
    found = getattr(event.get(name), "dt", None)
    if not isinstance(found, datetime):
        raise _NotRead(f"has no time of day in {name}; a window begins and ends at some hour")
    if found.tzinfo is None:
        raise _NotRead(f"names no time zone in {name}, so nobody knows when that is")
    return found


def _length(event: Any, begins_at: datetime) -> timedelta:
    if "DTEND" in event:
        return _moment(event, "DTEND").astimezone(UTC) - begins_at.astimezone(UTC)
    found = getattr(event.get("DURATION"), "dt", None)
    if not isinstance(found, timedelta):
        raise _NotRead("says neither when it ends nor how long it takes")
    return found


def _rule(event: Any) -> str:
    found = event.get("RRULE")
    if found is None:
        return ""
    if isinstance(found, list):
        raise _NotRead("is repeated by two rules (RRULE), which is not read")
    unknown = sorted({str(part).upper() for part in found} - _PARTS)
    if unknown:
        raise _NotRead(f"is repeated by {', '.join(unknown)}, which is not read; write daily, weekly or monthly rules")
    frequency = str(found.get("FREQ", [""])[0]).upper()
    if frequency not in _FREQUENCIES:
        raise _NotRead(f"is repeated {frequency or 'without FREQ'}, which is not read; write daily, weekly or monthly")
    if any(not 0 < int(number) <= _MOST_TIMES for part in ("COUNT", "INTERVAL") for number in found.get(part, [])):
        raise _NotRead(f"is repeated by a COUNT or INTERVAL that is not between 1 and {_MOST_TIMES}")
    rule: str = found.to_ical().decode()
    try:
        rrulestr(rule, dtstart=_moment(event, "DTSTART"))
    except ValueError as error:
        raise _NotRead(f"is repeated by a rule that cannot be read: {str(error)[:100]}") from None
    return rule


def _left_out(event: Any) -> Iterator[datetime]:
    found = event.get("EXDATE", [])
    for each in found if isinstance(found, list) else [found]:
        for one in getattr(each, "dts", ()):
            if not isinstance(one.dt, datetime) or one.dt.tzinfo is None:
                raise _NotRead("leaves out a date (EXDATE) without its time and zone")
            yield one.dt.astimezone(UTC)
