"""Maintenance from files: an iCalendar file with its series, windows of services.yaml, and what is refused of both."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incident.catalogue import Service, drawn_up
from bot.incident.maintenance import Source
from bot.playbook.holdings import Holdings, read_holdings
from bot.playbook.maintenance_calendar import MaintenanceCalendar, parse_calendar
from bot.playbook.problems import LibraryProblems
from bot.playbook.services_file import parse_services

SHOP = drawn_up([Service(name="checkout"), Service(name="database", aliases=("postgres",))])
SERVICES = "services: {checkout: {}, database: {aliases: postgres}}\n"


def calendar(
    *lines: str, title: str = "postgres: new disks", begins: str = "DTSTART;TZID=Europe/Berlin:20261002T220000"
) -> str:
    event = ("BEGIN:VEVENT", "UID:1@x", f"SUMMARY:{title}", begins, *lines, "END:VEVENT")
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//", *event, "END:VCALENDAR", ""))


def read(text: str) -> MaintenanceCalendar:
    return parse_calendar(text, SHOP, source="playbooks/maintenance.ics")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def refused(text: str) -> str:
    with pytest.raises(LibraryProblems) as caught:
        read(text)
    return str(caught.value)


def test_an_event_is_a_window_of_the_services_before_the_colon() -> None:
    (window,) = read(calendar("DURATION:PT2H")).between(utc(2026, 10, 1), utc(2026, 10, 9))
    assert (window.services, window.why, window.source) == (("database",), "new disks", Source.CALENDAR)
    assert (window.begins_at, window.ends_at) == (utc(2026, 10, 2, 20), utc(2026, 10, 2, 22))


def test_categories_name_services_too() -> None:
    text = calendar("DTEND;TZID=Europe/Berlin:20261003T010000", "CATEGORIES:checkout,Postgres,blue", title="New disks")
    (window,) = read(text).between(utc(2026, 10, 1), utc(2026, 10, 9))
    assert (window.services, window.why) == (("checkout", "database"), "New disks")
    assert window.ends_at - window.begins_at == timedelta(hours=3)


def test_a_weekly_window_stays_at_its_hour_when_the_clocks_change() -> None:
    """On 25 October 2026 clocks in Berlin go back: 22:00 is 20:00 UTC before, and 21:00 UTC after."""
    text = calendar("DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=FR")
    found = read(text).between(utc(2026, 10, 20), utc(2026, 11, 2))
    assert [each.begins_at for each in found] == [utc(2026, 10, 23, 20), utc(2026, 10, 30, 21)]
    assert len({each.key for each in found}) == 2


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;COUNT=3", [2, 3, 4]),
        ("FREQ=DAILY;UNTIL=20261003T200000Z", [2, 3]),
        ("FREQ=WEEKLY;INTERVAL=2", [2, 16, 30]),
        ("FREQ=MONTHLY;BYDAY=2FR", [9]),
        ("FREQ=MONTHLY;BYMONTHDAY=15", [15]),
    ],
)
def test_ordinary_rules_are_worked_out(rule: str, days: list[int]) -> None:
    found = read(calendar("DURATION:PT1H", f"RRULE:{rule}")).between(utc(2026, 10, 1), utc(2026, 10, 31))
    assert [each.begins_at.day for each in found] == days


def test_a_time_that_is_left_out_is_no_window() -> None:
    text = calendar("DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20261003T220000")
    found = read(text).between(utc(2026, 10, 1), utc(2026, 10, 31))
    assert [each.begins_at.day for each in found] == [2, 4]


def test_a_window_that_has_begun_before_is_found() -> None:
    found = read(calendar("DURATION:PT4H", "RRULE:FREQ=DAILY")).between(utc(2026, 10, 9, 22), utc(2026, 10, 9, 22))
    assert [each.begins_at for each in found] == [utc(2026, 10, 9, 20)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            calendar("DURATION:PT1H", "RRULE:FREQ=HOURLY"),
            "“postgres: new disks” is repeated HOURLY, which is not",
        ),
        (calendar("DURATION:PT1H", "RRULE:FREQ=MONTHLY;BYSETPOS=-1;BYDAY=FR"), "is repeated by BYSETPOS, which is not"),
        (calendar("DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=5000"), "COUNT or INTERVAL that is not between 1 and 1000"),
        (calendar("DURATION:PT1H", "RDATE:20261101T220000Z"), "on dates of a list (RDATE), which is not read"),
        (calendar("DURATION:PT1H", "RECURRENCE-ID:20261009T200000Z"), "moves one time of a series"),
        (calendar("DURATION:P8D"), "is not between a minute and 7 days long"),
        (calendar(), "says neither when it ends nor how long it takes"),
        (calendar("DURATION:PT1H", begins="DTSTART;VALUE=DATE:20261002"), "has no time of day in DTSTART"),
        (calendar("DURATION:PT1H", begins="DTSTART:20261002T220000"), "names no time zone in DTSTART"),
        ("no calendar at all", "cannot be read as iCalendar"),
    ],
)
def test_what_is_not_read_is_refused_in_a_sentence(text: str, said: str) -> None:
    assert said in refused(text)


def test_an_event_without_a_service_is_passed_over_and_named() -> None:
    assert read(calendar("DURATION:PT1H", title="Birthday")).passed_over == ("Birthday",)
    assert read(calendar("DURATION:PT1H", title="lunch, checkout: out")).events == ()


def test_a_cancelled_event_is_no_window() -> None:
    assert read(calendar("DURATION:PT1H", "STATUS:CANCELLED")) == MaintenanceCalendar()


@given(st.text(max_size=300))
def test_whatever_stands_in_an_event_it_is_read_or_refused(text: str) -> None:
    with suppress(LibraryProblems):
        read(calendar(*text.splitlines()))


def holdings(policy: str, **files: str) -> Holdings:
    return read_holdings({"policy.yaml": policy, "services.yaml": SERVICES, **files})


def test_the_policy_names_the_calendar_and_other_calendars_are_for_people() -> None:
    text = calendar("DURATION:PT1H")
    assert len(holdings("maintenance_calendar: a/m.ics", **{"a/m.ics": text}).calendar.events) == 1
    assert holdings("", **{"a/m.ics": "not even one"}).calendar.events == ()


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("maintenance_calendar: gone.ics", "maintenance_calendar: gone.ics is no file of this folder"),
        ("maintenance_calendar: ../m.ics", "is no calendar in this folder"),
        ("maintenance_calendar: /etc/m.ics", "is no calendar in this folder"),
    ],
)
def test_a_calendar_is_a_file_of_the_folder(policy: str, said: str) -> None:
    with pytest.raises(LibraryProblems, match=said):
        holdings(policy)


def test_services_yaml_plans_windows_too() -> None:
    text = SERVICES + (
        "maintenance:\n  - {services: Check-Out, begins: 2026-12-01T22:00:00+01:00, ends: 2026-12-02T02:00:00+01:00}\n"
    ).replace("Check-Out", "checkout")
    _, (window,) = parse_services(text)
    assert (window.services, window.begins_at, window.source) == (("checkout",), utc(2026, 12, 1, 21), Source.CATALOGUE)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "{services: chekout, begins: 2026-12-01T22:00:00Z, ends: 2026-12-01T23:00:00Z}",
            "chekout is no service",
        ),
        ("{services: checkout, begins: 2026-12-01T22:00:00, ends: 2026-12-01T23:00:00Z}", "is no moment with its zone"),
        (
            "{services: checkout, begins: 2026-12-01T22:00:00Z, ends: 2026-12-01T21:00:00Z}",
            "is not between a minute and",
        ),
    ],
)
def test_a_window_that_cannot_be_is_a_mistake_with_its_line(line: str, said: str) -> None:
    with pytest.raises(LibraryProblems, match=said):
        parse_services(f"{SERVICES}maintenance:\n  - {line}\n")
