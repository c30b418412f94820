"""What calendars are given, read again by a library that did not write it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.calendar.appointment import Mailbox
from bot.calendar.icalendar_file import invitation, method_of, publication, removal
from bot.calendar.plain_text import lines, one_line
from tests.calendar.appointments import ADA, BOOKED_AT, appointment, event_of, property_names, reread

HOSTILE: Final = (
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Other",
    "x\nATTENDEE:mailto:mallory@example.org",
    "x\\nATTENDEE:mailto:mallory@example.org",
    'Ada";X=1:mailto:mallory@example.org',
    "a;b,c:d\\N^n^'\\",
    "x\u2028ATTENDEE:mailto:mallory@example.org\x85Y\x0bZ\x0cW\x1cV",
    "\ud800\x00\x1b[31m\x7f",
    "ä" * 100,
    "\\" * 200,
)
ANYTHING: Final = st.one_of(st.text(), st.sampled_from(HOSTILE), st.builds("".join, st.lists(st.sampled_from(HOSTILE))))
PROPERTIES: Final = [
    *("attendee", "class", "description", "dtend", "dtstamp", "dtstart", "organizer", "sequence", "status", "summary"),
    *("uid", "url"),
]


def test_an_invitation_says_when_what_and_who() -> None:
    event = event_of(invitation(appointment(), BOOKED_AT))
    assert event.dtstart.value == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert event.dtend.value - event.dtstart.value == timedelta(minutes=45)
    assert event.dtstamp.value == BOOKED_AT
    assert event.summary.value == "Review of INC-42: Checkout returns 500"
    assert event.organizer.value == "mailto:muster@example.org"
    assert [each.value for each in event.attendee_list] == ["mailto:ada@example.org", "mailto:ben@example.org"]
    assert event.attendee.params["RSVP"] == ["TRUE"]
    assert event.attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]


def test_times_are_written_as_utc_whatever_zone_they_came_in() -> None:
    in_delhi = datetime(2026, 11, 24, 14, 30, 0, 999_999, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    written = invitation(appointment(start=in_delhi), BOOKED_AT)
    assert b"DTSTART:20261124T090000Z\r\n" in written
    assert b"VTIMEZONE" not in written


def test_a_moved_meeting_keeps_its_uid_and_has_a_higher_sequence() -> None:
    first, moved = (event_of(invitation(appointment(sequence=number), BOOKED_AT)) for number in (0, 1))
    assert first.uid.value == moved.uid.value
    assert [int(each.sequence.value) for each in (first, moved)] == [0, 1]


def test_a_cancelled_meeting_is_told_by_cancel_and_asks_nobody_to_answer() -> None:
    written = invitation(appointment(cancelled=True, sequence=2), BOOKED_AT)
    assert reread(written).method.value == method_of(appointment(cancelled=True)) == "CANCEL"
    event = event_of(written)
    assert event.status.value == "CANCELLED"
    assert "RSVP" not in event.attendee.params


def test_whoever_is_taken_off_is_not_told_that_the_meeting_is_cancelled() -> None:
    written = removal(appointment(attendees=(ADA,), sequence=1), BOOKED_AT)
    assert reread(written).method.value == "CANCEL"
    assert "status" not in property_names(event_of(written))
    assert event_of(written).attendee.value == "mailto:ada@example.org"


def test_a_file_for_everybody_names_no_attendee() -> None:
    written = publication(appointment(), BOOKED_AT)
    assert reread(written).method.value == "PUBLISH"
    assert b"ATTENDEE" not in written
    assert b"ada" not in written
    assert reread(publication(appointment(cancelled=True), BOOKED_AT)).method.value == "CANCEL"


def test_a_confidential_meeting_asks_other_readers_of_the_calendar_to_look_away() -> None:
    assert event_of(publication(appointment(confidential=True), BOOKED_AT)).__getattr__("class").value == "CONFIDENTIAL"


def test_the_same_meeting_is_written_the_same() -> None:
    assert invitation(appointment(), BOOKED_AT) == invitation(appointment(), BOOKED_AT)


@settings(deadline=None, derandomize=True, database=None)
@given(texts=st.tuples(*[ANYTHING] * 6))
@example(texts=("",) * 6)
def test_no_text_adds_a_property_or_an_event(texts: tuple[str, ...]) -> None:
    title, description, uid, url, address, name = texts
    hostile = Mailbox(address=address, name=name)
    asked = appointment(title=title, description=description, uid=uid, url=url, organiser=hostile, attendees=(hostile,))
    for write in (invitation, removal, publication):
        event = event_of(write(asked, BOOKED_AT))
        assert set(property_names(event)) <= {each.upper() for each in PROPERTIES}
        assert len(property_names(event)) == len(set(property_names(event)))
        assert list(event.components()) == []


@settings(deadline=None, derandomize=True, database=None)
@given(title=ANYTHING, description=ANYTHING)
def test_text_reads_back_as_it_was_written(title: str, description: str) -> None:
    event = event_of(invitation(appointment(title=title, description=f"> {description}"), BOOKED_AT))
    assert event.summary.value == one_line(title)
    assert event.description.value == lines(f"> {description}")


@settings(deadline=None, derandomize=True, database=None)
@given(name=ANYTHING)
def test_a_name_stays_within_its_parameter(name: str) -> None:
    event = event_of(invitation(appointment(attendees=(Mailbox(address="ada@example.org", name=name),)), BOOKED_AT))
    assert event.attendee.value == "mailto:ada@example.org"
    assert set(event.attendee.params) <= {"CN", "CUTYPE", "PARTSTAT", "ROLE", "RSVP"}


@settings(deadline=None, derandomize=True, database=None)
@given(title=ANYTHING, name=ANYTHING)
def test_every_line_ends_in_crlf_and_has_at_most_75_octets(title: str, name: str) -> None:
    written = invitation(appointment(title=title, attendees=(Mailbox(address="a@b.c", name=name),)), BOOKED_AT)
    *told, rest = written.split(b"\r\n")
    assert rest == b""
    assert all(len(line) <= 75 and not {b"\r"[0], b"\n"[0]} & set(line) for line in told)


@pytest.mark.parametrize("typed", ["D:\\News", "a, b; c", 'say "hi"', "100 % – ja", "^n"])
def test_what_people_type_reads_back(typed: str) -> None:
    assert event_of(invitation(appointment(title=typed), BOOKED_AT)).summary.value == typed
